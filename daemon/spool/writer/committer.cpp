#include "spool/writer/committer.hpp"

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::spool {
namespace {

// While there is no room the filesystem is asked this often whether it has some.
constexpr std::chrono::seconds kRoomRest{1};

// All that was ever written to the logs, as stored.
std::uint64_t written_to(const Writer& writer) {
  std::uint64_t bytes = 0;
  for (const LogExtent& log : writer.contents().logs) bytes += log.end;
  return bytes;
}

// The room left beside the records that are not delivered. Delivered ones do not count: they are
// removed when their room is needed.
ByteCount room_left(const Writer& writer) {
  std::uint64_t undelivered = 0;
  for (const LogExtent& log : writer.contents().logs) {
    const auto stored = log.stored_after(Seq{});
    if (stored > 0) undelivered += log.bytes().value / stored * log.stored_after(log.delivered);
  }
  const auto ceiling = writer.space().ceiling(EventClass::telemetry).value;
  return ByteCount{ceiling > undelivered ? ceiling - undelivered : 0};
}

void fill(SpoolStatus& status, const Writer& writer) {
  const StoreContents& contents = writer.contents();
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    const LogExtent& log = contents.logs[i];
    status.heads.newest[i] = log.newest;
    status.oldest[i] = log.oldest;
    status.relayed[i] = log.relayed;
    status.bytes[i] = log.bytes();
  }
  status.epoch = contents.run_epoch;
  status.first = contents.run_first();
  status.store_size = writer.store_size();
  status.dropped = contents.dropped;
  status.refused = writer.shortage().refusals();
  status.set_aside = contents.set_aside;
  status.salvage = writer.salvage();
  status.no_room = writer.shortage().told();
}

}  // namespace

Committer::Committer(Writer writer, CommitQueue& queue, Observer observer)
    : writer_(std::move(writer)), queue_(queue), observer_(std::move(observer)) {
  writer_.checkpointer().run_beside([this] { queue_.wake(); });
}

SpoolStatus Committer::status_of(const Writer& writer) {
  SpoolStatus status;
  fill(status, writer);
  return status;
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
  std::optional<SteadyTime> look_at;
  if (writer_.shortage().lasts()) look_at = std::chrono::steady_clock::now() + kRoomRest;
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
  std::uint64_t records = 0;
  for (const Append& append : done->group.appends) done->bytes.value += size_of(append).value;
  const auto before = written_to(writer_);
  const auto begun = std::chrono::steady_clock::now();
  done->outcome = writer_.commit(done->group);
  const auto ended = std::chrono::steady_clock::now();
  if (done->outcome) {
    for (const Append& append : done->group.appends) {
      if (!append.refusal) records += append.records.size();
    }
    forecast_.note(ended, ByteCount{written_to(writer_) - before});
    ++totals_.commits;
    totals_.committed_records += records;
    totals_.last_commit_at = ended;
    totals_.last_commit_took = std::chrono::duration_cast<std::chrono::microseconds>(ended - begun);
    if (done->group.keeps_something()) totals_.last_failure.reset();
  } else {
    ++totals_.failed_commits;
    // Want of room is told as what it is: SpoolStatus::no_room.
    if (!writer_.shortage().lasts()) totals_.last_failure = cause_of(done->outcome.error());
  }
  measure(*done);
  return done;
}

void Committer::measure(Report& report) const {
  report.measured = totals_;
  fill(report.measured, writer_);
  report.logs = writer_.contents().logs;
  report.measured.days_left =
      forecast_.days_left(std::chrono::steady_clock::now(), room_left(writer_));
}

}  // namespace watchpost::spool
