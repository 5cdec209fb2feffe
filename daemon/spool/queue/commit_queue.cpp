#include "spool/queue/commit_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace watchpost::spool {
namespace {

using std::chrono::milliseconds;

// Of what is ordinary one commit takes at most this many appends or bytes: past a thousand rows a
// commit gains nothing, and an alarm that arrives meanwhile waits for it.
constexpr std::size_t kMostAppendsPerCommit = 2'000;
constexpr std::uint64_t kMostBytesPerCommit = 1ULL << 20U;
// Beside what presses: enough that telemetry goes on, and few enough that the alarm's own commit is
// short.
constexpr std::size_t kMostBesideUrgent = 200;
constexpr std::uint64_t kMostBytesBesideUrgent = 128ULL << 10U;
// Notes that press (a copy set aside, a loss) ride on the next commit, and are worth one of their
// own only this often; cursors wait for `cursor_rest`.
constexpr milliseconds kNotesRest{1'000};
constexpr milliseconds kFailureRest{100};

}  // namespace

ByteCount size_of(const Append& append) {
  std::uint64_t size = 64;
  for (const Record& record : append.records) {
    size += 128 + record.payload.size() + record.annotation.size() + record.topic.size() +
            record.device.size();
  }
  for (const Fact& fact : append.facts) size += size_of(fact);
  return ByteCount{size};
}

bool CommitQueue::add(Append& append) {
  const ByteCount size = size_of(append);
  std::unique_lock lock(mutex_);
  if (stopping_) return false;
  bool changes_due = true;
  if (goes_with_next_commit(append)) {
    urgent_.push_back(std::move(append));
  } else {
    const Linger::Client client = append.ticket.sink.get();
    ordinary_.push_back(std::move(append));
    changes_due = linger_.added(std::chrono::steady_clock::now(), size, client);
  }
  lock.unlock();
  if (changes_due) wake_.notify_one();
  return true;
}

void CommitQueue::note(const std::function<void(Notes&)>& add) {
  const std::lock_guard lock(mutex_);
  const bool first = notes_.is_empty();
  if (first) notes_since_ = std::chrono::steady_clock::now();
  const bool had_pressing = notes_.has_pressing();
  add(notes_);
  // The notes are due for the first time, or earlier than before.
  if (first || (!had_pressing && notes_.has_pressing())) wake_.notify_one();
}

void CommitQueue::take_over(Notes notes) {
  if (notes.is_empty()) return;
  {
    const std::lock_guard lock(mutex_);
    notes_.take_over(std::move(notes));
  }
  // The spool thread may have gone to sleep with nothing to save.
  wake_.notify_one();
}

void CommitQueue::visit_waiting_copies(const std::function<void(const SetAsideCopy&)>& visit) {
  const std::lock_guard lock(mutex_);
  for (const SetAsideCopy& copy : notes_.set_aside) visit(copy);
}

void CommitQueue::damaged(const Failure& damage) {
  {
    const std::lock_guard lock(mutex_);
    damage_ = damage;
  }
  wake_.notify_one();
}

void CommitQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
}

void CommitQueue::wake() {
  // Not between the spool thread's look at what is due and its sleep.
  { const std::lock_guard lock(mutex_); }
  wake_.notify_one();
}

std::optional<Failure> CommitQueue::take_damage() {
  const std::lock_guard lock(mutex_);
  return std::exchange(damage_, std::nullopt);
}

bool CommitQueue::has_work() {
  const std::lock_guard lock(mutex_);
  return is_due();
}

// When the next commit is due; nothing while there is nothing to commit, or only what can wait
// until the WAL has been moved.
std::optional<SteadyTime> CommitQueue::due_at() const {
  if (stopping_ || damage_ || !urgent_.empty()) return SteadyTime::min();
  if (options_.is_moving_wal()) return std::nullopt;
  const auto due = linger_.due_at();
  if (notes_.is_empty()) return due;
  const SteadyTime notes_due =
      notes_since_ + (notes_.has_pressing() ? kNotesRest : options_.cursor_rest);
  return earlier(due, notes_due);
}

bool CommitQueue::is_due() const {
  const auto due = due_at();
  return due && *due <= std::chrono::steady_clock::now();
}

void CommitQueue::wait(SteadyTime look_at) {
  std::unique_lock lock(mutex_);
  if (is_due()) return;
  wake_.wait_until(lock, std::min(due_at().value_or(look_at), look_at));
}

CommitGroup CommitQueue::take(bool want_room) {
  const std::lock_guard lock(mutex_);
  CommitGroup group;
  if (damage_) return group;
  group.appends.reserve(urgent_.size() + std::min(ordinary_.size(), kMostAppendsPerCommit));
  std::move(urgent_.begin(), urgent_.end(), std::back_inserter(group.appends));
  urgent_.clear();
  Linger::Taken taken;
  const bool presses = !group.appends.empty();
  const std::size_t most = presses ? kMostBesideUrgent : kMostAppendsPerCommit;
  const std::uint64_t most_bytes = presses ? kMostBytesBesideUrgent : kMostBytesPerCommit;
  while (!ordinary_.empty() && taken.clients.size() < most && taken.size.value < most_bytes) {
    taken.size.value += size_of(ordinary_.front()).value;
    taken.clients.push_back(ordinary_.front().ticket.sink.get());
    group.appends.push_back(std::move(ordinary_.front()));
    ordinary_.pop_front();
  }
  const std::size_t count = taken.clients.size();
  linger_.taken(std::move(taken));
  const bool rested = std::chrono::steady_clock::now() >= notes_since_ + options_.cursor_rest;
  const bool notes_ride =
      stopping_ || want_room || rested || notes_.has_pressing() || count >= Linger::kEnough;
  if (notes_ride) group.notes = std::exchange(notes_, {});
  return group;
}

bool CommitQueue::is_finished() {
  const std::lock_guard lock(mutex_);
  return stopping_ && !damage_ && urgent_.empty() && ordinary_.empty() && notes_.is_empty();
}

void CommitQueue::clients_answered(SteadyTime now) {
  const std::lock_guard lock(mutex_);
  linger_.answered(now);
}

void CommitQueue::rest() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, kFailureRest, [this] { return stopping_; });
}

}  // namespace watchpost::spool
