#include "mr60fda1/frames.hpp"

namespace watchpost::mr60fda1 {
namespace {

constexpr std::string_view kHead = "\x53\x59";
constexpr std::string_view kTail = "\x54\x43";
constexpr std::size_t kBefore = 6;  // head, control, command, length
constexpr std::size_t kAfter = 3;   // sum, tail

std::uint8_t octet(char byte) {
  return static_cast<std::uint8_t>(byte);
}

}  // namespace

bool Frames::take(RadarFrame& frame) {
  if (rest_.size() < kBefore + kAfter) return false;
  const std::size_t length = static_cast<std::size_t>(octet(rest_[4])) << 8 | octet(rest_[5]);
  const std::size_t whole = kBefore + length + kAfter;
  if (rest_.size() < whole || rest_.substr(whole - 2, 2) != kTail) return false;
  unsigned sum = 0;
  for (const char byte : rest_.substr(0, whole - kAfter)) sum += octet(byte);
  if (octet(rest_[whole - kAfter]) != (sum & 0xFFU)) return false;
  frame = {octet(rest_[2]), octet(rest_[3]), rest_.substr(kBefore, length)};
  rest_.remove_prefix(whole);
  return true;
}

std::optional<RadarFrame> Frames::next() {
  while (!rest_.empty()) {
    const auto head = rest_.find(kHead);
    if (head != 0) {
      skipped_ = true;
      rest_.remove_prefix(head == std::string_view::npos ? rest_.size() : head);
      continue;
    }
    RadarFrame frame;
    if (take(frame)) return frame;
    skipped_ = true;
    rest_.remove_prefix(1);
  }
  return std::nullopt;
}

}  // namespace watchpost::mr60fda1
