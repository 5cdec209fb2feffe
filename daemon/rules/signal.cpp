#include "rules/signal.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "rules/verdict.hpp"

namespace watchpost::rules {
namespace {

// What the readings beside the state say.
struct Aside {
  std::optional<bool> fault{}, tamper{}, low_battery{};
  bool is_muted = false;
  bool is_tilted = false;
  bool has_good_battery = false;
  bool has_number = false;
  bool is_doubtful = false;  // of quality suspect or invalid
};

// In percent. Decoders call a battery low at 20 and below where its maker does not say it.
constexpr double kLowBattery = 20;
bool is_good_battery(const Reading& reading, double value) {
  const bool is_percent = reading.unit == "%EL" || reading.unit == "%";
  return is_percent && value > kLowBattery && value <= 100;
}

void note_flag(Aside& aside, std::string_view quantity, bool flag) {
  if (quantity == "fault") aside.fault = flag;
  if (quantity == "tamper") aside.tamper = flag;
  if (quantity == "low_battery") aside.low_battery = flag;
  if (quantity == "muted") aside.is_muted = flag;
  if (quantity == "tilt") aside.is_tilted = flag;
}

Aside aside_of(const Observation& observation) {
  Aside aside;
  aside.is_doubtful =
      observation.quality == Quality::suspect || observation.quality == Quality::invalid;
  for (const Reading& reading : observation.readings) {
    if (const auto* flag = std::get_if<bool>(&reading.value)) {
      note_flag(aside, reading.quantity, *flag);
    } else if (const auto* value = std::get_if<double>(&reading.value)) {
      const bool is_battery = reading.quantity == "battery";
      aside.has_good_battery =
          aside.has_good_battery || (is_battery && is_good_battery(reading, *value));
      aside.has_number = aside.has_number || !is_battery;
    }
  }
  return aside;
}

bool measures_water(Kind kind) {
  return kind == Kind::water_level || kind == Kind::water_distance;
}

// In the order of preference.
std::array<std::string_view, 2> quantities_of(Kind kind) {
  switch (kind) {
    case Kind::smoke:
      return {"smoke", "smoke_density"};
    case Kind::heat:
      return {"temperature", ""};
    case Kind::co:
      return {"co", "carbon_monoxide"};
    case Kind::combustible_gas:
      return {"gas", ""};
    case Kind::hydrant_pressure:
      return {"pressure", ""};
    case Kind::water_level:
      return {"level", "water_level"};
    case Kind::water_distance:
      return {"distance", "depth"};
    case Kind::rainfall:
      return {"rain", "rainfall"};
    case Kind::water_leak:
    case Kind::manual_call_point:
    case Kind::fire_part:
    case Kind::fire_system:
    case Kind::transmission_device:
    case Kind::fall:
    case Kind::sos:
    case Kind::presence:
    case Kind::patrol_scan:
    case Kind::device_status:
    case Kind::heartbeat:
    case Kind::rf_code:
    case Kind::measurement:
    case Kind::unnamed_alarm:
      return {};
  }
  return {};
}

std::optional<double> value_of(const Observation& observation) {
  for (const std::string_view quantity : quantities_of(observation.kind)) {
    const Reading* reading = quantity.empty() ? nullptr : observation.find(quantity);
    const auto* value = reading == nullptr ? nullptr : std::get_if<double>(&reading->value);
    if (value != nullptr) return *value;
  }
  return std::nullopt;
}

class SignalWriter {
 public:
  SignalWriter(const Observation& observation, bool has_alarms, std::vector<Signal>& signals)
      : observation_(observation), has_alarms_(has_alarms), signals_(signals) {
    base_.device = observation.device;
    base_.kind = observation.kind;
    base_.domain = observation.domain;
    base_.observed_at = observation.observed_at;
    base_.is_least = observation.kind == Kind::water_distance;
    base_.told = observation.history       ? Told::late
                 : observation.stored_copy ? Told::copy
                                           : Told::now;
  }
  void doubt() { base_.is_doubtful = true; }
  [[nodiscard]] bool is_doubtful() const { return base_.is_doubtful; }
  [[nodiscard]] bool is_of_now() const { return base_.told == Told::now; }
  void say(Condition condition, Says says) {
    const bool ends_something = says == Says::over || says == Says::believable;
    if (ends_something && !has_alarms_) return;
    Signal& signal = signals_.emplace_back(base_);
    signal.condition = condition;
    signal.says = says;
    const bool has_value = condition == Condition::alarm && says == Says::so && !base_.is_doubtful;
    if (has_value) signal.value = value_of(observation_);
    // A battery, a housing and a clock are the device's, whatever it reports.
    if (condition == Condition::tamper || condition == Condition::low_battery ||
        condition == Condition::clock_suspect)
      signal.kind = Kind::device_status;
  }

