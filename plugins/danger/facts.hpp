// DeviceFacts: what a catalogue (the list a bridge publishes, a site's own) says of a device and of
// the members of its messages.
// Promise: plain values; a member that is not listed is read by its name alone. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "danger/words.hpp"

namespace watchpost::danger {

struct MemberFacts {
  std::string name;
  std::string description;
  std::string unit;  // as it is written
  std::string on;    // the texts of the two values of a binary; empty where there are none
  std::string off;
  bool settable = false;  // by a command: a setting or an output, not what a sensor reports
  bool numeric = false;
  std::optional<Danger> danger{};  // the danger that it is about, where the catalogue says so
};

struct DeviceFacts {
  std::string model;
  std::string vendor;
  std::string description;
  std::vector<MemberFacts> members;

  [[nodiscard]] const MemberFacts* member(std::string_view name) const {
    for (const MemberFacts& each : members) {
      if (each.name == name) return &each;
    }
    return nullptr;
  }
};

// True for a button whose presses are calls for help by its description ("SOS button"); one whose
// actions name the call themselves ("emergency") or that arms and disarms is not.
[[nodiscard]] bool calls_with_every_press(std::string_view description,
                                          const std::vector<std::string>& actions);
// The word of a press that is a call for help: "emergency", "sos", "panic_2".
[[nodiscard]] bool calls_for_help(std::string_view action);
// False for what a button says when nobody presses it: "", "release", "off".
[[nodiscard]] bool is_press(std::string_view action);

}  // namespace watchpost::danger
