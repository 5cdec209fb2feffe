// Bounds of what a decoder gives its host (watchpost_values.h, watchpost_decoder.h).
// Promise: what is longer is cut, so that no message, whoever wrote it, makes a decoder break its
// contract: eight breaches in a row would bench it, and its devices would not be heard. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace watchpost::sdk {

inline constexpr std::size_t kLongestName = 256;  // bytes; of quantities, units and flags
inline constexpr std::size_t kLongestDevice = 1024;
inline constexpr std::size_t kLongestText = 65'536;
inline constexpr std::size_t kMostReadings = 256;
inline constexpr std::size_t kMostFlags = 32;
inline constexpr std::size_t kMostObservations = 1024;  // of one frame
inline constexpr std::size_t kMostRemembered = 16;
inline constexpr std::size_t kLongestMemory = std::size_t{4} << 20;
inline constexpr std::size_t kMostCapabilities = 8192;
inline constexpr std::size_t kLongestInner = 65'535;
// Of what is emitted of nobody: an empty level where the topic should name the device.
inline constexpr std::string_view kNobody = "unnamed";

// The beginning of a UTF-8 text, at most so many bytes, and no half of a character.
[[nodiscard]] inline std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

}  // namespace watchpost::sdk
