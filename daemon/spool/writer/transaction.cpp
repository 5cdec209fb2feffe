#include "spool/writer/transaction.hpp"

#include <algorithm>
#include <utility>

#include "model/relay.hpp"
#include "spool/tables/backup_mark.hpp"
#include "spool/tables/store_table.hpp"

namespace watchpost::spool {
namespace {

// Marks the record as one of a run of relayed records: the next start finds where the run began.
void join_run(LogExtent& log, Record& record, RelayMark mark) {
  if (log.relayed == Seq{}) {
    log.relayed = log.newest.next();
    log.relayed_epoch = record.epoch;
  }
  mark.run = log.relayed;
  record.annotation = annotation_of(mark);
}

}  // namespace

Result<void> Transaction::insert(Record& record) {
  if (contents_.epoch != contents_.run_epoch) {
    if (auto begun = begin_run("start"); !begun) return begun;
  }
  LogExtent& log = this->log(record.event_class);
  const auto mark = relay_mark_of(record);
  if (log.relayed > Seq{} && (!mark || log.relayed_epoch != contents_.epoch)) {
    if (auto told = account_for_relayed(record.event_class); !told) return told;
  }
  record.epoch = contents_.epoch;
  if (mark) join_run(log, record, *mark);
  record.seq = log.newest.next();
  auto size = store_.tables().log(record.event_class).insert(record, log.end);
  if (!size) return size.error();
  log.newest = record.seq;
  if (log.oldest == Seq{}) {
    log.oldest = record.seq;
    log.begin = log.end;
  }
  log.end += *size;
  return {};
}

Result<void> Transaction::begin_run(std::string_view reason) {
  NewEpoch change{contents_.run_epoch, contents_.epoch, {}, 0, 0, reason};
  const auto mark = store_.database().query_integer(kSelectBackupMark);
  if (!mark) return mark.error();
  if (*mark == kBackupMark) {
    change.reason = "restored";
    if (auto done = store_.database().execute(kRemoveBackupMark); !done) return done;
  }
  // Under the epoch that a store was made with nothing was given yet: nobody need be told.
  if (contents_.newest() == PerClass<Seq>{}) {
    contents_.epoch = contents_.run_epoch;
    return save_store_row(store_.database(), {contents_.epoch, contents_.first});
  }
  return begin_epoch(change);
}

Result<void> Transaction::begin_epoch(NewEpoch change) {
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    change.first[i] = contents_.logs[i].newest.next();
  }
  contents_.epoch = contents_.run_epoch = change.epoch;
  contents_.first = change.first;
  auto saved = save_store_row(store_.database(), {contents_.epoch, contents_.first});
  if (!saved) return saved;
  Record record = store_record(change, now_());
  if (auto done = insert(record); !done) return done;
  // No number of that epoch will come any more, so nobody is to wait until the next own event of
  // the class for the word that these are no events of ours.
  for (const EventClass event_class : kEventClasses) {
    const LogExtent& log = this->log(event_class);
    if (log.relayed == Seq{} || log.relayed_epoch != change.previous) continue;
    if (auto told = account_for_relayed(event_class); !told) return told;
  }
  return {};
}

// Upstream, our own events have holes where events of other gateways stand between them. Each hole
// is told before it is seen, so that whoever counts our numbers finds them complete.
Result<void> Transaction::account_for_relayed(EventClass event_class) {
  LogExtent& log = this->log(event_class);
  const Drop hole{event_class, log.relayed_epoch, std::exchange(log.relayed, Seq{}), log.newest,
                  DropReason::relayed};
  Record notice = gap_record(hole, now_());
  return insert(notice);
}

Result<void> Transaction::write(const Fact& fact) {
  for (const auto& table : store_.tables().facts) {
    if (auto written = table->write(fact); !written) return written;
  }
  return store_.tables().queue.write(fact, contents_.queues);
}

Result<void> Transaction::write(const Notes& notes) {
  // Taken back first: what is set aside again in the same breath stays.
  for (const TakeBack& taken : notes.taken_back) {
    if (auto done = write(taken); !done) return done;
  }
  for (const SetAsideCopy& copy : notes.set_aside) {
    if (auto done = write(copy); !done) return done;
  }
  // Losses are written before the cursors move: what a cursor has passed counts as delivered,
  // and what is delivered is not reported as lost.
  for (const Loss& loss : notes.losses) {
    if (auto done = write(loss); !done) return done;
    if (auto done = write_drops(); !done) return done;
  }
  return write(notes.cursors);
}

