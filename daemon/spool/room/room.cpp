#include "spool/room/room.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "spool/room/disk.hpp"
#include "spool/spool_defaults.hpp"

namespace watchpost::spool {
namespace {

constexpr std::uint64_t kRowsPerStep = 512;
// The event with which the epoch of a start begins.
constexpr std::uint64_t kRoomForBeginning = 1'536;
// More would keep an alarm waiting in this commit; the next one goes on.
constexpr int kMostSteps = 16;
// When records must be dropped, so many bytes more are dropped with them, so that one gap event
// tells of many rows.
constexpr std::uint64_t kSlackShare = 256;
constexpr std::uint64_t kMostSlack = 256ULL << 10U;

// Bytes of pages an append may take; what does not fit beside others on a page takes whole ones.
std::uint64_t room_for(const Append& append, std::uint64_t page_size) {
  std::uint64_t room = 0;
  for (const Record& record : append.records) {
    const auto size = size_of_row(record);
    room += size < page_size ? size : (size / page_size + 2) * page_size;
  }
  for (const Fact& fact : append.facts) {
    const auto size = size_of(fact);
    room += size < page_size ? size : (size / page_size + 2) * page_size;
  }
  return room;
}

Result<bool> measured(Transaction& transaction) {
  if (auto done = transaction.store().measure(); !done) return done.error();
  return true;
}

std::uint64_t over(std::uint64_t wanted, std::uint64_t there) {
  return wanted > there ? wanted - there : 0;
}

}  // namespace

Result<void> Room::make_space(Transaction& transaction, const CommitGroup& group, bool squeezed) {
  queues_.begin();
  OpenStore& store = transaction.store();
  std::uint64_t need = 0;
  bool urgent = false;
  for (const Append& append : group.appends) {
    if (append.refusal) continue;
    need += room_for(append, store.page_size());
    urgent = urgent || (is_urgent(append) && !append.records.empty());
  }
  const StoreContents& contents = transaction.contents();
  if (need > 0 && contents.epoch != contents.run_epoch) need += kRoomForBeginning;
  disk_is_low_ = need > 0 && disk_of(folder_).is_low();
  if (need == 0) return {};
  const auto soft = soft_limit();
  if (store.used().value + need > soft) {
    const auto slack = std::min(limits_.quota.value / kSlackShare, kMostSlack);
    const auto wanted = need + slack;
    const auto missing = [&store, soft, wanted] { return over(store.used().value + wanted, soft); };
    return make_room(transaction, missing, Yield::all);
  }
  if (!disk_is_low_) return {};
  // The disk is filled by others: what is delivered may go, what waits is kept, but for an alarm.
  const auto missing = [&store, need] {
    return over(need + 2 * store.page_size(), store.free().value);
  };
  return make_room(transaction, missing, urgent && squeezed ? Yield::all : Yield::delivered);
}

Result<void> Room::make_room(Transaction& transaction, const Missing& missing, Yield which) {
  for (int step = 0; step < kMostSteps && missing() > 0; ++step) {
    const PerClass<LogExtent>& logs = transaction.contents().logs;
    auto removal = next_delivered(logs, kRowsPerStep);
    const bool is_delivered = removal.has_value();
    if (!removal && which == Yield::all) {
      auto gave_way = queues_.give_way(transaction, missing());
      if (gave_way && *gave_way) gave_way = measured(transaction);
      if (!gave_way) return gave_way.error();
      if (*gave_way) continue;
      removal = next_yield(logs, ByteCount{missing()}, kRowsPerStep);
    }
    if (!removal) return {};
    if (!is_delivered) {
      Drop drop{
          removal->event_class, {}, removal->first, Seq{removal->end.value - 1}, DropReason::quota};
      if (auto noted = transaction.drop(std::move(drop)); !noted) return noted;
    }
    if (auto removed = transaction.remove(*removal); !removed) return removed;
    if (auto measured = transaction.store().measure(); !measured) return measured;
  }
  return {};
}

// Appends are looked at in the order of the group, which is urgent ones first. An append that would
// pass the ceiling of its class is refused; the others are kept.
void Room::admit(const OpenStore& store, CommitGroup& group) {
  std::uint64_t used = store.used().value;
  std::uint64_t fresh = 0;
  // The words are made once: thousands may be refused in a group while alarms wait behind them.
  std::map<std::pair<EventClass, Shortage::Cause>, std::shared_ptr<const Failure>> said;
  for (Append& append : group.appends) {
    if (append.refusal || append.records.empty()) continue;
    const auto event_class = class_of(append);
    const auto room = room_for(append, store.page_size());
    const bool fits = used + room <= limits_.ceiling(event_class).value;
    const bool has_disk = is_urgent(append) || !disk_is_low_ ||
                          fresh + room + 2 * store.page_size() <= store.free().value;
    if (fits && has_disk) {
      used += room;
      fresh += room;
      continue;
    }
    const auto cause = fits ? Shortage::Cause::disk : Shortage::Cause::quota;
    refusal_cause_ = cause;
    std::shared_ptr<const Failure>& words = said[{event_class, cause}];
    if (!words) words = std::make_shared<const Failure>(refusal_for(event_class, cause));
    append.refusal = words;
  }
}

bool Room::has_history_to_remove(const StoreContents& contents, ByteCount used) const {
  return used > limits_.history && next_delivered(contents.logs, 1).has_value();
}

Result<void> Room::trim_history(Transaction& transaction, std::uint64_t most_rows) const {
  if (transaction.store().used() <= limits_.history) return {};
  const auto removal = next_delivered(transaction.contents().logs, most_rows);
  if (!removal) return {};
  return transaction.remove(*removal);
}

// With the remedy that fits the cause.
Trouble Room::no_room_for(EventClass event_class, Shortage::Cause cause) const {
  const Disk disk = disk_of(folder_);
  const auto refused = arg<"class">(event_class);
  if (cause != Shortage::Cause::disk) {
    return trouble<TroubleCode::room_quota>(refused, arg<"free">(disk.free));
  }
  const auto folder = arg<"folder">(folder_.string());
  if (!remark_on_quota(folder_, limits_.quota)) {
    return trouble<TroubleCode::room_disk_full>(refused, folder);
  }
  const auto most = quota_for(disk.size);
  if (!most) {
    return trouble<TroubleCode::room_disk_below_least>(refused, folder,
                                                       arg<"least">(text_of(kLeastQuota)));
  }
  // In the form in which watchpost.toml takes it.
  return trouble<TroubleCode::room_disk_too_small>(
      refused, folder, arg<"most">(fmt::format("{} MiB", most->value >> 20U)));
}

Failure Room::refusal_for(EventClass event_class, Shortage::Cause cause) const {
  return failure_of(Failure::Kind::refused, no_room_for(event_class, cause));
}

// SQLite says only that it is full: by the disk, or by the size it was allowed.
Failure Room::refuse(CommitGroup& group, const std::function<bool(const Append&)>& which,
                     ByteCount used) {
  const bool by_disk = disk_of(folder_).is_low() || used.value < soft_limit();
  auto lowest = EventClass::alarm;
  for (const Append& append : group.appends) {
    if (which(append)) lowest = std::max(lowest, class_of(append));
  }
  refusal_cause_ = by_disk ? Shortage::Cause::disk : Shortage::Cause::quota;
  const auto full = std::make_shared<const Failure>(refusal_for(lowest, refusal_cause_));
  for (Append& append : group.appends) {
    if (!append.refusal && which(append)) append.refusal = full;
  }
  return *full;
}

void Room::note(const CommitGroup& group, const std::vector<Drop>& drops, ByteCount used) {
  const Append* refused = nullptr;
  for (const Append& append : group.appends) {
    // One that came refused wanted no room.
    if (!append.refusal || append.records.empty()) continue;
    shortage_.refused(append);
    refused = &append;
  }
  if (refused != nullptr) {
    return shortage_.begin(refusal_cause_, cause_of(*refused->refusal), *log_);
  }
  const auto yielded = std::find_if(drops.rbegin(), drops.rend(), [](const Drop& drop) {
    return drop.reason == DropReason::quota;
  });
  if (yielded == drops.rend()) {
    (void)look(used);
    return;
  }
  shortage_.begin(Shortage::Cause::yielding,
                  trouble<TroubleCode::room_dropping>(arg<"class">(yielded->event_class)), *log_);
}

// As admit() would say of a small one.
bool Room::foresee(const OpenStore& store, const StoreContents& contents) {
  const bool has_page = store.free().value >= 3 * store.page_size();
  if (shortage_.lasts() || has_page || next_delivered(contents.logs, 1)) return false;
  if (!disk_of(folder_).is_low()) return false;
  refusal_cause_ = Shortage::Cause::disk;
  shortage_.begin(refusal_cause_, no_room_for(EventClass::telemetry, refusal_cause_), *log_);
  return true;
}

bool Room::look(ByteCount used) {
  if (!shortage_.lasts() || disk_of(folder_).is_low()) return false;
  // Between two drops nothing is missing, yet the store is as full as it was.
  if (used.value > soft_limit() / 20 * 19) return false;
  shortage_.end(*log_);
  return true;
}

}  // namespace watchpost::spool
