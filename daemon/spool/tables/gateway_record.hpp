// gateway_record: what the store says of itself, as records that are forwarded like others.
// Promise: each range that will not arrive is one `gap` record, committed with its row in the drop
// ledger (promise 4). Pure; spool thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/record.hpp"

namespace watchpost::spool {

enum class DropReason : std::uint8_t {
  quota,    // yielded to make room
  damage,   // cannot be read from the disk any more
  relayed,  // nothing is gone: events of other gateways, which go under their own ids, stand there
};
[[nodiscard]] std::string_view to_string(DropReason reason);

// A range of one log that is not there any more: first <= seq <= last.
struct Drop {
  EventClass event_class = EventClass::telemetry;
  Epoch epoch;
  Seq first;
  Seq last;
  DropReason reason = DropReason::quota;
  [[nodiscard]] std::uint64_t count() const { return last.value - first.value + 1; }
  // True where `next` is the same drop going on.
  [[nodiscard]] bool is_followed_by(const Drop& next) const {
    return next.event_class == event_class && next.epoch == epoch && next.reason == reason &&
           next.first == last.next();
  }
};

// When the store notes something of itself. For people only, as every wall time.
struct Moment {
  WallTime wall{};
  ClockQuality clock = ClockQuality::unset;
};

[[nodiscard]] Record gap_record(const Drop& drop, Moment now);

// A new epoch begins in a store that has an older one.
struct NewEpoch {
  Epoch epoch;
  Epoch previous;
  PerClass<Seq> first{};    // its first number in each class
  std::uint64_t saved = 0;  // rows that could be read
  std::uint64_t lost = 0;   // numbers that are known to be missing
  std::string_view reason;  // "start", "asked", "restored", "damage", "lost_commits"
};
[[nodiscard]] Record store_record(const NewEpoch& change, Moment now);

}  // namespace watchpost::spool
