// Room: what yields before a group is written, which of its messages there is no room for, and what
// the operator is told of it.
// Promise: as space.hpp: delivered history goes first, then what waits for subscribers as
// queue_room.hpp says, then the oldest telemetry, then status; alarms and patrols never. A refused
// message is refused alone, with the remedy that fits the cause. Spool thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/log.hpp"
#include "spool/queue/commit_group.hpp"
#include "spool/room/queue_room.hpp"
#include "spool/room/shortage.hpp"
#include "spool/room/space.hpp"
#include "spool/writer/transaction.hpp"

namespace watchpost::spool {

class Room {
 public:
  // `folder`: of the store, whose filesystem is asked.
  Room(SpaceLimits limits, std::filesystem::path folder, Log& log)
      : limits_(limits.sane()), folder_(std::move(folder)), log_(&log), queues_(limits_, log) {}

  // Removes records until the group fits. `squeezed`: the disk was already full when this group was
  // tried; then an alarm may also push out records that still wait for an upstream.
  [[nodiscard]] Result<void> make_space(Transaction& transaction, const CommitGroup& group,
                                        bool squeezed);
  // What waits for subscribers and is over its bounds goes.
  [[nodiscard]] Result<void> keep_queues(Transaction& transaction) {
    return queues_.keep_bounds(transaction);
  }
  // Of a transaction that was committed.
  void note_queues(SteadyTime now) { queues_.note(now); }
  // Sets the refusal of each append that there is no room for.
  void admit(const OpenStore& store, CommitGroup& group);
  // Delivered records past `history`, at most so many.
  [[nodiscard]] Result<void> trim_history(Transaction& transaction, std::uint64_t most_rows) const;
  [[nodiscard]] bool has_history_to_remove(const StoreContents& contents, ByteCount used) const;

  // SQLite found no room: what of the group `which` names is refused. Returns how it is told.
  [[nodiscard]] Failure refuse(CommitGroup& group, const std::function<bool(const Append&)>& which,
                               ByteCount used);
  // Notes whether the group was kept whole. `drops`: the records that were dropped to make room for
  // it.
  void note(const CommitGroup& group, const std::vector<Drop>& drops, ByteCount used);
  // Asks the filesystem whether a shortage is over. True once, when it is.
  bool look(ByteCount used);
  // Asks the filesystem whether it is so full that the next telemetry will be refused, and tells of
  // it before one is. True once, when it is.
  bool foresee(const OpenStore& store, const StoreContents& contents);

  [[nodiscard]] const Shortage& shortage() const { return shortage_; }
  [[nodiscard]] const SpaceLimits& limits() const { return limits_; }
  [[nodiscard]] const QueueRoom& queues() const { return queues_; }

 private:
  enum class Yield : std::uint8_t { delivered, all };
  using Missing = std::function<std::uint64_t()>;  // bytes that are still wanted
  [[nodiscard]] Result<void> make_room(Transaction& transaction, const Missing& missing,
                                       Yield which);
  [[nodiscard]] Trouble no_room_for(EventClass event_class, Shortage::Cause cause) const;
  [[nodiscard]] Failure refusal_for(EventClass event_class, Shortage::Cause cause) const;
  [[nodiscard]] std::uint64_t soft_limit() const {
    return limits_.ceiling(EventClass::telemetry).value;
  }

  SpaceLimits limits_;
  std::filesystem::path folder_;
  Log* log_;
  QueueRoom queues_;
  bool disk_is_low_ = false;  // for the group at hand
  Shortage shortage_;
  Shortage::Cause refusal_cause_ = Shortage::Cause::none;  // of what was refused last
};

}  // namespace watchpost::spool
