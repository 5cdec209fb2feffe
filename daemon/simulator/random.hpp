// Random: a small generator whose numbers are the same on every platform and compiler.
// Promise: equal seeds give equal sequences. The distributions are written here, because those of
// the standard library may differ from platform to platform. Pure.
#pragma once

#include <cstdint>

namespace watchpost::simulator {

struct Range {
  double low = 0;
  double high = 0;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // splitmix64 (Steele, Lea, Flood 2014).
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  // From 0 to 1, without 1.
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  double in(Range range) { return range.low + (range.high - range.low) * unit(); }
  // From 0 to count-1; count must not be 0.
  std::uint64_t below(std::uint64_t count) { return next() % count; }
  bool chance(double probability) { return unit() < probability; }

 private:
  std::uint64_t state_;
};

}  // namespace watchpost::simulator