Result<void> Transaction::write(const std::vector<CursorMove>& moves) {
  for (const CursorMove& move : moves) {
    const auto upstream = contents_.cursors.find(move.upstream);
    const bool is_known = upstream != contents_.cursors.end() &&
                          move.cursor <= upstream->second[index_of(move.event_class)];
    if (is_known) continue;
    if (auto saved = store_.tables().cursors.save(move); !saved) return saved;
  }
  return {};
}

Result<void> Transaction::write(const SetAsideCopy& copy) {
  const auto added = store_.tables().set_aside.add(copy, now_(), contents_.last_set_aside + 1);
  if (!added) return added.error();
  if (!*added) return {};  // it is there already
  ++contents_.last_set_aside;
  SetAsideCount& count = contents_.set_aside[copy.upstream];
  ++count.records[index_of(copy.record.event_class)];
  count.bytes.value += size_of_row(copy.record);
  return {};
}

Result<void> Transaction::write(const TakeBack& taken) {
  if (auto removed = store_.tables().set_aside.take_back(taken); !removed) return removed;
  return count_set_aside(store_, contents_);
}

// Numbers that were delivered, or dropped on purpose, are not lost. Each remaining hole is one row
// of the ledger.
Result<void> Transaction::write(const Loss& loss) {
  LogExtent& log = this->log(loss.event_class);
  if (log.oldest > Seq{}) {
    log.holes.add(
        {.first = std::max(loss.first, log.oldest), .last = std::min(loss.last, log.newest)});
  }
  Seq first = std::max(loss.first, log.delivered.next());
  const Seq last = std::min(loss.last, log.newest);
  if (first > last) return {};
  const auto known =
      store_.tables().drops.ranges_in(loss.event_class, {.first = first, .last = last});
  if (!known) return known.error();
  std::vector<SeqRange> holes;
  for (const auto& [dropped_first, dropped_last] : *known) {
    if (dropped_first > first) holes.push_back({first, Seq{dropped_first.value - 1}});
    first = std::max(first, dropped_last.next());
  }
  if (first <= last) holes.push_back({first, last});
  for (const auto& [from, to] : holes) {
    Drop drop{loss.event_class, {}, from, to, DropReason::damage};
    if (auto noted = this->drop(std::move(drop)); !noted) return noted;
  }
  return {};
}

Result<void> Transaction::drop(Drop drop) {
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
Result<void> Transaction::cut_to_epoch(Drop& drop) {
  const Seq present = contents_.first[index_of(drop.event_class)];
  drop.epoch = contents_.epoch;
  if (drop.first >= present) return {};
  LogTable& table = store_.tables().log(drop.event_class);
  auto epoch = table.epoch_at(drop.first);
  if (!epoch) return epoch.error();
  drop.epoch = epoch->value_or(contents_.epoch);
  auto other = table.other_epoch({.first = drop.first.next(), .last = drop.last}, drop.epoch);
  if (!other) return other.error();
  if (*other) drop.last = Seq{(*other)->value - 1};
  if (present <= drop.last) drop.last = Seq{present.value - 1};
  return {};
}

Result<void> Transaction::write_drops() {
  for (; drops_written_ < drops_.size(); ++drops_written_) {
    if (auto done = write(drops_[drops_written_]); !done) return done;
  }
  return {};
}

// A row of the ledger and the event that tells the upstreams, together.
Result<void> Transaction::write(const Drop& drop) {
  const Moment now = now_();
  if (auto added = store_.tables().drops.add(drop, now); !added) return added;
  contents_.dropped[index_of(drop.event_class)] += drop.count();
  Record gap = gap_record(drop, now);
  return insert(gap);
}

Result<void> Transaction::remove(const Removal& removal) {
  LogTable& table = store_.tables().log(removal.event_class);
  if (auto removed = table.remove(removal); !removed) return removed;
  auto oldest = table.first_from(removal.end);
  if (!oldest) return oldest.error();
  LogExtent& log = this->log(removal.event_class);
  // The newest row stays, so there is one, unless damage took it.
  log.oldest = *oldest ? (*oldest)->seq : Seq{};
  log.begin = *oldest ? (*oldest)->position : log.end;
  log.holes.forget_before(log.oldest);
  return {};
}

}  // namespace watchpost::spool
