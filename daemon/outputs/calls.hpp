// Calls: which outputs are called by the alarms for which somebody is waited for.
// Promise: what an alarm has called stays called until nobody is waited for any more: no other
// level, place or configuration ends it (J2). An alarm goes by the first rule that fits it; an
// output that no rule names, and an alarm that none fits, by the step of the output. Pure; I/O
// thread.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/escalation.hpp"

namespace watchpost::outputs {

inline constexpr std::size_t kMostOutputs = 32;  // as many as the configuration may have
using OutputSet = std::bitset<kMostOutputs>;

// One for each [[output]], in the order of the file.
struct CallTerms {
  std::string name;
  std::uint8_t step = 0;  // from which it is told, where no rule names it
  AlarmChoice which{};
  bool is_siren = true;  // else people are told there, once for each stage that names it
};

class Calls {
 public:
  explicit Calls(std::vector<CallTerms> outputs, EscalationRules rules = {});
  // The same outputs, in the same order.
  void use(std::vector<CallTerms> outputs, EscalationRules rules);

  // One look at all alarms for which somebody is waited for: begin, see each, end.
  void begin() { sounding_.reset(); }
  // An output that is no siren is to be told of the newest stage that calls it; a siren sounds by
  // the first that called it.
  struct Call {
    std::size_t output;
    std::uint8_t stage;
  };
  using Wanted = std::function<void(const Call& call)>;
  // `sounds`: by siren, and nobody has silenced it.
  void see(const PlacedAlarm& one, bool sounds, const Wanted& wanted = {});
  // What is to sound now.
  [[nodiscard]] OutputSet end();

 private:
  struct Called {
    ServiceTime waiting_since{};
    OutputSet outputs;
    std::array<std::uint8_t, kMostOutputs> stages{};  // the newest that called each
    bool is_seen = false;
  };
  // The newest stage that was reached and calls it; nothing: none does.
  [[nodiscard]] std::optional<std::uint8_t> stage_for(std::size_t output, const PlacedAlarm& one,
                                                      const EscalationRule* rule) const;

  std::vector<CallTerms> outputs_;
  EscalationRules rules_;
  OutputSet named_;                       // by some rule
  std::map<AlarmSerial, Called> called_;  // by the number of an open alarm, which are bounded
  OutputSet sounding_;
};

}  // namespace watchpost::outputs
