// Sl651Packets: the packets of one message of a station (mode M3, section 6.3.1.2 c), from the
// first to the one confirmation.
// Promise: the message counts as kept only when every one of its packets is. A packet is asked for
// again at most twice, one at a time, and never while one that came waits for its commit. Pure; one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "wired/sl651_frame.hpp"

namespace watchpost::wired {

class Sl651Packets {
 public:
  explicit Sl651Packets(const Sl651Frame& first);

  // Whether `frame` is a packet of this message. Not the first packet of the next one.
  [[nodiscard]] bool takes(const Sl651Frame& frame) const;
  void came(const Sl651Frame& frame);
  // What became of the packet `number` of this message.
  void settled(std::uint16_t number, const Result<void>& outcome);
  // Nothing came for a while: what is missing does not come by itself.
  void paused() { all_sent_ = true, awaited_ = false; }

  enum class Next : std::uint8_t { wait, confirm, ask, give_up };
  // What is to be done now; `ask` counts as done, for missing().
  [[nodiscard]] Next next();
  [[nodiscard]] std::uint16_t missing() const { return missing_; }

  [[nodiscard]] const Sl651Frame& header() const { return header_; }  // without body
  [[nodiscard]] std::uint16_t total() const { return static_cast<std::uint16_t>(kept_.size()); }
  // Of the first packet; nothing while that has not come.
  [[nodiscard]] const std::optional<Sl651Opening>& opening() const { return opening_; }

 private:
  Sl651Frame header_;
  std::vector<bool> kept_;  // by number - 1
  std::size_t kept_count_ = 0;
  std::size_t under_way_ = 0;
  std::optional<Sl651Opening> opening_;
  bool all_sent_ = false;      // the station says so, or it has paused
  std::uint16_t missing_ = 0;  // asked for last
  bool awaited_ = false;       // it was asked for, and has not come
  int asked_ = 0;              // how often
};

}  // namespace watchpost::wired
