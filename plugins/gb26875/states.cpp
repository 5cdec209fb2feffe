#include "gb26875/states.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>

namespace watchpost::gb26875 {

namespace {

enum class Means : std::uint8_t {
  running,
  fire,
  fault,
  shielded,
  supervisory,
  started,
  feedback,
  other
};

struct Bit {
  unsigned number;
  std::string_view quantity;
  Means means;
  std::string_view fault{};  // its name in the list of faults
};

// Bits 0 to 7 are the same in figures 6 and 7.
constexpr std::array kSystemBits{
    Bit{0, "normal_running", Means::running},
    Bit{1, "fire", Means::fire},
    Bit{2, "fault", Means::fault, "general"},
    Bit{3, "shielded", Means::shielded},
    Bit{4, "supervisory", Means::supervisory},
    Bit{5, "started", Means::started},
    Bit{6, "feedback", Means::feedback},
    Bit{7, "delayed", Means::other},
    Bit{8, "main_power_fault", Means::fault, "main_power"},
    Bit{9, "backup_power_fault", Means::fault, "backup_power"},
    Bit{10, "bus_fault", Means::fault, "bus"},
    Bit{11, "manual_mode", Means::other},
    Bit{12, "configuration_changed", Means::other},
    Bit{13, "reset", Means::other},
};

constexpr std::array kPartBits{
    Bit{0, "normal_running", Means::running},     Bit{1, "fire", Means::fire},
    Bit{2, "fault", Means::fault, "general"},     Bit{3, "shielded", Means::shielded},
    Bit{4, "supervisory", Means::supervisory},    Bit{5, "started", Means::started},
    Bit{6, "feedback", Means::feedback},          Bit{7, "delayed", Means::other},
    Bit{8, "power_fault", Means::fault, "power"},
};

constexpr std::array kTransmissionBits{
    Bit{0, "normal_running", Means::running},
    Bit{1, "fire", Means::fire},
    Bit{2, "fault", Means::fault, "general"},
    Bit{3, "main_power_fault", Means::fault, "main_power"},
    Bit{4, "backup_power_fault", Means::fault, "backup_power"},
    Bit{5, "communication_fault", Means::fault, "communication"},
    Bit{6, "monitor_line_fault", Means::fault, "monitor_line"},
};

struct Layout {
  std::span<const Bit> bits;
  int digits;  // of the state in hexadecimal
};

Layout layout_of(StateOf of) {
  switch (of) {
    case StateOf::system:
      return {kSystemBits, 4};
    case StateOf::part:
      return {kPartBits, 4};
    case StateOf::transmission_device:
      return {kTransmissionBits, 2};
  }
  return {kPartBits, 4};
}

// What is set, by meaning.
struct Set {
  bool running = false;
  bool fire = false;
  bool fault = false;
  bool shielded = false;
  bool supervisory = false;
  bool started = false;  // or its feedback
  bool unknown = false;  // a reserved bit

  void note(Means means) {
    if (means == Means::running) running = true;
    if (means == Means::fire) fire = true;
    if (means == Means::fault) fault = true;
    if (means == Means::shielded) shielded = true;
    if (means == Means::supervisory) supervisory = true;
    if (means == Means::started || means == Means::feedback) started = true;
  }
};

watchpost_state state_of(const Set& set, bool starting_tells_of_fire) {
  if (set.fire) return WATCHPOST_ALARM;
  if (starting_tells_of_fire && (set.started || set.supervisory)) return WATCHPOST_SUSPECTED;
  if (set.unknown) return WATCHPOST_UNKNOWN;
  // What is shielded does not watch; what is supervised is not as it should be.
  if (set.fault || set.shielded || set.supervisory) return WATCHPOST_FAULT;
  if (!set.running) return WATCHPOST_TEST;
  return set.started ? WATCHPOST_INFO : WATCHPOST_NORMAL;
}

}  // namespace

bool describe(const State& state, sdk::Observation& observation) {
  const Layout layout = layout_of(state.of);
  Set set;
  std::string faults;
  std::uint16_t known = state.ignored;
  observation.text({"state_bits"},
                   observation.own(fmt::format("0x{:0{}x}", state.bits, layout.digits)));
  for (const Bit& bit : layout.bits) {
    const auto mask = static_cast<std::uint16_t>(1U << bit.number);
    known = static_cast<std::uint16_t>(known | mask);
    if ((state.bits & mask) == 0) continue;
    set.note(bit.means);
    observation.boolean({bit.quantity}, true);
    if (!bit.fault.empty()) faults.append(faults.empty() ? "" : ",").append(bit.fault);
  }
  set.unknown = (state.bits & ~known) != 0;
  if (!set.running) observation.boolean({"test"}, true);
  if (!faults.empty()) observation.text({"faults"}, observation.own(std::move(faults)));
  const watchpost_state told = state_of(set, state.starting_tells_of_fire);
  observation.state(told);
  const bool alarms = told == WATCHPOST_ALARM || told == WATCHPOST_SUSPECTED;
  if (!set.running && (alarms || state.bits == 0)) observation.flag("ambiguous_test_bit");
  if (set.unknown) observation.flag("not_understood");
  return set.unknown;
}

bool describe_operation(OperationAt at, std::uint8_t bits, sdk::Observation& observation) {
  enum Operation : std::uint8_t {
    reset,
    mute,
    manual_alarm,
    cancel,
    self_test,
    confirm,
    test,
    last
  };
  const std::array<std::string_view, last> names{
      "reset",        "muted",
      "manual_alarm", "alarm_cancelled",
      "self_test",    at == OperationAt::system ? "confirmed" : "duty_answered",
      "test"};
  observation.text({"operation_bits"}, observation.own(fmt::format("0x{:02x}", bits)));
  const auto is_set = [bits](unsigned number) { return (bits >> number & 1U) != 0; };
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (is_set(static_cast<unsigned>(i))) observation.boolean({names[i]}, true);
  }
  const bool unknown = is_set(last);
  if (unknown) observation.flag("not_understood");
  if (is_set(manual_alarm)) {
    observation.state(WATCHPOST_ALARM);
  } else if (unknown) {
    observation.state(WATCHPOST_UNKNOWN);
  } else if (is_set(self_test) || is_set(test)) {
    observation.state(WATCHPOST_TEST);
  } else {
    observation.state(is_set(cancel) ? WATCHPOST_CLEARED : WATCHPOST_INFO);
  }
  return unknown;
}

}  // namespace watchpost::gb26875
