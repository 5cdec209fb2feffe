// Space: what yields when the store grows, and who is refused when nothing may yield any more.
// Promise 4 (one order, whoever needs the room): delivered history, then telemetry
// that is not delivered from its oldest, then such status; alarms and patrols never. New telemetry
// and status are refused where the reserve begins, patrols near its end, alarms only at the quota.
// The newest record of a class stays (its number is where numbering goes on). Pure; spool thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/strong.hpp"
#include "model/event_class.hpp"
#include "model/record.hpp"
#include "spool/room/holes.hpp"
#include "spool/spool_defaults.hpp"

namespace watchpost::spool {

struct LogExtent {
  Seq oldest;               // 0 when the log is empty
  Seq newest;               // also of a log whose records are all gone: numbering goes on from here
  Seq delivered;            // up to here those that it is kept for have it (KeptFor)
  std::uint64_t begin = 0;  // position of the oldest record
  std::uint64_t end = 0;    // position behind the newest one
  // The relayed records at the end of the log, which no event upstream has accounted for yet: from
  // here to the newest; 0 where the newest is our own.
  Seq relayed{};
  Epoch relayed_epoch{};  // in which they were numbered

  Holes holes{};  // between oldest and newest

  [[nodiscard]] ByteCount bytes() const { return ByteCount{end - begin}; }
  // How many records past `after` the log holds.
  [[nodiscard]] std::uint64_t stored_after(Seq after) const;
};

struct SpaceLimits {
  ByteCount quota = kDefaultQuota;      // the database file never grows past this
  ByteCount reserve = kDefaultReserve;  // of it, only for alarms and patrols; at most a quarter
  ByteCount history = kDefaultHistory;  // delivered records are kept while the store is smaller
  // Messages for subscribers: of one client, and of all; at most a quarter of the quota.
  ByteCount client_queue = kDefaultClientQueue;
  ByteCount client_queues = kDefaultClientQueues;

  // Kept within each other: history must leave room, or a full store could never remove anything.
  [[nodiscard]] SpaceLimits sane() const;
  // The size up to which the store may grow for a new record of this class.
  [[nodiscard]] ByteCount ceiling(EventClass event_class) const;
};

struct Removal {
  EventClass event_class = EventClass::telemetry;
  Seq first;  // removed: first <= seq < end
  Seq end;
};

// At most `budget` delivered rows, low classes first.
[[nodiscard]] std::optional<Removal> next_delivered(const PerClass<LogExtent>& logs,
                                                    std::uint64_t budget);
// Rows that yield although some upstream still waits for them: about as many as give `wanted`
// bytes, and at most `budget`.
[[nodiscard]] std::optional<Removal> next_yield(const PerClass<LogExtent>& logs, ByteCount wanted,
                                                std::uint64_t budget);

}  // namespace watchpost::spool
