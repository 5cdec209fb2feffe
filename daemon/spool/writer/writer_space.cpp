// Room: what is removed before a batch is written, and which of its messages are refused.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spool/room/disk.hpp"
#include "spool/tables/log_row.hpp"
#include "spool/writer/writer.hpp"

namespace watchpost::spool {
namespace {

constexpr std::uint64_t kRowsPerStep = 512;
// More would keep an alarm waiting in this commit; the next one goes on.
constexpr int kMostSteps = 16;
// Once something must yield, this much more goes with it: one gap event for many rows.
constexpr std::uint64_t kSlackShare = 256;
constexpr std::uint64_t kMostSlack = 256ULL << 10U;

// Bytes of pages an append may take; what does not fit beside others on a page takes whole ones.
std::uint64_t room_for(const Append& append, std::uint64_t page_size) {
  std::uint64_t room = 0;
  for (const Record& record : append.records) {
    const auto size = size_of_row(record);
    room += size < page_size ? size : (size / page_size + 2) * page_size;
  }
  return room + 64 * append.sessions.size();
}

std::uint64_t over(std::uint64_t wanted, std::uint64_t there) {
  return wanted > there ? wanted - there : 0;
}

}  // namespace

Result<void> Writer::make_space(const Batch& batch) {
  std::uint64_t need = 0;
  bool urgent = false;
  for (const Append& append : batch.appends) {
    if (append.refusal) continue;
    need += room_for(append, page_size_);
    urgent = urgent || (class_of(append) <= EventClass::patrol && !append.records.empty());
  }
  disk_is_low_ = need > 0 && disk_of(options_.directory).is_low();
  if (need == 0) return {};
  const auto soft = options_.space.ceiling(EventClass::telemetry).value;
  if (used_.value + need > soft) {
    const auto slack = std::min(options_.space.quota.value / kSlackShare, kMostSlack);
    const auto wanted = need + slack;
    return make_room([this, soft, wanted] { return over(used_.value + wanted, soft); }, Yield::all);
  }
  if (!disk_is_low_) return {};
  // The disk is filled by others: what is settled may go, what waits is kept, but for an alarm.
  const auto missing = [this, need] { return over(need + 2 * page_size_, free_.value); };
  return make_room(missing, urgent && is_squeezed_ ? Yield::all : Yield::settled);
}

// `missing`: bytes that are still wanted.
Result<void> Writer::make_room(const std::function<std::uint64_t()>& missing, Yield which) {
  for (int step = 0; step < kMostSteps && missing() > 0; ++step) {
    auto removal = next_settled(logs_, kRowsPerStep);
    const bool settled = removal.has_value();
    if (!removal && which == Yield::all)
      removal = next_yield(logs_, ByteCount{missing()}, kRowsPerStep);
    if (!removal) return {};
    if (!settled) {
      Drop drop{
          removal->event_class, {}, removal->first, Seq{removal->end.value - 1}, DropReason::quota};
      if (auto noted = note_drop(std::move(drop)); !noted) return noted;
    }
    if (auto removed = remove(*removal); !removed) return removed;
    if (auto measured = measure(); !measured) return measured;
  }
  return {};
}

// In the order in which they came, urgent ones first: who would pass the ceiling of its class is
// refused alone.
Result<void> Writer::admit(Batch& batch) {
  std::uint64_t used = used_.value;
  std::uint64_t fresh = 0;
  for (Append& append : batch.appends) {
    if (append.refusal || append.records.empty()) continue;
    const auto event_class = class_of(append);
    const auto room = room_for(append, page_size_);
    const bool fits = used + room <= options_.space.ceiling(event_class).value;
    const bool disk = event_class <= EventClass::patrol || !disk_is_low_ ||
                      fresh + room + 2 * page_size_ <= free_.value;
    if (fits && disk) {
      used += room;
      fresh += room;
      continue;
    }
    append.refusal =
        no_room_for(event_class, fits ? Shortage::Cause::disk : Shortage::Cause::quota);
  }
  return {};
}

// What is said of a class that is refused, with the remedy that fits the cause.
Failure Writer::no_room_for(EventClass event_class, Shortage::Cause cause) {
  refusal_cause_ = cause;
  const Disk disk = disk_of(options_.directory);
  if (cause == Shortage::Cause::disk) {
    // Under a quota that the disk cannot hold the store itself may be what fills it.
    const ByteCount most{(disk.free.value + used_.value) / 10 * 8};
    const std::string or_quota =
        remark_on_quota(options_.directory, options_.space.quota)
            ? fmt::format(
                  ", or set store.quota, which is more than the whole disk, to at most {} so that "
                  "the oldest telemetry goes in time",
                  text_of(most))
            : std::string();
    return {Failure::Kind::refused,
            fmt::format("The disk is full: {} is not kept", to_string(event_class)),
            fmt::format("Free space on the disk of {}{}; service resumes by itself",
                        options_.directory.string(), or_quota)};
  }
  return {Failure::Kind::refused,
          fmt::format("The store has reached its quota: {} is not kept", to_string(event_class)),
          fmt::format("Bring the upstreams back so that records can go, or raise store.quota (the "
                      "disk has {} left); service resumes by itself",
                      text_of(disk.free))};
}

Result<void> Writer::trim_history(std::uint64_t budget) {
  if (used_ <= options_.space.history) return {};
  const auto removal = next_settled(logs_, budget);
  if (!removal) return {};
  return remove(*removal);
}

Result<void> Writer::measure() {
  auto pages = statements_.page_count.step();
  if (!pages) return pages.error();
  const auto page_count = static_cast<std::uint64_t>(statements_.page_count.integer(0));
  statements_.page_count.reset();
  auto free = statements_.free_pages.step();
  if (!free) return free.error();
  const auto free_pages = static_cast<std::uint64_t>(statements_.free_pages.integer(0));
  statements_.free_pages.reset();
  used_ = ByteCount{(page_count - free_pages) * page_size_};
  free_ = ByteCount{free_pages * page_size_};
  return {};
}

void Writer::note_room(const Batch& batch) {
  const Append* refused = nullptr;
  for (const Append& append : batch.appends) {
    // One that came refused wanted no room.
    if (!append.refusal || append.records.empty()) continue;
    shortage_.refused(append);
    refused = &append;
  }
  if (refused != nullptr) {
    return shortage_.begin(refusal_cause_, refused->refusal->sentence(), *log_);
  }
  const auto yielded = std::find_if(drops_.rbegin(), drops_.rend(), [](const Drop& drop) {
    return drop.reason == DropReason::quota;
  });
  if (yielded == drops_.rend()) {
    (void)look_for_room();
    return;
  }
  shortage_.begin(
      Shortage::Cause::yielding,
      fmt::format("The store has reached its quota: the oldest {} is dropped to make room, and the "
                  "upstreams are told which. Bring the upstreams back, or raise store.quota",
                  to_string(yielded->event_class)),
      *log_);
}

bool Writer::look_for_room() {
  if (!shortage_.lasts() || disk_of(options_.directory).is_low()) return false;
  const auto soft = options_.space.ceiling(EventClass::telemetry).value;
  // Between two drops nothing is missing, yet the store is as full as it was.
  if (used_.value > soft / 20 * 19) return false;
  shortage_.end(*log_);
  return true;
}

}  // namespace watchpost::spool
