// DangerProofs: which dangers each device can declare, and which of them it has been seen to.
// Promise: a device that reports a kind of danger, also at rest, or that a bridge lists with one,
// stands here until an alarm or a test of that kind has come from it; nothing else proves it: not a
// message at rest, a late record, a broker's copy or a word that was not understood. What is proven
// is handed over to be remembered with the message that proved it, and comes back after a restart.
// Bounded: kMost; what is beyond is not listed. Pure; I/O thread only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "decode/decoder.hpp"
#include "model/fact.hpp"
#include "model/observation.hpp"
#include "model/trouble.hpp"
#include "pipeline/device_roll.hpp"
#include "rules/verdict.hpp"

namespace watchpost::pipeline {

enum class ProvenBy : std::uint8_t { nothing, alarm, test };
[[nodiscard]] std::string_view to_string(ProvenBy by);

struct DangerProof {
  Kind kind = Kind::unnamed_alarm;
  ProvenBy by = ProvenBy::nothing;
  std::int64_t unix_s = 0;  // of the proof, or, where there is none, of what was last heard; 0: the
                            // clock was wrong
  std::string lister{};     // the bridge that lists the device; empty: it spoke for itself
  bool is_saved = true;     // false: what stands here was not committed
};

class DangerProofs {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::chrono::hours kToldFor{24 * 90};       // after a device was last heard
  static constexpr std::string_view kName = "gateway:proofs";  // as Remembered::decoder

  struct Seen {
    const Observation& observation;
    const rules::Verdict& verdict;
    std::optional<WallTime> at;  // nothing while the clock is wrong
  };
  void note(const Seen& seen, std::vector<Fact>& facts);
  struct List {
    const std::string& lister;
    const std::vector<decode::Capability>& devices;
  };
  // All that a bridge lists now: what it no longer lists and was never proven is forgotten.
  void listed(const List& list, std::optional<WallTime> at, std::vector<Fact>& facts);
  void recall(const Remembered& remembered);
  void not_kept(const Remembered& remembered);

  using Devices = std::map<std::string, std::vector<DangerProof>, std::less<>>;
  [[nodiscard]] const Devices& all() const { return devices_; }
  // Of one device; null where it declares no danger.
  [[nodiscard]] const std::vector<DangerProof>* of(std::string_view device) const;
  // One for all devices, by their names in `roll`; nothing where each is proven. `now`: nothing
  // while the clock is wrong.
  [[nodiscard]] std::optional<Trouble> trouble(std::optional<WallTime> now,
                                               const DeviceRoll& roll) const;

 private:
  DangerProof* place(const std::string& device, Kind kind);
  static void save(const std::string& device, DangerProof& proof, std::vector<Fact>& facts);

  Devices devices_;
  std::size_t size_ = 0;
};

}  // namespace watchpost::pipeline
