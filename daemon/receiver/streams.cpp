#include "receiver/streams.hpp"

#include <algorithm>
#include <utility>

#include "receiver/received_file.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

Result<void> add_ranges(sqlite::Statement& select, std::int64_t stream, Progress& progress) {
  select.bind(1, stream);
  auto more = select.step();
  for (; more && *more; more = select.step()) {
    progress.add(SeqRange{sequence_in(select, 0), sequence_in(select, 1)});
  }
  if (!more) return more.error();
  return {};
}

}  // namespace

Result<void> Streams::prepare(sqlite::Database& database) {
  const sqlite::Database::Wanted wanted[] = {
      {&find_gateway_, sql::kFindGateway}, {&add_gateway_, sql::kAddGateway},
      {&save_gateway_, sql::kSaveGateway}, {&find_stream_, sql::kFindStream},
      {&add_stream_, sql::kAddStream},     {&save_stream_, sql::kSaveStream},
      {&open_epochs_, sql::kOpenEpochs},   {&gaps_of_, sql::kGapsOf},
      {&missing_of_, sql::kMissingOf},     {&sequences_after_, sql::kSequencesAfter},
      {&newest_, sql::kNewestStream},
  };
  return database.prepare_all(wanted);
}

void Streams::forget() {
  gateways_.clear();
  streams_.clear();
  lineage_->forget();
}

bool Streams::is_large() const {
  return streams_.size() > kMostCached || gateways_.size() > kMostCached ||
         lineage_->cached() > 2 * kMostCached;
}

Result<Gateway*> Streams::gateway_of(const ReadMessage& message) {
  const auto known = gateways_.find(message.source);
  if (known != gateways_.end()) {
    // A gateway that moved to another area is the same gateway.
    if (known->second.prefix != message.prefix) known->second.prefix = message.prefix;
    return &known->second;
  }
  Gateway gateway;
  find_gateway_.bind(1, message.source);
  const auto row = find_gateway_.step();
  if (!row) return row.error();
  if (*row) {
    gateway.id = find_gateway_.integer(0);
    gateway.state = find_gateway_.text(2);
    gateway.epoch = find_gateway_.text(3);
    gateway.state_since = find_gateway_.integer(4);
    gateway.last_event_at = find_gateway_.integer(5);
    for (std::size_t i = 0; i < kEventClassCount; ++i) {
      gateway.first[i] = sequence_in(find_gateway_, 6 + static_cast<int>(i));
      gateway.oldest[i] = sequence_in(find_gateway_, 10 + static_cast<int>(i));
    }
    gateway.has_branches = find_gateway_.integer(14) > 0;
    gateway.previous = find_gateway_.text(15);
    find_gateway_.reset();
  } else {
    add_gateway_.bind(1, message.source);
    add_gateway_.bind(2, message.prefix);
    add_gateway_.bind(3, now_);
    const auto id = inserted_id(add_gateway_);
    if (!id) return id.error();
    gateway.id = *id;
  }
  gateway.source = message.source;
  gateway.prefix = message.prefix;
  return &gateways_.emplace(message.source, std::move(gateway)).first->second;
}

Result<bool> Streams::find(const StreamKey& key, Stream& stream) {
  find_stream_.bind(1, key.gateway);
  find_stream_.bind(2, key.epoch);
  find_stream_.bind(3, static_cast<std::int64_t>(key.event_class));
  const auto row = find_stream_.step();
  if (!row) return row.error();
  if (!*row) return false;
  stream.id = find_stream_.integer(0);
  stream.begins = sequence_in(find_stream_, 1);
  stream.progress = Progress(sequence_in(find_stream_, 2));
  stream.highest = sequence_in(find_stream_, 3);
  stream.received = static_cast<std::uint64_t>(find_stream_.integer(4));
  stream.repeats = static_cast<std::uint64_t>(find_stream_.integer(5));
  find_stream_.reset();
  if (auto rebuilt = rebuild(stream); !rebuilt) return rebuilt.error();
  return true;
}

Result<Stream*> Streams::known(const Gateway& gateway, const Epoch& epoch, EventClass event_class) {
  StreamKey key{gateway.id, event_class, epoch};
  if (const auto cached = streams_.find(key); cached != streams_.end()) {
    if (cached->second.prefix != gateway.prefix) cached->second.prefix = gateway.prefix;
    return &cached->second;
  }
  Stream stream;
  stream.prefix = gateway.prefix;
  stream.epoch = epoch;
  stream.event_class = event_class;
  const auto found = find(key, stream);
  if (!found) return found.error();
  if (!*found) return nullptr;
  return &streams_.emplace(std::move(key), std::move(stream)).first->second;
}

Result<Stream*> Streams::stream_of(const Gateway& gateway, const Epoch& epoch,
                                   EventClass event_class) {
  const auto found = known(gateway, epoch, event_class);
  if (!found || *found != nullptr) return found;
  Stream stream;
  stream.prefix = gateway.prefix;
  stream.epoch = epoch;
  stream.event_class = event_class;
  if (auto begun = begin_stream(gateway, stream); !begun) return begun.error();
  return &streams_.emplace(StreamKey{gateway.id, event_class, epoch}, std::move(stream))
              .first->second;
}

