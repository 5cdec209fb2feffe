// Strong: integers that mean different things are different types.
// Promise: two swapped arguments do not compile.
// Used by every layer, on any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace watchpost {

template <class Tag, class Rep>
struct Strong {
  Rep value{};

  constexpr Strong() = default;
  constexpr explicit Strong(Rep v) : value(v) {}
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;
  constexpr Strong& operator++() {
    ++value;
    return *this;
  }
  [[nodiscard]] constexpr Strong next() const { return Strong(static_cast<Rep>(value + 1)); }
};

// Position in the log of one class: dense, starts at 1; 0 means "none yet".
using Seq = Strong<struct SeqTag, std::uint64_t>;
// MQTT Packet Identifier, 1..65535 (MQTT 5.0 section 2.2.1).
using PacketId = Strong<struct PacketIdTag, std::uint16_t>;
// A number of bytes, of memory or of disk.
using ByteCount = Strong<struct ByteCountTag, std::uint64_t>;
// Names one network connection for the life of the process.
using ConnectionId = Strong<struct ConnectionIdTag, std::uint64_t>;
// Names one hand-over to the store among those of its sender. 0: nobody waits for its outcome.
using TicketNumber = Strong<struct TicketNumberTag, std::uint64_t>;

}  // namespace watchpost

template <class Tag, class Rep>
struct std::hash<watchpost::Strong<Tag, Rep>> {
  std::size_t operator()(const watchpost::Strong<Tag, Rep>& strong) const noexcept {
    return std::hash<Rep>{}(strong.value);
  }
};
