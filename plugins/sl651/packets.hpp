// PacketShelf: the packets of messages that are not complete yet (mode M3), kept over a restart.
// Promise: a message is put together from packets of one sending only: packets that came more than
// kLongest apart, or with another serial number, are never mixed. Past kMostBytes of one message,
// or kMostMessages, the oldest goes; its packets are stored as they came. What is remembered is
// written anew with each packet, so the bound is small: pictures do not come here. Pure; one
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/sink.hpp"
#include "wired/sl651_frame.hpp"

namespace watchpost::sl651 {

class PacketShelf {
 public:
  static constexpr std::int64_t kLongest = 600'000'000'000;  // 10 min, in ns
  static constexpr std::size_t kMostBytes = 32 * 1'024;
  static constexpr std::size_t kMostMessages = 64;

  // The whole message, as one frame without packet numbers, once its last packet has come.
  [[nodiscard]] std::optional<wired::Sl651Frame> add(const wired::Sl651Frame& packet,
                                                     std::int64_t received_ns);
  // How many packets of the message of this packet are there. None: it was too large.
  [[nodiscard]] std::size_t count(const wired::Sl651Frame& packet) const;

  // For remembering: what add() has changed since, by key; an empty value: it is gone.
  [[nodiscard]] std::map<std::string, std::string> take_changes();
  void recall(const sdk::Remembered& learnt);

 private:
  struct Message {
    std::map<std::uint16_t, std::string> bodies;  // by number
    std::uint16_t total = 0;
    bool ascii = false;
    std::int64_t last_ns = 0;
    std::size_t bytes = 0;
  };
  [[nodiscard]] static std::string key_of(const wired::Sl651Frame& packet);
  [[nodiscard]] static bool fits(const Message& message, const wired::Sl651Frame& packet,
                                 std::int64_t received_ns);
  [[nodiscard]] static std::string text_of(const Message& message);
  void forget(const std::string& key);

  std::map<std::string, Message> messages_;
  std::map<std::string, std::string> changes_;
};

}  // namespace watchpost::sl651
