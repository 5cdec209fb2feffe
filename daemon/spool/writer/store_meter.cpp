#include "spool/writer/store_meter.hpp"

#include "model/trouble_catalogue.hpp"

namespace watchpost::spool {
namespace {

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
  status.queued = contents.queues.messages();
  status.queued_bytes = ByteCount{contents.queues.bytes()};
  status.yielded = writer.queue_yields();
  status.salvage = writer.salvage();
  status.damaged_facts = contents.facts.damaged;
  status.no_room = writer.shortage().told();
}

}  // namespace

void StoreMeter::begin(const Writer& writer) {
  written_before_ = written_to(writer);
  begun_ = std::chrono::steady_clock::now();
}

void StoreMeter::end(const Writer& writer, const CommitGroup& group, const Result<void>& outcome) {
  const auto ended = std::chrono::steady_clock::now();
  if (!outcome) {
    ++totals_.failed_commits;
    // Want of room is told as what it is: SpoolStatus::no_room.
    if (!writer.shortage().lasts()) totals_.last_failure = cause_of(outcome.error());
    return;
  }
  for (const Append& append : group.appends) {
    if (!append.refusal) totals_.committed_records += append.records.size();
  }
  forecast_.note(ended, ByteCount{written_to(writer) - written_before_});
  ++totals_.commits;
  totals_.last_commit_at = ended;
  totals_.last_commit_took = std::chrono::duration_cast<std::chrono::microseconds>(ended - begun_);
  if (group.keeps_something()) totals_.last_failure.reset();
}

SpoolStatus StoreMeter::status_of(const Writer& writer) const {
  SpoolStatus status = totals_;
  fill(status, writer);
  status.days_left = forecast_.days_left(std::chrono::steady_clock::now(), room_left(writer));
  return status;
}

}  // namespace watchpost::spool
