// Refusal: what a reason code of 0x80 or more in an upstream's answer means for the record.
// Promise: the one table of PUBACK reason codes (MQTT 5.0 section 3.4.2.1). A code that nobody
// knows makes the class wait: only what can never be accepted as it is leaves the queue at once.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/trouble.hpp"
#include "upstream/publishing.hpp"

namespace watchpost::upstream {

enum class Treatment : std::uint8_t {
  again,      // nothing is wrong with the record: sent again at once, but only once in a row
  wait,       // the upstream cannot take it now: the class rests and is tried again
  perhaps,    // set aside if later ones of its class are accepted, else as `wait`
  set_aside,  // this record will never be accepted as it is
};

struct Refusal {
  ReasonCode code;
  Treatment treatment = Treatment::wait;
  std::string_view meaning;  // in the words of the standard
  TroubleCode told;          // for the operator, in the catalogue; `told_about` fills it
};

// Our own code, for a record that is not sent because each link broke over it. It is no code of
// MQTT, and no broker says it in a PUBACK.
constexpr ReasonCode kBreaksTheLink{0xFE};

// For any code of 0x80 and above, also one that the standard does not know.
[[nodiscard]] Refusal refusal_of(ReasonCode code);
// What the operator is told of a refusal on these topics, which hold the area and the gateway's id.
[[nodiscard]] Trouble told_about(const Refusal& refusal, const std::string& topics);

}  // namespace watchpost::upstream
