// frames: the serial frames of Seeed's 60 GHz fall radar MR60FDA1 (limengdu/
// Seeed-Studio-MR60FDA1-Sersor@3cd8224a 60ghzfalldetection.h; Seeed wiki, Radar_MR60FDA1).
// Promise: 53 59 | control | command | length (2, big endian) | content | sum of all bytes before
// it | 54 43. What is no frame is passed over to the next 53 59, and counted. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost::mr60fda1 {

struct RadarFrame {
  std::uint8_t control = 0;
  std::uint8_t command = 0;
  std::string_view content;
};

class Frames {
 public:
  explicit Frames(std::string_view bytes) : rest_(bytes) {}
  // The next frame that is whole and whose sum is right.
  std::optional<RadarFrame> next();
  // True where bytes were passed over that belong to no frame.
  [[nodiscard]] bool has_skipped() const { return skipped_; }

 private:
  bool take(RadarFrame& frame);
  std::string_view rest_;
  bool skipped_ = false;
};

}  // namespace watchpost::mr60fda1