// Where nobody said where the epoch begins: an earlier one, of which nothing below what the gateway
// still sends will ever come.
Result<void> Streams::begin_stream(const Gateway& gateway, Stream& stream) {
  const auto i = index_of(stream.event_class);
  const auto begin = lineage_->find(gateway.id, stream.epoch);
  if (!begin) return begin.error();
  if (!*begin && gateway.epoch == stream.epoch) {
    const EpochNotice taken{stream.epoch, gateway.previous, gateway.first, {}};
    auto learned = lineage_->learn(gateway.id, taken, Lineage::Source::taken);
    if (!learned) return learned;
  }
  if (*begin && (*begin)->first[i] > Seq{}) {
    stream.begins = (*begin)->first[i];
  } else if (gateway.epoch != stream.epoch) {
    stream.begins = std::max(gateway.oldest[i], Seq{1});
  } else {
    stream.begins = std::max(gateway.first[i], Seq{1});
  }
  stream.progress = Progress(Seq{stream.begins.value - 1});
  add_stream_.bind(1, gateway.id);
  add_stream_.bind(2, stream.epoch);
  add_stream_.bind(3, static_cast<std::int64_t>(stream.event_class));
  add_stream_.bind(4, number_of(stream.begins));
  const auto id = inserted_id(add_stream_);
  if (!id) return id.error();
  stream.id = *id;
  return {};
}

Result<std::vector<Epoch>> Streams::open_epochs(const Gateway& gateway, EventClass event_class) {
  if (auto written = write_changed(); !written) return written.error();
  std::vector<Epoch> open;
  open_epochs_.bind(1, gateway.id);
  open_epochs_.bind(2, static_cast<std::int64_t>(event_class));
  auto more = open_epochs_.step();
  for (; more && *more; more = open_epochs_.step()) open.emplace_back(open_epochs_.text(0));
  if (!more) return more.error();
  return open;
}

Result<Stream*> Streams::newest(const Gateway& gateway, EventClass event_class) {
  if (auto written = write_changed(); !written) return written.error();
  newest_.bind(1, gateway.id);
  newest_.bind(2, static_cast<std::int64_t>(event_class));
  const auto row = newest_.step();
  if (!row) return row.error();
  if (!*row) return nullptr;
  const Epoch epoch(newest_.text(0));
  newest_.reset();
  return known(gateway, epoch, event_class);
}

Result<void> Streams::rebuild(Stream& stream) {
  Progress progress(stream.progress.contiguous());
  if (auto added = add_ranges(gaps_of_, stream.id, progress); !added) return added;
  if (auto added = add_ranges(missing_of_, stream.id, progress); !added) return added;
  sequences_after_.bind(1, stream.id);
  sequences_after_.bind(2, number_of(progress.contiguous()));
  auto more = sequences_after_.step();
  for (; more && *more; more = sequences_after_.step()) {
    progress.add(sequence_in(sequences_after_, 0));
    // The lowest are known now; the rest is read when these have joined.
    if (progress.is_partial()) break;
  }
  if (!more) return more.error();
  sequences_after_.reset();
  stream.progress = std::move(progress);
  return {};
}

Result<void> Streams::save(Gateway& gateway) {
  save_gateway_.bind(1, gateway.id);
  save_gateway_.bind(2, gateway.prefix);
  save_gateway_.bind(3, gateway.state);
  save_gateway_.bind(4, gateway.epoch);
  save_gateway_.bind(5, now_);
  save_gateway_.bind(6, gateway.state_since);
  save_gateway_.bind(7, gateway.last_event_at);
  save_gateway_.bind(16, gateway.previous);
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    save_gateway_.bind(8 + static_cast<int>(i), number_of(gateway.first[i]));
    save_gateway_.bind(12 + static_cast<int>(i), number_of(gateway.oldest[i]));
  }
  gateway.touched = false;
  return save_gateway_.run();
}

Result<void> Streams::save(Stream& stream) {
  if (stream.progress.wants_rebuilding()) {
    if (auto rebuilt = rebuild(stream); !rebuilt) return rebuilt;
  }
  save_stream_.bind(1, stream.id);
  save_stream_.bind(2, number_of(stream.begins));
  save_stream_.bind(3, number_of(stream.progress.contiguous()));
  save_stream_.bind(4, number_of(stream.highest));
  save_stream_.bind(5, static_cast<std::int64_t>(stream.received));
  save_stream_.bind(6, static_cast<std::int64_t>(stream.repeats));
  stream.is_changed = false;
  return save_stream_.run();
}

Result<void> Streams::write_changed() {
  for (auto& [source, gateway] : gateways_) {
    if (!gateway.touched) continue;
    if (auto saved = save(gateway); !saved) return saved;
  }
  for (auto& [key, stream] : streams_) {
    if (!stream.is_changed) continue;
    if (auto saved = save(stream); !saved) return saved;
  }
  return {};
}

Result<void> Streams::save(std::vector<Receipt>& receipts) {
  if (auto written = write_changed(); !written) return written;
  for (auto& [key, stream] : streams_) {
    if (!std::exchange(stream.wants_receipt, false)) continue;
    // Nothing of this epoch yet: there is nothing to confirm.
    if (stream.progress.contiguous() < stream.begins) continue;
    receipts.push_back(
        {stream.prefix, stream.epoch, stream.event_class, stream.progress.contiguous()});
  }
  return {};
}

}  // namespace watchpost::receiver
