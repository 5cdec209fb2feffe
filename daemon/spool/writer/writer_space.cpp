// Room: what is removed before a batch is written, and which of its messages are refused.
#include <fmt/format.h>

#include <algorithm>
#include <array>

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
// Kept free on the disk: below it telemetry and status only use pages the file has already.
constexpr std::uint64_t kDiskFloor = 4ULL << 20U;

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

struct Disk {
  std::uint64_t free = 0;
  std::uint64_t size = 0;
  [[nodiscard]] bool is_low() const { return free < std::min(kDiskFloor, size / 16); }
};

// Where it cannot be asked there is room: writing will tell.
Disk disk_of(const std::filesystem::path& directory) {
  std::error_code error;
  const auto space = std::filesystem::space(directory, error);
  if (error) return Disk{~std::uint64_t{0}, 0};
  return Disk{space.available, space.capacity};
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
    append.refusal = Failure{
        Failure::Kind::refused,
        fmt::format("{}: {} is not kept",
                    fits ? "The disk is full" : "The store has reached its quota",
                    to_string(event_class)),
        fits ? "Free space on the disk; service resumes by itself"
             : "Bring the upstreams back so that records can go, or raise store.quota; service "
               "resumes by itself"};
  }
  return {};
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

// One line when room runs out and one when it is there again.
void Writer::note_room(const Batch& batch) {
  std::string now;
  for (const Append& append : batch.appends) {
    // One that came refused wanted no room.
    if (!append.refusal || append.records.empty()) continue;
    ++refused_[index_of(class_of(append))];
    now = append.refusal->sentence();
  }
  const bool yielded = std::any_of(drops_.begin(), drops_.end(), [](const Drop& drop) {
    return drop.reason == DropReason::quota;
  });
  if (now.empty() && yielded) {
    now = fmt::format(
        "The store has reached its quota: the oldest {} is dropped to make room, and the upstreams "
        "are told which. Bring the upstreams back, or raise store.quota",
        to_string(drops_.back().event_class));
  }
  const auto soft = options_.space.ceiling(EventClass::telemetry).value;
  // Between two drops nothing is missing, yet the store is as full as it was.
  if (now.empty() && (used_.value > soft / 20 * 19 || !batch.keeps_something())) return;
  if (now == no_room_) return;
  if (now.empty()) {
    log_->info("The store has room again: everything is kept");
  } else {
    log_->error("{}", now);
  }
  no_room_ = std::move(now);
}

}  // namespace watchpost::spool
