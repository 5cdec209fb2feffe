// Taps: which scans of a tag are one visit, and which are none.
// Promise: scans of one tag at one reader within kSame of each other are one visit, by the reader's
// own time where it has one, and also across a restart: the first is handed over to be remembered
// with its own message. A tap whose code was used before is no visit and is told. Each patrol_scan
// leaves with a reading `visit`; one that belongs to an earlier visit has the flag `repeat`.
// Bounded: kMostReaders readers, kMostAtOnce tags of each. Pure; I/O thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/fact.hpp"
#include "model/observation.hpp"
#include "model/trouble.hpp"

namespace watchpost::pipeline {

class Taps {
 public:
  static constexpr std::chrono::seconds kSame{60};
  static constexpr std::size_t kMostReaders = 1'000;
  static constexpr std::size_t kMostAtOnce = 16;
  static constexpr std::chrono::hours kToldFor{24};
  static constexpr std::string_view kName = "gateway:visits";  // as Remembered::decoder

  struct Received {
    WallTime at{};
    SteadyTime steady{};
    bool is_again = false;  // the sender says that it may have sent it before
  };
  // For patrol_scan; others are left as they are.
  void judge(Observation& scan, const Received& received, std::vector<Fact>& facts);
  void recall(const Remembered& remembered);
  void not_kept(const Remembered& remembered);

  // Copied links since the start, or since a day without any, told for a day after the last; tags
  // whose links cannot be proven; what a backup brought back.
  [[nodiscard]] std::vector<Trouble> troubles(SteadyTime now) const;

 private:
  struct Scan {
    std::string tag;
    std::int64_t unix_ns = 0;   // of the first scan of the visit
    std::int64_t until_ns = 0;  // of the last
  };
  struct Reader {
    std::deque<Scan> scans;  // the newest at the end
    std::uint64_t used = 0;
  };
  struct News {
    std::uint64_t times = 0;  // since the start, or since a day without any
    SteadyTime at{};
    std::string place;  // "kitchen: tag 04…": of the last
  };
  [[nodiscard]] bool is_new(const Observation& scan, const std::string& tag,
                            const Received& received, std::vector<Fact>& facts);
  Reader& reader(const std::string& name, std::vector<Fact>& facts);
  static void note(const Observation& scan, const std::string& tag, SteadyTime now, News& news);

  std::map<std::string, Reader, std::less<>> readers_;
  std::uint64_t uses_ = 0;
  News copied_;
  News unproven_;
  bool is_restored_ = false;  // counters of tags come from a backup
};

}  // namespace watchpost::pipeline
