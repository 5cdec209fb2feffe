#include "spool/writer/writer.hpp"

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::spool {
namespace {

// Rows one commit may remove besides what it adds: the log shrinks while it grows, without a burst.
constexpr std::uint64_t kRemovalsPerCommit = 16;
constexpr std::uint64_t kRemovalsPerIdleStep = 512;

Moment system_moment() {
  const ClockReading now = read_clock(SystemClock());
  return {now.wall, now.quality};
}

bool is_ordinary(const Append& append) {
  return !is_urgent(append);
}
bool has_records(const Append& append) {
  return !append.records.empty();
}
bool is_judged(const CommitGroup& group) {
  return std::any_of(group.appends.begin(), group.appends.end(),
                     [](const Append& append) { return append.steps != nullptr; });
}

}  // namespace

Writer::Writer(const WriterOptions& options, Log& log, std::unique_ptr<LiveStore> store)
    : options_(options),
      log_(&log),
      store_(std::move(store)),
      room_(options.space, options.directory, log),
      used_(store_->connection()->used()) {}

Result<Writer> Writer::open(const WriterOptions& options, Log& log) {
  WriterOptions with_clock = options;
  if (!with_clock.now) with_clock.now = system_moment;
  auto store = LiveStore::open(with_clock, log);
  if (!store) return store.error();
  return Writer(with_clock, log, std::move(*store));
}

Result<void> Writer::commit(CommitGroup& group) {
  if (store_->has_given_up()) return LiveStore::given_up();
  auto written = write_as_it_can(group);
  steps_.settled(group, written.has_value());
  if (!written && is_judged(group)) is_doubtful_ = true;
  if (written && !store_->directory().has_files()) return store_->give_up_replaced();
  if (written) {
    store_->testify();
    note_success(group);
  }
  return written;
}

Result<void> Writer::write_as_it_can(CommitGroup& group) {
  if (store_->connection() == nullptr) {
    // The last commit failed: nothing in memory may be trusted before it was read again.
    const PerClass<Seq> known = contents().newest();
    if (auto reopened = store_->reopen(); !reopened) return fail(group, reopened.error());
    if (auto sure = resolve_doubt(known); !sure) return sure;
    is_behind_ = true;
  }
  if (std::exchange(is_behind_, false)) {
    if (auto done = catch_up(group.notes); !done) {
      return sqlite::is_full(done.error()) ? write_urgent_alone(group) : done;
    }
  }
  auto written = write(group, false);
  if (written) return written;
  const Failure failure = written.error();
  store_->fail(failure);
  // Only room is lacking: alarms and patrols must not be refused with the rest.
  if (sqlite::is_full(failure)) return write_urgent_alone(group);
  note_failure(failure);
  return written;
}

Result<void> Writer::resolve_doubt(const PerClass<Seq>& known) {
  // What changes an alarm for good has a record.
  if (std::exchange(is_doubtful_, false) && contents().newest() != known)
    return store_->give_up_doubtful();
  return {};
}

void Writer::look_at_doubt() {
  if (!is_in_doubt()) return;
  const PerClass<Seq> known = contents().newest();
  if (auto reopened = store_->reopen(); !reopened) return;  // tried again with the next look
  is_behind_ = true;
  if (auto sure = resolve_doubt(known); !sure) log_->debug("{}", sure.error().what);
}

// On failure the contents in memory are put back to what they were before the group, as on disk.
Result<void> Writer::write(CommitGroup& group, bool squeezed) {
  StoreContents& contents = store_->contents();
  const auto logs = contents.logs;
  const auto set_aside = contents.set_aside;
  const auto dropped = contents.dropped;
  const Epoch epoch = contents.epoch;
  const auto first = contents.first;
  Transaction transaction(*store_->connection(), contents, store_->now());
  auto written = write_transaction(transaction, group, squeezed);
  if (!written) {
    contents.queues.roll_back();
    contents.logs = logs;
    contents.set_aside = set_aside;
    contents.dropped = dropped;
    contents.epoch = epoch;
    contents.first = first;
    return written;
  }
  contents.queues.commit();
  contents.apply(group.notes.cursors, options_.kept_for);
  measure();
  room_.note_queues(std::chrono::steady_clock::now());
  room_.note(group, transaction.drops(), used_);
  return written;
}

Result<void> Writer::write_transaction(Transaction& transaction, CommitGroup& group,
                                       bool squeezed) {
  OpenStore& store = transaction.store();
  if (auto done = store.begin(); !done) return done;
  if (auto done = room_.make_space(transaction, group, squeezed); !done) return done;
  room_.admit(store, group);
  steps_.refuse_what_rests(group);
  std::uint64_t added = 0;
  for (Append& append : group.appends) {
    if (append.refusal) continue;
    added += append.records.size();
    if (auto done = write(transaction, append); !done) return done;
  }
  if (auto done = room_.keep_queues(transaction); !done) return done;
  if (auto done = transaction.write(group.notes); !done) return done;
  const auto most_rows = 2 * added + kRemovalsPerCommit;
  if (auto done = room_.trim_history(transaction, most_rows); !done) return done;
  if (auto done = transaction.write_drops(); !done) return done;
  return store.commit();
}

Result<void> Writer::write(Transaction& transaction, Append& append) {
  for (std::size_t i = 0; i < append.records.size(); ++i) {
    steps_.name_evidence(append, i);
    if (auto done = transaction.insert(append.records[i]); !done) return done;
    steps_.number(append, i);
  }
  for (const Fact& fact : append.facts) {
    const auto* alarm = std::get_if<SharedAlarm>(&fact);
    auto done = alarm == nullptr ? transaction.write(fact)
                                 : transaction.write(Fact(steps_.numbered(*alarm)));
    if (!done) return done;
  }
  return {};
}

// The disk is full below the quota. What was written of the group is not in the store: that is read
// again. Only alarms, patrols and session facts are tried again, in pages that others leave and in
// what the reserve holds for them.
Result<void> Writer::write_urgent_alone(CommitGroup& group) {
  const PerClass<Seq> known = contents().newest();
  const Failure full = room_.refuse(group, is_ordinary, used_);
  if (std::all_of(group.appends.begin(), group.appends.end(), is_ordinary)) {
    room_.note(group, {}, used_);
    return full;
  }
  if (store_->directory().reserve().release()) {
    log_->warning("The disk is full: a part of {} is given up so that alarms are kept. {}",
                  store_->directory().reserve_file().string(), full.remedy);
  }
  if (auto reopened = store_->reopen(); !reopened) return fail(group, reopened.error());
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    // The commit was on disk after all: trying again would keep everything twice.
    if (contents().logs[i].newest > known[i])
      return is_judged(group) ? store_->give_up_doubtful() : full;
  }
  if (auto moved = store_->connection()->move_wal(); !moved) {
    log_->debug("{}", moved.error().sentence());
  }
  auto written = write(group, true);
  if (written) return written;
  store_->fail(written.error());
  return fail(group, written.error());
}

