#include "receiver/store.hpp"

#include <algorithm>

#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

constexpr std::size_t kMostHolesNoted = 10'000;

std::int64_t number(Seq sequence) {
  return static_cast<std::int64_t>(sequence.value);
}

}  // namespace

void Store::forget() {
  gateways_.clear();
  streams_.clear();
}

Result<Kept> Store::keep(std::span<const Message> messages, WallTime now) {
  if (streams_.size() > kMostCached || gateways_.size() > kMostCached) forget();
  if (auto ready = make_ready(); !ready) return ready.error();
  now_ = now.time_since_epoch().count();
  Kept kept;
  auto written = statements_.begin.run();
  if (written) written = write(messages, kept);
  if (written) written = statements_.commit.run();
  if (written) written = is_ours();
  if (!written) return give_back(written.error());
  move_wal();
  return kept;
}

Result<void> Store::write(std::span<const Message> messages, Kept& kept) {
  for (const Message& message : messages) {
    if (auto taken = take(message, kept); !taken) return taken;
  }
  return save_touched(kept);
}

Result<void> Store::take(const Message& message, Kept& kept) {
  std::string room;
  const auto text = text_of(message.payload, message.encoding, room);
  const auto read = text ? read_message(message.topic, *text) : Result<ReadMessage>(text.error());
  if (!read) {
    ++kept.unreadable;
    return keep_unreadable(message, read.error().what);
  }
  if (read->readings.empty()) return {};
  const auto gateway = gateway_of(*read);
  if (!gateway) return gateway.error();
  for (const Reading& reading : read->readings) {
    const auto* const state = std::get_if<GatewayState>(&reading);
    auto taken = state != nullptr ? take(**gateway, *state)
                                  : take(**gateway, std::get<ReceivedEvent>(reading), kept);
    if (!taken) return taken;
  }
  return {};
}

Result<void> Store::take(Gateway& gateway, const ReceivedEvent& event, Kept& kept) {
  auto found = stream_of(gateway, event.key.epoch, event.key.event_class);
  if (!found) return found.error();
  Stream& stream = **found;
  stream.touched = true;
  sqlite::Statement& add = statements_.add_event;
  add.bind(1, stream.id);
  add.bind(2, number(event.key.sequence));
  add.bind(3, now_);
  add.bind(4, event.type);
  add.bind(5, event.subject);
  add.bind(6, event.time);
  add.bind(7, event.text);
  if (auto added = add.run(); !added) return added;
  if (database_.changes() == 0) {
    ++stream.repeats;
    ++kept.repeats;
    const auto same = is_same(stream, event);
    if (!same) return same.error();
    if (*same) return {};
    ++kept.unreadable;
    return keep_unreadable({gateway.prefix, std::string(event.text)},
                           "another event was stored before under the same source and id");
  }
  ++stream.received;
  ++kept.events;
  stream.highest = std::max(stream.highest, event.key.sequence);
  stream.progress.add(event.key.sequence);
  return event.gap ? note_gap(gateway, *event.gap) : Result<void>{};
}

Result<bool> Store::is_same(const Stream& stream, const ReceivedEvent& event) {
  sqlite::Statement& body = statements_.body_of;
  body.bind(1, stream.id);
  body.bind(2, number(event.key.sequence));
  const auto row = body.step();
  if (!row) return row.error();
  const bool same = *row && body.text(0) == event.text;
  body.reset();
  return same;
}

Result<void> Store::note_gap(const Gateway& gateway, const GapNotice& gap) {
  auto named = stream_of(gateway, gap.epoch, gap.event_class);
  if (!named) return named.error();
  if (auto noted = note_gap(**named, gap); !noted) return noted;
  const Seq begins = (*named)->begins;
  if (gap.range.first >= begins) return {};
  // Numbers go on over the epochs: the gateway could not tell which of the earlier ones it was.
  const auto earlier = other_epochs(gateway, gap.epoch);
  if (!earlier) return earlier.error();
  GapNotice part = gap;
  part.range.last = std::min(gap.range.last, Seq{begins.value - 1});
  for (const Epoch& epoch : *earlier) {
    auto stream = stream_of(gateway, epoch, gap.event_class);
    if (!stream) return stream.error();
    if ((*stream)->begins >= begins) continue;
    if (auto noted = note_gap(**stream, part); !noted) return noted;
  }
  return {};
}

Result<void> Store::note_gap(Stream& stream, const GapNotice& gap) {
  sqlite::Statement& add = statements_.add_gap;
  add.bind(1, stream.id);
  add.bind(2, number(gap.range.first));
  add.bind(3, number(gap.range.last));
  add.bind(4, gap.reason);
  add.bind(5, now_);
  if (auto added = add.run(); !added) return added;
  stream.progress.add(gap.range);
  stream.touched = true;
  return {};
}

