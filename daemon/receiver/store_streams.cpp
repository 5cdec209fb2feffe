// What Store keeps in memory of gateways and streams, and how it is read back from the file.
#include <algorithm>

#include "receiver/statements.hpp"
#include "receiver/store.hpp"

namespace watchpost::receiver {
namespace {

Seq sequence_in(const sqlite::Statement& row, int column) {
  return Seq{static_cast<std::uint64_t>(row.integer(column))};
}

// The id of a row just inserted. A statement that returns rows is done only after one more step.
Result<std::int64_t> inserted_id(sqlite::Statement& insert) {
  const auto row = insert.step();
  if (!row) return row.error();
  const std::int64_t id = insert.integer(0);
  if (const auto done = insert.step(); !done) return done.error();
  return id;
}

Result<void> add_ranges(sqlite::Statement& select, std::int64_t stream, Progress& progress) {
  select.bind(1, stream);
  auto more = select.step();
  for (; more && *more; more = select.step()) {
    progress.add(Range{sequence_in(select, 0), sequence_in(select, 1)});
  }
  if (!more) return more.error();
  return {};
}

}  // namespace

Result<Store::Gateway*> Store::gateway_of(const ReadMessage& message) {
  const auto known = gateways_.find(message.source);
  if (known != gateways_.end()) {
    // A gateway that moved to another area is the same gateway.
    if (known->second.prefix != message.prefix) known->second.prefix = message.prefix;
    known->second.touched = true;
    return &known->second;
  }
  Gateway gateway;
  sqlite::Statement& find = statements_.find_gateway;
  find.bind(1, message.source);
  const auto row = find.step();
  if (!row) return row.error();
  if (*row) {
    gateway.id = find.integer(0);
    gateway.state = find.text(2);
    gateway.epoch = find.text(3);
    find.reset();
  } else {
    sqlite::Statement& add = statements_.add_gateway;
    add.bind(1, message.source);
    add.bind(2, message.prefix);
    add.bind(3, now_);
    const auto id = inserted_id(add);
    if (!id) return id.error();
    gateway.id = *id;
  }
  gateway.prefix = message.prefix;
  gateway.touched = true;
  return &gateways_.emplace(message.source, std::move(gateway)).first->second;
}

Result<Store::Stream*> Store::stream_of(const Gateway& gateway, const Epoch& epoch,
                                        EventClass event_class) {
  const StreamKey key{gateway.id, event_class, epoch};
  if (const auto known = streams_.find(key); known != streams_.end()) {
    if (known->second.prefix != gateway.prefix) known->second.prefix = gateway.prefix;
    return &known->second;
  }
  Stream stream;
  stream.prefix = gateway.prefix;
  stream.epoch = epoch;
  stream.event_class = event_class;
  sqlite::Statement& find = statements_.find_stream;
  find.bind(1, gateway.id);
  find.bind(2, epoch);
  find.bind(3, static_cast<std::int64_t>(event_class));
  const auto row = find.step();
  if (!row) return row.error();
  if (*row) {
    stream.id = find.integer(0);
    stream.begins = sequence_in(find, 1);
    stream.oldest = sequence_in(find, 2);
    stream.progress = Progress(sequence_in(find, 3));
    stream.highest = sequence_in(find, 4);
    stream.received = static_cast<std::uint64_t>(find.integer(5));
    stream.repeats = static_cast<std::uint64_t>(find.integer(6));
    find.reset();
    if (auto rebuilt = rebuild(stream); !rebuilt) return rebuilt.error();
  } else if (auto begun = begin_stream(gateway, stream); !begun) {
    return begun.error();
  }
  return &streams_.emplace(key, std::move(stream)).first->second;
}

Result<std::vector<Epoch>> Store::other_epochs(const Gateway& gateway, const Epoch& than) {
  std::vector<Epoch> others;
  sqlite::Statement& epochs = statements_.epochs_of;
  epochs.bind(1, gateway.id);
  auto more = epochs.step();
  for (; more && *more; more = epochs.step()) {
    if (epochs.text(0) != than) others.emplace_back(epochs.text(0));
  }
  if (!more) return more.error();
  return others;
}

// Rows of an earlier epoch that a repaired store still sends: nothing below what the gateway said
// will ever come.
Result<void> Store::begin_stream(const Gateway& gateway, Stream& stream) {
  if (!gateway.epoch.empty() && gateway.epoch != stream.epoch) {
    const auto present = stream_of(gateway, gateway.epoch, stream.event_class);
    if (!present) return present.error();
    if ((*present)->oldest.value > 0) stream.begins = (*present)->oldest;
    stream.progress = Progress(Seq{stream.begins.value - 1});
  }
  sqlite::Statement& add = statements_.add_stream;
  add.bind(1, gateway.id);
  add.bind(2, stream.epoch);
  add.bind(3, static_cast<std::int64_t>(stream.event_class));
  add.bind(4, static_cast<std::int64_t>(stream.begins.value));
  const auto id = inserted_id(add);
  if (!id) return id.error();
  stream.id = *id;
  return inherit_gaps(gateway, stream);
}

// Gaps that the gateway told of under its present epoch although they are older.
Result<void> Store::inherit_gaps(const Gateway& gateway, Stream& stream) {
  if (gateway.epoch.empty() || gateway.epoch == stream.epoch) return {};
  const auto present = stream_of(gateway, gateway.epoch, stream.event_class);
  if (!present) return present.error();
  const Seq begins = (*present)->begins;
  std::vector<GapNotice> older;
  sqlite::Statement& gaps = statements_.gaps_of;
  gaps.bind(1, (*present)->id);
  auto more = gaps.step();
  for (; more && *more; more = gaps.step()) {
    const Range range{sequence_in(gaps, 0), std::min(sequence_in(gaps, 1), Seq{begins.value - 1})};
    if (range.first > range.last) break;
    older.push_back({stream.epoch, stream.event_class, range, std::string(gaps.text(2))});
  }
  if (!more) return more.error();
  gaps.reset();
  for (const GapNotice& gap : older) {
    if (auto noted = note_gap(stream, gap); !noted) return noted;
  }
  return {};
}

// The first event we have; beyond all others where there is none.
Result<Seq> Store::lowest_of(const Stream& stream) {
  sqlite::Statement& select = statements_.lowest_of;
  select.bind(1, stream.id);
  const auto row = select.step();
  if (!row) return row.error();
  const Seq lowest = *row ? sequence_in(select, 0) : Seq{~std::uint64_t{0}};
  select.reset();
  return lowest;
}

Result<void> Store::rebuild(Stream& stream) {
  Progress progress(stream.progress.contiguous());
  if (auto added = add_ranges(statements_.gaps_of, stream.id, progress); !added) return added;
  if (auto added = add_ranges(statements_.missing_of, stream.id, progress); !added) return added;
  sqlite::Statement& select = statements_.sequences_after;
  select.bind(1, stream.id);
  select.bind(2, static_cast<std::int64_t>(progress.contiguous().value));
  auto more = select.step();
  for (; more && *more; more = select.step()) {
    progress.add(sequence_in(select, 0));
    // The lowest are known now; the rest is read when these have joined.
    if (progress.is_partial()) break;
  }
  if (!more) return more.error();
  select.reset();
  stream.progress = std::move(progress);
  return {};
}

}  // namespace watchpost::receiver