 private:
  const Observation& observation_;
  bool has_alarms_;
  std::vector<Signal>& signals_;
  Signal base_;
};

void say_of_danger(const Observation& observation, const Aside& aside, SignalWriter& writer) {
  switch (observation.state) {
    case DeclaredState::alarm:
    case DeclaredState::confirmed:
      return writer.say(Condition::alarm, Says::so);
    case DeclaredState::suspected:
      return writer.say(Condition::alarm, Says::maybe);
    case DeclaredState::normal:
    case DeclaredState::cleared:
      // Silenced is not over, and what cannot be believed ends nothing.
      if (!aside.is_muted && !writer.is_doubtful()) writer.say(Condition::alarm, Says::over);
      return;
    case DeclaredState::test:
    case DeclaredState::fault:
    case DeclaredState::tamper:
    case DeclaredState::unknown:
    case DeclaredState::info:
      return;
  }
}

// One that its device, or its lean, explains is that fault.
void say_of_reading(const Aside& aside, bool is_fault, SignalWriter& writer) {
  if (!writer.is_of_now()) return;
  if (aside.is_doubtful && !is_fault) {
    writer.say(Condition::implausible, Says::so);
  } else if (!aside.is_doubtful && aside.has_number) {
    writer.say(Condition::implausible, Says::over);
  }
}

// A part of a panel has no clock of its own: what the panel says of itself tells of it.
bool is_part(const Observation& observation) {
  return observation.find("part_addr") != nullptr || observation.find("part") != nullptr;
}

void say_of_clock(const Observation& observation, bool knows_time, SignalWriter& writer) {
  if (!writer.is_of_now() || !knows_time) return;
  const auto& flags = observation.flags;
  if (std::find(flags.begin(), flags.end(), "clock_suspect") != flags.end()) {
    if (!is_part(observation)) writer.say(Condition::clock_suspect, Says::so);
  } else if (observation.time_source == TimeSource::device && observation.observed_at) {
    writer.say(Condition::clock_suspect, Says::over);
  }
}

// A flag beside the state weighs more than the state: it speaks of this alone.
void say_of_fault(const Observation& observation, const Aside& aside, SignalWriter& writer) {
  const bool at_rest = takes_alarm_back(observation);
  const bool fault = aside.fault.value_or(observation.state == DeclaredState::fault);
  const bool tamper = aside.tamper.value_or(observation.state == DeclaredState::tamper);
  const bool is_water = measures_water(observation.kind);
  const bool tilted = is_water && aside.is_tilted;
  const bool doubtful = is_water && (aside.is_tilted || aside.is_doubtful);
  const bool believable = is_water && observation.quality == Quality::ok && aside.has_number;
  if (fault || tilted) {
    writer.say(Condition::fault, Says::so);
  } else if (aside.fault || at_rest || believable) {
    writer.say(Condition::fault, Says::over);
  }
  say_of_reading(aside, fault || tilted, writer);
  if (doubtful) writer.doubt();
  if (believable && !doubtful) writer.say(Condition::alarm, Says::believable);
  if (tamper) {
    writer.say(Condition::tamper, Says::so);
  } else if (aside.tamper || at_rest) {
    writer.say(Condition::tamper, Says::over);
  }
  if (aside.low_battery.value_or(false)) {
    writer.say(Condition::low_battery, Says::so);
  } else if (aside.low_battery || aside.has_good_battery) {
    writer.say(Condition::low_battery, Says::over);
  }
}

}  // namespace

std::size_t key_of(const Signal& signal) {
  const auto number = static_cast<std::size_t>(signal.kind) * kConditionCount +
                      static_cast<std::size_t>(signal.condition);
  const std::hash<std::string_view> hash;
  return hash(signal.device) * 31 + hash(signal.rule) * 17 + number;
}

void signals_of(const Observation& observation, Hearing hearing, std::vector<Signal>& signals) {
  signals.clear();
  const Aside aside = aside_of(observation);
  SignalWriter writer(observation, hearing.has_alarms, signals);
  say_of_clock(observation, hearing.knows_time, writer);
  // What is doubtful is known before its alarm is judged.
  say_of_fault(observation, aside, writer);
  say_of_danger(observation, aside, writer);
}

}  // namespace watchpost::rules
