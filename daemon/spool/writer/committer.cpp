#include "spool/writer/committer.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::spool {
namespace {

// The filesystem is asked this often whether it has room: while it has none, and else.
constexpr std::chrono::seconds kRoomRest{1};
constexpr std::chrono::seconds kRoomWatch{10};
// After a commit that failed with steps of judgement the store is read again so often, where no
// other commit does it.
constexpr std::chrono::seconds kDoubtRest{1};

}  // namespace

Committer::Committer(Writer writer, CommitQueue& queue, Observer observer)
    : writer_(std::move(writer)), queue_(queue), observer_(std::move(observer)) {
  writer_.checkpointer().run_beside([this] { queue_.wake(); });
}

void Committer::start() {
  thread_ = std::thread([this] { run(); });
}

void Committer::join() {
  if (thread_.joinable()) thread_.join();
}

void Committer::run() {
  while (true) {
    heed_damage();
    if (!queue_.has_work()) {
      work_beside();
      continue;
    }
    CommitGroup group = queue_.take(has_failed_ || writer_.shortage().lasts());
    if (group.is_empty() && queue_.is_finished()) break;
    if (group.is_empty()) continue;  // damage was reported meanwhile
    auto done = commit(std::move(group));
    has_failed_ = done->outcome.has_error();
    observer_.committed(std::move(done));
    writer_.after_commit();
    queue_.clients_answered(std::chrono::steady_clock::now());
    if (has_failed_) queue_.rest();
  }
  writer_.close();
}

// Nothing to commit: delivered history goes meanwhile, in steps short enough to be interrupted.
void Committer::work_beside() {
  const bool removed = writer_.remove_some();
  if (writer_.look_for_room()) {
    auto news = std::make_shared<Report>();
    measure(*news);
    observer_.committed(std::move(news));
  }
  if (removed) return;
  const auto now = std::chrono::steady_clock::now();
  SteadyTime look_at = now + (writer_.shortage().lasts() ? kRoomRest : kRoomWatch);
  if (writer_.is_in_doubt()) {
    if (!doubt_at_) doubt_at_ = now + kDoubtRest;
    if (now >= *doubt_at_) {
      doubt_at_.reset();
      writer_.look_at_doubt();
      return;  // what was found is told before anything is waited for
    }
    look_at = std::min(look_at, *doubt_at_);
  } else {
    doubt_at_.reset();
  }
  queue_.wait(look_at);
}

void Committer::heed_damage() {
  if (const auto damage = queue_.take_damage()) writer_.give_up(*damage);
  if (writer_.has_given_up() && !std::exchange(is_given_up_, true))
    observer_.given_up(writer_.given_up_for());
}

std::shared_ptr<Committer::Report> Committer::commit(CommitGroup group) {
  auto done = std::make_shared<Report>();
  done->group = std::move(group);
  for (const Append& append : done->group.appends) done->bytes.value += size_of(append).value;
  meter_.begin(writer_);
  done->outcome = writer_.commit(done->group);
  meter_.end(writer_, done->group, done->outcome);
  measure(*done);
  return done;
}

void Committer::measure(Report& report) const {
  report.measured = meter_.status_of(writer_);
  report.logs = writer_.contents().logs;
}

}  // namespace watchpost::spool