// Nothing can be written: for want of room, or because the store cannot be used.
Failure Writer::fail(CommitGroup& group, const Failure& why) {
  if (store_->has_given_up() || !sqlite::is_full(why)) {
    note_failure(why);
    return why;
  }
  const Failure full = room_.refuse(group, has_records, used_);
  room_.note(group, {}, used_);
  return full;
}

// A group that fails takes its cursor moves with it, and groups of a full store all fail: so what
// the upstreams have by now goes first, and what is delivered by that is removed.
Result<void> Writer::catch_up(const Notes& notes) {
  OpenStore& store = *store_->connection();
  if (auto moved = store.move_wal(); !moved) log_->debug("{}", moved.error().sentence());
  Transaction transaction(store, store_->contents(), store_->now());
  auto done = store.begin();
  if (done) done = transaction.write(notes.cursors);
  if (done) done = store.commit();
  if (!done) {
    const Failure failure = done.error();
    store_->fail(failure);
    if (!sqlite::is_full(failure)) note_failure(failure);
    return failure;
  }
  store_->contents().apply(notes.cursors, options_.kept_for);
  if (!remove_some() && store_->connection() == nullptr) {
    return failure_of(Failure::Kind::storage, trouble<TroubleCode::see_log>());
  }
  return {};
}

bool Writer::remove_some() {
  OpenStore* const store = store_->connection();
  if (store == nullptr || checkpointer().is_running()) return false;
  if (!room_.has_history_to_remove(contents(), store->used())) return false;
  const auto before = contents().logs;
  Transaction transaction(*store, store_->contents(), store_->now());
  auto done = store->begin();
  if (done) done = room_.trim_history(transaction, kRemovalsPerIdleStep);
  if (done) done = store->commit();
  if (done) done = store->measure();
  if (!done) {
    const Failure failure = done.error();
    store_->contents().logs = before;
    store_->fail(failure);
    note_failure(failure);
    return false;
  }
  used_ = store->used();
  return true;
}

bool Writer::look_for_room() {
  if (room_.shortage().lasts()) return room_.look(used_);
  const OpenStore* const store = store_->connection();
  return store != nullptr && room_.foresee(*store, store_->contents());
}

void Writer::after_commit() {
  store_->directory().reserve().refill();
  if (store_->connection() == nullptr) return;
  checkpointer().after_commit(store_->connection()->wal_size());
  if (checkpointer().has_lost_pages()) (void)store_->give_up_unsynced();
}

// Committed is committed, also where the size cannot be read.
void Writer::measure() {
  OpenStore& store = *store_->connection();
  if (auto measured = store.measure(); !measured) log_->warning("{}", measured.error().sentence());
  used_ = store.used();
}

void Writer::note_failure(const Failure& failure) {
  std::optional<Trouble> cause = cause_of(failure);
  if (std::exchange(failing_, cause) == cause) return;
  log_->error("A commit failed, nothing in it was acknowledged: {}", failure.sentence());
}

void Writer::note_success(const CommitGroup& group) {
  if (!failing_ || !group.keeps_something()) return;
  failing_.reset();
  log_->info("Commits succeed again: messages are kept and acknowledged");
}

}  // namespace watchpost::spool
