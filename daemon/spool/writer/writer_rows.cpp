// The parts of a transaction: how each kind of row is written and removed.
#include <algorithm>
#include <limits>
#include <utility>

#include "model/relay.hpp"
#include "spool/tables/as_integer.hpp"
#include "spool/tables/log_row.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/writer/writer.hpp"

namespace watchpost::spool {
namespace {

// What is found again at the next start.
void join_run(LogExtent& log, Record& record, RelayMark mark) {
  if (log.relayed == Seq{}) {
    log.relayed = log.newest.next();
    log.relayed_epoch = record.epoch;
  }
  mark.run = log.relayed;
  record.annotation = annotation_of(mark);
}

}  // namespace

Result<void> Writer::insert(Record& record) {
  LogExtent& log = logs_[index_of(record.event_class)];
  const auto mark = relay_mark_of(record);
  if (log.relayed > Seq{} && (!mark || log.relayed_epoch != epoch_)) {
    if (auto told = account_for_relayed(record.event_class); !told) return told;
  }
  record.epoch = epoch_;
  if (mark) join_run(log, record, *mark);
  record.seq = log.newest.next();
  sqlite::Statement& insert = statements_.insert[index_of(record.event_class)];
  const auto size = bind_row(insert, record, log.end);
  if (auto inserted = insert.run(); !inserted) return inserted;
  log.newest = record.seq;
  if (log.oldest == Seq{}) {
    log.oldest = record.seq;
    log.begin = log.end;
  }
  log.end += size;
  return {};
}

// Upstream, our own events have holes where events of other gateways stand between them. Each hole
// is told before it is seen, so that whoever counts our numbers finds them complete.
Result<void> Writer::account_for_relayed(EventClass event_class) {
  LogExtent& log = logs_[index_of(event_class)];
  const Drop hole{event_class, log.relayed_epoch, std::exchange(log.relayed, Seq{}), log.newest,
                  DropReason::relayed};
  Record notice = gap_record(hole, options_.now());
  return insert(notice);
}

Result<void> Writer::write(Append& append) {
  for (Record& record : append.records) {
    if (auto inserted = insert(record); !inserted) return inserted;
  }
  for (const SessionChange& change : append.sessions) {
    if (auto changed = write(change); !changed) return changed;
  }
  return {};
}

Result<void> Writer::write(const SessionChange& change) {
  const std::int64_t packet_id{change.packet_id.value};
  switch (change.kind) {
    case SessionChange::Kind::open: {
      const auto expiry = static_cast<std::int64_t>(change.expiry.count());
      statements_.open_session.bind(1, change.client_id);
      statements_.open_session.bind(2, expiry);
      statements_.open_session.bind(3, row_sum("session", {change.client_id, expiry}));
      return statements_.open_session.run();
    }
    case SessionChange::Kind::remember_packet_id:
      statements_.remember_packet_id.bind(1, change.client_id);
      statements_.remember_packet_id.bind(2, packet_id);
      statements_.remember_packet_id.bind(
          3, row_sum("session_packet_id", {change.client_id, packet_id}));
      return statements_.remember_packet_id.run();
    case SessionChange::Kind::forget_packet_id:
      statements_.forget_packet_id.bind(1, change.client_id);
      statements_.forget_packet_id.bind(2, packet_id);
      return statements_.forget_packet_id.run();
    case SessionChange::Kind::end:
      statements_.end_session.bind(1, change.client_id);
      statements_.forget_packet_ids.bind(1, change.client_id);
      if (auto ended = statements_.end_session.run(); !ended) return ended;
      return statements_.forget_packet_ids.run();
  }
  return {};
}

Result<void> Writer::write(const std::vector<CursorMove>& moves) {
  for (const CursorMove& move : moves) {
    const Seq known = cursors_[move.upstream][index_of(move.event_class)];
    if (move.settled <= known) continue;
    const auto event_class = as_integer(move.event_class);
    const auto settled = as_integer(move.settled);
    statements_.save_cursor.bind(1, move.upstream);
    statements_.save_cursor.bind(2, event_class);
    statements_.save_cursor.bind(3, settled);
    statements_.save_cursor.bind(4, row_sum("cursor", {move.upstream, event_class, settled}));
    if (auto saved = statements_.save_cursor.run(); !saved) return saved;
  }
  return {};
}

// Of moves that are committed.
void Writer::apply(const std::vector<CursorMove>& moves) {
  for (const CursorMove& move : moves) {
    Seq& settled = cursors_[move.upstream][index_of(move.event_class)];
    settled = std::max(settled, move.settled);
  }
  refresh_settled();
}

// What every required upstream has acknowledged; without any, everything is settled at once.
void Writer::refresh_settled() {
  for (const auto event_class : kEventClasses) {
    Seq settled{std::numeric_limits<std::int64_t>::max()};
    for (const std::string& upstream : options_.required_upstreams) {
      settled = std::min(settled, cursors_[upstream][index_of(event_class)]);
    }
    logs_[index_of(event_class)].settled = settled;
  }
}

Result<void> Writer::write(const SetAsideCopy& copy) {
  const Record& record = copy.record;
  const std::int64_t code{copy.reason_code};
  const auto at = as_integer(options_.now().wall);
  sqlite::Statement& insert = statements_.set_aside;
  insert.bind(1, copy.upstream);
  insert.bind(2, code);
  insert.bind(3, at);
  insert.bind(4, as_integer(record.event_class));
  insert.bind(5, as_integer(record.seq));
  bind_copy(insert, record, 6);
  insert.bind(17, set_aside_sum(copy.upstream, {0, copy.reason_code, record}, at));
  insert.bind(18, static_cast<std::int64_t>(last_set_aside_ + 1));
  if (auto inserted = insert.run(); !inserted) return inserted;
  if (database_.changes() == 0) return {};  // it is there already
  ++last_set_aside_;
  SetAsideCount& count = set_aside_[copy.upstream];
  ++count.records[index_of(record.event_class)];
  count.bytes.value += size_of_row(record);
  return {};
}

Result<void> Writer::write(const TakeBack& taken) {
  statements_.take_back.bind(1, taken.upstream);
  statements_.take_back.bind(2, static_cast<std::int64_t>(taken.id));
  if (auto removed = statements_.take_back.run(); !removed) return removed;
  return load_set_aside();
}

// What was settled or dropped on purpose is not lost; of the rest one ledger row for each hole.
Result<void> Writer::write(const Loss& loss) {
  LogExtent& log = logs_[index_of(loss.event_class)];
  if (log.oldest > Seq{}) {
    log.holes.add(std::max(loss.first, log.oldest), std::min(loss.last, log.newest));
  }
  Seq first = std::max(loss.first, log.settled.next());
  const Seq last = std::min(loss.last, log.newest);
  if (first > last) return {};
  std::vector<std::pair<Seq, Seq>> holes;
  sqlite::Statement& known = statements_.select_drops;
  known.bind(1, as_integer(loss.event_class));
  known.bind(2, as_integer(first));
  known.bind(3, as_integer(last));
  auto row = known.step();
  for (; row && *row; row = known.step()) {
    const Seq dropped_first{static_cast<std::uint64_t>(known.integer(0))};
    const Seq dropped_last{static_cast<std::uint64_t>(known.integer(1))};
    if (dropped_first > first) holes.emplace_back(first, Seq{dropped_first.value - 1});
    first = std::max(first, dropped_last.next());
  }
  if (!row) return row.error();
  if (first <= last) holes.emplace_back(first, last);
  for (const auto& [from, to] : holes) {
    Drop drop{loss.event_class, {}, from, to, DropReason::damage};
    if (auto noted = note_drop(std::move(drop)); !noted) return noted;
  }
  return {};
}

// While the rows beside it are still there: they tell in which epoch its numbers were given.
Result<void> Writer::note_drop(Drop drop) {
  const Seq last = drop.last;
  for (Seq first = drop.first; first <= last;) {
    drop.first = first;
    drop.last = last;
    if (auto cut = cut_to_epoch(drop); !cut) return cut;
    first = drop.last.next();
    if (drops_.size() > drops_written_ && drops_.back().is_followed_by(drop)) {
      drops_.back().last = drop.last;
    } else {
      drops_.push_back(drop);
    }
  }
  return {};
}

// Names the epoch of its first number, and cuts the range where that one ends.
Result<void> Writer::cut_to_epoch(Drop& drop) {
  const auto i = index_of(drop.event_class);
  drop.epoch = epoch_;
  if (drop.first >= first_[i]) return {};
  sqlite::Statement& at = statements_.select_epoch_at[i];
  at.bind(1, as_integer(drop.first));
  auto row = at.step();
  if (!row) return row.error();
  const std::int64_t epoch = *row ? at.integer(0) : std::int64_t{number_of(epoch_)};
  at.reset();
  sqlite::Statement& other = statements_.select_other_epoch[i];
  other.bind(1, as_integer(drop.first));
  other.bind(2, as_integer(drop.last));
  other.bind(3, epoch);
  row = other.step();
  if (!row) return row.error();
  if (*row) drop.last = Seq{static_cast<std::uint64_t>(other.integer(0)) - 1};
  if (*row) other.reset();
  if (first_[i] <= drop.last) drop.last = Seq{first_[i].value - 1};
  drop.epoch = epoch_from(static_cast<std::uint32_t>(epoch));
  return {};
}

Result<void> Writer::write_drops() {
  for (; drops_written_ < drops_.size(); ++drops_written_) {
    if (auto done = write(drops_[drops_written_]); !done) return done;
  }
  return {};
}

// A row of the ledger and the event that tells the upstreams, together.
Result<void> Writer::write(const Drop& drop) {
  const Moment now = options_.now();
  const auto event_class = as_integer(drop.event_class);
  const std::int64_t epoch{number_of(drop.epoch)};
  const auto clock = static_cast<std::int64_t>(now.clock);
  sqlite::Statement& insert = statements_.insert_drop;
  insert.bind(1, event_class);
  insert.bind(2, epoch);
  insert.bind(3, as_integer(drop.first));
  insert.bind(4, as_integer(drop.last));
  insert.bind(5, to_string(drop.reason));
  insert.bind(6, as_integer(now.wall));
  insert.bind(7, clock);
  insert.bind(
      8, row_sum("drop_ledger", {event_class, epoch, as_integer(drop.first), as_integer(drop.last),
                                 to_string(drop.reason), as_integer(now.wall), clock}));
  if (auto inserted = insert.run(); !inserted) return inserted;
  dropped_[index_of(drop.event_class)] += drop.count();
  Record gap = gap_record(drop, now);
  return this->insert(gap);
}

Result<void> Writer::remove(const Removal& removal) {
  const auto i = index_of(removal.event_class);
  LogExtent& log = logs_[i];
  statements_.remove[i].bind(1, as_integer(removal.first));
  statements_.remove[i].bind(2, as_integer(removal.end));
  if (auto removed = statements_.remove[i].run(); !removed) return removed;
  sqlite::Statement& oldest = statements_.select_oldest[i];
  oldest.bind(1, as_integer(removal.end));
  auto row = oldest.step();
  if (!row) return row.error();
  // The newest row stays, so there is one, unless damage took it.
  log.oldest = *row ? Seq{static_cast<std::uint64_t>(oldest.integer(0))} : Seq{};
  log.begin = *row ? static_cast<std::uint64_t>(oldest.integer(1)) : log.end;
  oldest.reset();
  log.holes.forget_before(log.oldest);
  return {};
}

Result<void> Writer::save_store() {
  sqlite::Statement& save = statements_.save_store;
  const auto at = [this](EventClass event_class) {
    return as_integer(first_[index_of(event_class)]);
  };
  const std::int64_t epoch{number_of(epoch_)};
  save.bind(1, epoch);
  for (const auto event_class : kEventClasses)
    save.bind(2 + static_cast<int>(index_of(event_class)), at(event_class));
  save.bind(6, row_sum("store", {epoch, at(EventClass::alarm), at(EventClass::patrol),
                                 at(EventClass::status), at(EventClass::telemetry)}));
  return save.run();
}

}  // namespace watchpost::spool