Result<void> Store::take(Gateway& gateway, const GatewayState& state) {
  gateway.touched = true;
  gateway.state = state.state;
  if (state.epoch.empty()) return {};
  gateway.epoch = state.epoch;
  for (const EventClass event_class : kEventClasses) {
    if (auto taken = take_positions(gateway, event_class, state); !taken) return taken;
  }
  return {};
}

// Of the present epoch, and of the earlier ones whose rows are still on their way.
Result<void> Store::take_positions(const Gateway& gateway, EventClass event_class,
                                   const GatewayState& state) {
  const Seq first = state.first[index_of(event_class)];
  const Seq oldest = state.oldest[index_of(event_class)];
  auto present = stream_of(gateway, state.epoch, event_class);
  if (!present) return present.error();
  Stream& stream = **present;
  stream.touched = true;
  if (first.value > 0) {
    stream.begins = first;
    stream.progress.add(Range{Seq{1}, Seq{first.value - 1}});
  }
  if (oldest.value == 0) return {};
  stream.oldest = oldest;
  if (auto noted = note_missing(stream, Seq{oldest.value - 1}); !noted) return noted;
  const auto earlier = other_epochs(gateway, state.epoch);
  if (!earlier) return earlier.error();
  for (const Epoch& epoch : *earlier) {
    auto old = stream_of(gateway, epoch, event_class);
    if (!old) return old.error();
    (*old)->touched = true;
    const Seq last = std::min((*old)->highest, Seq{oldest.value - 1});
    if (auto noted = note_missing(**old, last); !noted) return noted;
  }
  return {};
}

Result<void> Store::note_missing(Stream& stream, Seq last) {
  const auto lowest = lowest_of(stream);
  if (!lowest) return lowest.error();
  for (const Range& hole : stream.progress.holes(last, kMostHolesNoted)) {
    // What the gateway said when we began may have been old: retained since it last connected.
    const bool before = hole.last < *lowest;
    sqlite::Statement& add = statements_.add_missing;
    add.bind(1, stream.id);
    add.bind(2, number(hole.first));
    add.bind(3, number(hole.last));
    add.bind(4, before ? "before" : "lost");
    add.bind(5, now_);
    if (auto added = add.run(); !added) return added;
    stream.progress.add(hole);
  }
  return {};
}

Result<void> Store::keep_unreadable(const Message& message, std::string_view reason) {
  sqlite::Statement& add = statements_.add_unreadable;
  add.bind(1, now_);
  add.bind(2, message.topic);
  add.bind(3, reason);
  add.bind_bytes(4, std::string_view(message.payload).substr(0, kMostUnreadableBytes));
  const auto row = add.step();
  if (!row) return row.error();
  const std::int64_t id = add.integer(0);
  // Its row was the answer: the statement is done only after one more step.
  if (const auto done = add.step(); !done) return done.error();
  if (id <= kMostUnreadable) return {};
  statements_.forget_unreadable.bind(1, id - kMostUnreadable);
  return statements_.forget_unreadable.run();
}

Result<void> Store::save_touched(Kept& kept) {
  for (auto& [source, gateway] : gateways_) {
    if (!gateway.touched) continue;
    sqlite::Statement& save = statements_.save_gateway;
    save.bind(1, gateway.id);
    save.bind(2, gateway.prefix);
    save.bind(3, gateway.state);
    save.bind(4, gateway.epoch);
    save.bind(5, now_);
    if (auto saved = save.run(); !saved) return saved;
    gateway.touched = false;
  }
  for (auto& [key, stream] : streams_) {
    if (!stream.touched) continue;
    if (stream.progress.wants_rebuilding()) {
      if (auto rebuilt = rebuild(stream); !rebuilt) return rebuilt;
    }
    sqlite::Statement& save = statements_.save_stream;
    save.bind(1, stream.id);
    save.bind(2, number(stream.begins));
    save.bind(3, number(stream.oldest));
    save.bind(4, number(stream.progress.contiguous()));
    save.bind(5, number(stream.highest));
    save.bind(6, static_cast<std::int64_t>(stream.received));
    save.bind(7, static_cast<std::int64_t>(stream.repeats));
    if (auto saved = save.run(); !saved) return saved;
    stream.touched = false;
    // Nothing of this epoch yet: there is nothing to confirm.
    if (stream.progress.contiguous() < stream.begins) continue;
    kept.receipts.push_back(
        {stream.prefix, stream.epoch, stream.event_class, stream.progress.contiguous()});
  }
  return {};
}

}  // namespace watchpost::receiver
