#include "sl651/packets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "base/encoding.hpp"

namespace watchpost::sl651 {
namespace {

// The next word of `rest`, which ends with a space.
std::string_view take_word(std::string_view& rest) {
  const auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

template <class Number>
bool read_number(std::string_view word, Number& number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc{} && end == word.data() + word.size();
}

}  // namespace

std::string PacketShelf::key_of(const wired::Sl651Frame& packet) {
  return fmt::format("packets/{}/{:02X}", packet.station, packet.function);
}

bool PacketShelf::fits(const Message& message, const wired::Sl651Frame& packet,
                       std::int64_t received_ns) {
  if (message.total != packet.packet->total || message.ascii != packet.ascii) return false;
  if (std::abs(received_ns - message.last_ns) > kLongest) return false;
  const auto before = message.bodies.find(packet.packet->number);
  return before == message.bodies.end() || before->second == packet.body;
}

std::optional<wired::Sl651Frame> PacketShelf::add(const wired::Sl651Frame& packet,
                                                  std::int64_t received_ns) {
  const auto key = key_of(packet);
  auto found = messages_.find(key);
  if (found != messages_.end() && !fits(found->second, packet, received_ns)) {
    forget(key);
    found = messages_.end();
  }
  if (found == messages_.end()) {
    if (messages_.size() == kMostMessages) {
      const auto oldest = std::min_element(messages_.begin(), messages_.end(),
                                           [](const auto& one, const auto& other) {
                                             return one.second.last_ns < other.second.last_ns;
                                           });
      forget(std::string(oldest->first));
    }
    found = messages_.emplace(key, Message{{}, packet.packet->total, packet.ascii, 0, 0}).first;
  }
  auto& message = found->second;
  message.last_ns = received_ns;
  if (message.bodies.emplace(packet.packet->number, packet.body).second) {
    message.bytes += packet.body.size();
  }
  if (message.bytes > kMostBytes) {
    forget(key);
    return std::nullopt;
  }
  if (message.bodies.size() < message.total) {
    changes_[key] = text_of(message);
    return std::nullopt;
  }
  auto whole = packet;
  whole.packet.reset();
  whole.body.clear();
  for (const auto& [number, body] : message.bodies) whole.body += body;
  forget(key);
  return whole;
}

std::size_t PacketShelf::count(const wired::Sl651Frame& packet) const {
  const auto found = messages_.find(key_of(packet));
  return found == messages_.end() ? 0 : found->second.bodies.size();
}

void PacketShelf::forget(const std::string& key) {
  messages_.erase(key);
  changes_[key].clear();
}

std::map<std::string, std::string> PacketShelf::take_changes() {
  return std::exchange(changes_, {});
}

// "total ascii last number:base64 number:base64 ...".
std::string PacketShelf::text_of(const Message& message) {
  auto text = fmt::format("{} {} {}", message.total, message.ascii ? 1 : 0, message.last_ns);
  for (const auto& [number, body] : message.bodies) {
    text += fmt::format(" {}:{}", number, to_base64(body));
  }
  return text;
}

void PacketShelf::recall(const sdk::Remembered& learnt) {
  auto key = learnt.key;
  auto value = learnt.value;
  Message message;
  int ascii = 0;
  bool good = read_number(take_word(value), message.total) &&
              read_number(take_word(value), ascii) &&
              read_number(take_word(value), message.last_ns);
  message.ascii = ascii != 0;
  while (good && !value.empty()) {
    const auto word = take_word(value);
    const auto colon = word.find(':');
    std::uint16_t number = 0;
    const auto body = colon == word.npos ? std::nullopt : from_base64(word.substr(colon + 1));
    good = body && read_number(word.substr(0, colon), number) && number >= 1 &&
           number <= message.total;
    if (!good) break;
    message.bytes += body->size();
    message.bodies.emplace(number, *body);
  }
  if (good && messages_.size() < kMostMessages) messages_.emplace(key, std::move(message));
}

}  // namespace watchpost::sl651
