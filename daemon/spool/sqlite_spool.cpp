#include "spool/sqlite_spool.hpp"

#include <algorithm>

#include "spool/tables/record_columns.hpp"

namespace watchpost::spool {
namespace {

using std::chrono::milliseconds;

// Of the ordinary lane one commit takes at most this many appends or bytes: past a thousand rows a
// commit gains nothing, and an alarm that arrives meanwhile waits for it.
constexpr std::size_t kMostAppendsPerCommit = 2'000;
constexpr std::uint64_t kMostBytesPerCommit = 1ULL << 20U;
// Notes ride on the next commit; alone they are worth one only this often.
constexpr milliseconds kNotesRest{1'000};
// While there is no room the filesystem is asked this often whether it has some.
constexpr milliseconds kRoomRest{1'000};
// After a failed commit, so that clients which try again at once do not keep disk and log busy.
constexpr milliseconds kFailureRest{100};

std::uint64_t size_of(const Append& append) {
  std::uint64_t size = 64;
  for (const Record& record : append.records) {
    size += 128 + record.payload.size() + record.annotation.size() + record.topic.size() +
            record.device.size();
  }
  return size + 64 * append.facts.size();
}

// All that was ever written to the logs, as stored.
std::uint64_t written_to(const Writer& writer) {
  std::uint64_t bytes = 0;
  for (const LogExtent& log : writer.contents().logs) bytes += log.end;
  return bytes;
}

// For what no upstream has yet: settled records go when their room is needed.
ByteCount room_left(const Writer& writer) {
  std::uint64_t unsettled = 0;
  for (const LogExtent& log : writer.contents().logs) {
    if (log.oldest == Seq{} || log.settled >= log.newest) continue;
    const auto stored = log.stored_after(Seq{});
    const auto waiting = log.stored_after(log.settled);
    if (stored == 0) continue;
    unsettled += log.bytes().value / stored * waiting;
  }
  const auto ceiling = writer.space().ceiling(EventClass::telemetry).value;
  return ByteCount{ceiling > unsettled ? ceiling - unsettled : 0};
}

}  // namespace

Result<std::unique_ptr<SqliteSpool>> SqliteSpool::open(SpoolOptions options, Post post, Log& log) {
  auto writer = Writer::open(options.writer, log);
  if (!writer) return writer.error();
  // The constructor is private and starts a thread that must not see the object moved.
  return std::unique_ptr<SqliteSpool>(
      new SqliteSpool(std::move(*writer), std::move(options), std::move(post)));
}

SqliteSpool::SqliteSpool(Writer writer, SpoolOptions options, Post post)
    : options_(std::move(options)),
      post_(std::move(post)),
      epoch_(writer.contents().epoch),
      database_file_(writer.database_file()),
      stored_facts_(writer.contents().facts),
      cursors_(writer.contents().cursors),
      copies_(writer.contents().set_aside),
      self_(std::make_shared<SqliteSpool*>(this)),
      linger_(options_.linger),
      writer_(std::move(writer)) {
  status_.epoch = epoch_;
  logs_ = writer_.contents().logs;
  measure(writer_, status_);
  writer_.checkpointer().run_beside([this] {
    // Not between the spool thread's look at it and its sleep.
    { const std::lock_guard lock(mutex_); }
    wake_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

SqliteSpool::~SqliteSpool() {
  stop();
}

void SqliteSpool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void SqliteSpool::append(Append append) {
  const ByteCount size{size_of(append)};
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    post_([refused = std::move(append)] {
      const Failure stopped{Failure::Kind::unavailable, "The gateway is stopping",
                            "Send the message again"};
      spool::settle(refused, stopped);
    });
    return;
  }
  status_.waiting.value += size.value;
  bool changes_due = true;
  if (goes_in_urgent_lane(append)) {
    urgent_.push_back(std::move(append));
  } else {
    const Linger::Client client = append.ticket.sink.get();
    ordinary_.push_back(std::move(append));
    changes_due = linger_.added(std::chrono::steady_clock::now(), size, client);
  }
  lock.unlock();
  if (changes_due) wake_.notify_one();
}

bool SqliteSpool::accepting() const {
  return status_.waiting < options_.commit_queue;
}

void SqliteSpool::when_accepting(std::function<void()> resume) {
  if (accepting()) {
    post_(std::move(resume));
  } else {
    resumes_.push_back(std::move(resume));
  }
}

void SqliteSpool::advance(const std::string& upstream, EventClass event_class, Seq settled) {
  Seq& known = cursors_[upstream][index_of(event_class)];
  if (settled <= known) return;
  known = settled;
  add_note([&](Notes& notes) { notes.move_cursor({upstream, event_class, settled}); });
}

bool SqliteSpool::set_aside(const std::string& upstream, const Record& record,
                            std::uint8_t reason_code) {
  SetAsideCount& count = copies_[upstream];
  const auto size = size_of_row(record);
  const auto most_bytes = options_.writer.space.quota.value / 100;
  if (count.total() >= options_.most_set_aside || count.bytes.value + size > most_bytes) {
    return false;
  }
  ++count.records[index_of(record.event_class)];
  count.bytes.value += size;
  add_note([&](Notes& notes) { notes.set_aside.push_back({upstream, record, reason_code}); });
  return true;
}

void SqliteSpool::take_back(const std::string& upstream, std::uint64_t set_aside_id) {
  add_note([&](Notes& notes) { notes.taken_back.push_back({upstream, set_aside_id}); });
}

void SqliteSpool::report_lost(EventClass event_class, Seq first, Seq last) {
  add_note([&](Notes& notes) { notes.losses.push_back({event_class, first, last}); });
}

void SqliteSpool::add_note(const std::function<void(Notes&)>& add) {
  const std::lock_guard lock(mutex_);
  const bool first = notes_.is_empty();
  if (first) notes_since_ = std::chrono::steady_clock::now();
  const bool had_pressing = notes_.has_pressing();
  add(notes_);
  // They begin to be waited for, or sooner than before.
  if (first || (!had_pressing && notes_.has_pressing())) wake_.notify_one();
}

Seq SqliteSpool::cursor(const std::string& upstream, EventClass event_class) const {
  const auto known = cursors_.find(upstream);
  return known == cursors_.end() ? Seq{} : known->second[index_of(event_class)];
}

void SqliteSpool::on_committed(std::function<void(const Heads&)> observer) {
  observers_.push_back(std::move(observer));
}

void SqliteSpool::report_damage(const Failure& damage) {
  {
    const std::lock_guard lock(mutex_);
    damage_ = damage;
  }
  wake_.notify_one();
}

// Told once, whoever met the damage: the reader or a commit.
void SqliteSpool::heed_damage(std::unique_lock<std::mutex>& lock) {
  if (const auto damage = std::exchange(damage_, std::nullopt)) {
    lock.unlock();
    writer_.give_up(*damage);
    lock.lock();
  }
  if (!writer_.has_given_up() || std::exchange(is_given_up_, true)) return;
  post_([weak = std::weak_ptr<SqliteSpool*>(self_)] {
    const auto self = weak.lock();
    if (self && (*self)->given_up_) (*self)->given_up_();
  });
}

// When the next commit is due; nothing while there is nothing to commit, or only what can wait
// until the checkpoint that runs has ended.
std::optional<SteadyTime> SqliteSpool::due_at() const {
  if (stopping_ || damage_ || !urgent_.empty()) return SteadyTime::min();
  if (writer_.checkpointer().is_running()) return std::nullopt;
  auto due = linger_.due_at();
  if (notes_.is_empty()) return due;
  const SteadyTime notes_due =
      notes_since_ + (notes_.has_pressing() ? kNotesRest : options_.cursor_rest);
  return due ? std::min(*due, notes_due) : notes_due;
}

bool SqliteSpool::has_work() const {
  const auto due = due_at();
  return due && *due <= std::chrono::steady_clock::now();
}

void SqliteSpool::wait_for_work(std::unique_lock<std::mutex>& lock) {
  auto due = due_at();
  if (!writer_.shortage().sentence().empty()) {
    const auto look = std::chrono::steady_clock::now() + kRoomRest;
    due = due ? std::min(*due, look) : look;
  }
  if (due) {
    wake_.wait_until(lock, *due);
  } else {
    wake_.wait(lock);
  }
}

Batch SqliteSpool::take_batch() {
  Batch batch;
  batch.appends.reserve(urgent_.size() + std::min(ordinary_.size(), kMostAppendsPerCommit));
  std::move(urgent_.begin(), urgent_.end(), std::back_inserter(batch.appends));
  urgent_.clear();
  Linger::Taken taken;
  while (!ordinary_.empty() && taken.clients.size() < kMostAppendsPerCommit &&
         taken.size.value < kMostBytesPerCommit) {
    taken.size.value += size_of(ordinary_.front());
    taken.clients.push_back(ordinary_.front().ticket.sink.get());
    batch.appends.push_back(std::move(ordinary_.front()));
    ordinary_.pop_front();
  }
  const std::size_t count = taken.clients.size();
  linger_.taken(std::move(taken));
  const bool rested = std::chrono::steady_clock::now() >= notes_since_ + options_.cursor_rest;
  // What the upstreams have by now makes room.
  const bool want_room = has_failed_ || !writer_.shortage().sentence().empty();
  const bool notes_ride =
      stopping_ || want_room || rested || notes_.has_pressing() || count >= Linger::kEnough;
  if (notes_ride) batch.notes = std::exchange(notes_, {});
  return batch;
}

void SqliteSpool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    heed_damage(lock);
    if (!has_work()) {
      // Nothing to commit: settled history goes meanwhile, in steps short enough to be interrupted.
      lock.unlock();
      const bool removed = writer_.remove_some();
      if (writer_.look_for_room()) report_room();
      lock.lock();
      if (!has_work() && !removed) wait_for_work(lock);
      continue;
    }
    if (damage_) continue;
    auto batch = take_batch();
    if (batch.is_empty()) break;  // stopping, and everything is committed
    lock.unlock();
    auto done = commit(std::move(batch));
    has_failed_ = done->outcome.has_error();
    report(std::move(done));
    writer_.after_commit();
    lock.lock();
    linger_.answered(std::chrono::steady_clock::now());
    if (has_failed_) wake_.wait_for(lock, kFailureRest, [this] { return stopping_; });
  }
  lock.unlock();
  writer_.close();
}

void SqliteSpool::report_room() {
  auto news = std::make_shared<Report>();
  measure(*news);
  report(std::move(news));
}

std::shared_ptr<SqliteSpool::Report> SqliteSpool::commit(Batch batch) {
  auto done = std::make_shared<Report>();
  done->batch = std::move(batch);
  std::uint64_t records = 0;
  for (const Append& append : done->batch.appends) done->bytes.value += size_of(append);
  const auto before = written_to(writer_);
  const auto begun = std::chrono::steady_clock::now();
  done->outcome = writer_.commit(done->batch);
  const auto ended = std::chrono::steady_clock::now();
  if (done->outcome) {
    for (const Append& append : done->batch.appends) {
      if (!append.refusal) records += append.records.size();
    }
    forecast_.note(ended, ByteCount{written_to(writer_) - before});
    ++totals_.commits;
    totals_.committed_records += records;
    totals_.last_commit_at = ended;
    totals_.last_commit_took = std::chrono::duration_cast<std::chrono::microseconds>(ended - begun);
    if (done->batch.keeps_something()) totals_.last_failure.clear();
  } else {
    ++totals_.failed_commits;
    // Want of room is told as what it is: SpoolStatus::no_room.
    if (writer_.shortage().sentence().empty())
      totals_.last_failure = done->outcome.error().sentence();
  }
  measure(*done);
  return done;
}

void SqliteSpool::measure(Report& report) {
  report.measured = totals_;
  measure(writer_, report.measured);
  report.logs = writer_.contents().logs;
  report.measured.days_left =
      forecast_.days_left(std::chrono::steady_clock::now(), room_left(writer_));
}

void SqliteSpool::measure(const Writer& writer, SpoolStatus& status) {
  for (const auto event_class : kEventClasses) {
    const auto& log = writer.contents().logs[index_of(event_class)];
    status.heads.newest[index_of(event_class)] = log.newest;
    status.oldest[index_of(event_class)] = log.oldest;
    status.relayed[index_of(event_class)] = log.relayed;
    status.bytes[index_of(event_class)] = log.bytes();
  }
  status.first = writer.contents().first;
  status.store_size = writer.store_size();
  status.dropped = writer.contents().dropped;
  status.refused = writer.shortage().refusals();
  status.set_aside = writer.contents().set_aside;
  status.salvage = writer.salvage();
  status.no_room = writer.shortage().sentence();
}

void SqliteSpool::report(std::shared_ptr<Report> report) {
  post_([weak = std::weak_ptr<SqliteSpool*>(self_), report = std::move(report)] {
    if (const auto self = weak.lock()) (*self)->settle(*report);
  });
}

void SqliteSpool::settle(Report& report) {
  const auto waiting = status_.waiting.value - report.bytes.value;
  const bool news = status_.heads.newest != report.measured.heads.newest;
  status_ = std::move(report.measured);
  logs_ = std::move(report.logs);
  status_.epoch = epoch_;
  status_.waiting.value = waiting;
  if (!report.outcome) {
    const bool any = !report.batch.notes.is_empty();
    {
      const std::lock_guard lock(mutex_);
      notes_.take_over(std::move(report.batch.notes));
    }
    // The spool thread may have gone to sleep with nothing to save.
    if (any) wake_.notify_one();
  } else if (!report.batch.notes.taken_back.empty()) {
    copies_ = status_.set_aside;
    const std::lock_guard lock(mutex_);
    for (const SetAsideCopy& copy : notes_.set_aside) {
      SetAsideCount& count = copies_[copy.upstream];
      ++count.records[index_of(copy.record.event_class)];
      count.bytes.value += size_of_row(copy.record);
    }
  }
  for (Append& append : report.batch.appends) {
    if (append.refusal) {
      spool::settle(append, *append.refusal);
      continue;
    }
    spool::settle(append, report.outcome);
    if (!report.outcome) continue;
    for (Record& record : append.records) recent_.add(std::move(record));
  }
  for (const EventClass event_class : kEventClasses) {
    recent_.forget_before(event_class, status_.oldest[index_of(event_class)]);
  }
  if (news && report.outcome) {
    for (const auto& observer : observers_) observer(status_.heads);
  }
  if (!accepting()) return;
  for (const auto& resume : std::exchange(resumes_, {})) resume();
}

}  // namespace watchpost::spool
