#include "zwave_js/notifications.hpp"

#include <algorithm>
#include <array>

namespace watchpost::zwave_js {
namespace {

using danger::Danger;

struct Type {
  std::string_view words;
  std::optional<Danger> danger{};  // nothing: no danger of ours
};
constexpr std::array kTypes{
    Type{"smoke alarm", Danger::smoke},
    Type{"co alarm", Danger::co},
    Type{"carbon monoxide alarm", Danger::co},
    Type{"co2 alarm", Danger::none},
    Type{"heat alarm", Danger::heat},
    Type{"water alarm", Danger::leak},
    Type{"gas alarm", Danger::gas},
    Type{"emergency alarm", Danger::sos},
    Type{"emergency", Danger::sos},
    Type{"home health", Danger::fall},
    Type{"home security", {}},
    Type{"access control", {}},
    Type{"power management", {}},
    Type{"system", {}},
};

// A state or event of a type. Where two are alike but for "location provided", both numbers.
struct Row {
  std::string_view type;
  unsigned value;
  Means means;
  std::string_view label;
  bool level = false;
};
constexpr std::array kRows{
    Row{"smoke alarm", 1, Means::alarm, "smoke detected"},
    Row{"smoke alarm", 2, Means::alarm, "smoke detected"},
    Row{"smoke alarm", 3, Means::test, "smoke alarm test"},
    Row{"smoke alarm", 4, Means::fault, "replacement required"},
    Row{"smoke alarm", 5, Means::fault, "replacement required end of life"},
    Row{"smoke alarm", 6, Means::muted, "alarm silenced"},
    Row{"smoke alarm", 7, Means::fault, "maintenance required planned periodic inspection"},
    Row{"smoke alarm", 8, Means::fault, "maintenance required dust in device"},
    Row{"co alarm", 1, Means::alarm, "carbon monoxide detected"},
    Row{"co alarm", 2, Means::alarm, "carbon monoxide detected"},
    Row{"co alarm", 3, Means::test, "carbon monoxide test"},
    Row{"co alarm", 4, Means::fault, "replacement required"},
    Row{"co alarm", 5, Means::fault, "replacement required end of life"},
    Row{"co alarm", 6, Means::muted, "alarm silenced"},
    Row{"co alarm", 7, Means::fault, "maintenance required planned periodic inspection"},
    Row{"co2 alarm", 1, Means::alarm, "carbon dioxide detected"},
    Row{"co2 alarm", 2, Means::alarm, "carbon dioxide detected"},
    Row{"co2 alarm", 3, Means::test, "carbon dioxide test"},
    Row{"co2 alarm", 4, Means::fault, "replacement required"},
    Row{"co2 alarm", 5, Means::fault, "replacement required end of life"},
    Row{"co2 alarm", 6, Means::muted, "alarm silenced"},
    Row{"co2 alarm", 7, Means::fault, "maintenance required planned periodic inspection"},
    Row{"heat alarm", 1, Means::alarm, "overheat detected"},
    Row{"heat alarm", 2, Means::alarm, "overheat detected"},
    Row{"heat alarm", 3, Means::alarm, "rapid temperature rise"},
    Row{"heat alarm", 4, Means::alarm, "rapid temperature rise"},
    Row{"heat alarm", 5, Means::nothing, "underheat detected"},
    Row{"heat alarm", 6, Means::nothing, "underheat detected"},
    Row{"heat alarm", 7, Means::test, "heat alarm test"},
    Row{"heat alarm", 8, Means::fault, "replacement required end of life"},
    Row{"heat alarm", 9, Means::muted, "alarm silenced"},
    Row{"heat alarm", 10, Means::fault, "maintenance required dust in device"},
    Row{"heat alarm", 11, Means::fault, "maintenance required planned periodic inspection"},
    Row{"heat alarm", 12, Means::nothing, "rapid temperature fall"},
    Row{"heat alarm", 13, Means::nothing, "rapid temperature fall"},
    Row{"water alarm", 1, Means::alarm, "water leak detected"},
    Row{"water alarm", 2, Means::alarm, "water leak detected"},
    Row{"water alarm", 3, Means::alarm, "water level dropped", true},
    Row{"water alarm", 4, Means::alarm, "water level dropped", true},
    Row{"water alarm", 5, Means::fault, "replace water filter"},
    Row{"water alarm", 6, Means::alarm, "water flow alarm", true},
    Row{"water alarm", 7, Means::alarm, "water pressure alarm", true},
    Row{"water alarm", 8, Means::alarm, "water temperature alarm", true},
    Row{"water alarm", 9, Means::alarm, "water level alarm", true},
    Row{"water alarm", 10, Means::nothing, "sump pump active"},
    Row{"water alarm", 11, Means::fault, "sump pump failure"},
    Row{"gas alarm", 1, Means::alarm, "combustible gas detected"},
    Row{"gas alarm", 2, Means::alarm, "combustible gas detected"},
    Row{"gas alarm", 3, Means::alarm, "toxic gas detected"},
    Row{"gas alarm", 4, Means::alarm, "toxic gas detected"},
    Row{"gas alarm", 5, Means::test, "gas alarm test"},
    Row{"gas alarm", 6, Means::fault, "replacement required"},
    Row{"gas alarm", 7, Means::fault, "maintenance required planned periodic inspection"},
    Row{"emergency alarm", 1, Means::alarm, "contact police"},
    Row{"emergency alarm", 2, Means::alarm, "contact fire service"},
    Row{"emergency alarm", 3, Means::alarm, "contact medical service"},
    Row{"emergency alarm", 4, Means::alarm, "panic alert"},
    Row{"home health", 1, Means::nothing, "leaving bed"},
    Row{"home health", 2, Means::nothing, "sitting on bed"},
    Row{"home health", 3, Means::nothing, "lying on bed"},
    Row{"home health", 4, Means::nothing, "posture changed"},
    Row{"home health", 5, Means::nothing, "sitting on bed edge"},
    Row{"home health", 6, Means::nothing, "volatile organic compound level"},
    Row{"home health", 7, Means::alarm, "sleep apnea detected"},
    Row{"home health", 8, Means::nothing, "sleep stage 0 detected"},
    Row{"home health", 9, Means::nothing, "sleep stage 1 detected"},
    Row{"home health", 10, Means::nothing, "sleep stage 2 detected"},
    Row{"home health", 11, Means::nothing, "sleep stage 3 detected"},
    Row{"home health", 12, Means::alarm, "fall detected"},
    Row{"home security", 3, Means::tamper, "tampering product cover removed"},
    Row{"home security", 4, Means::tamper, "tampering invalid code"},
    Row{"home security", 7, Means::presence, "motion detection"},
    Row{"home security", 8, Means::presence, "motion detection"},
    Row{"home security", 9, Means::tamper, "tampering product moved"},
    Row{"home security", 11, Means::fault, "magnetic field interference detected"},
    Row{"access control", 22, Means::opened, "window door is open"},
    Row{"access control", 23, Means::shut, "window door is closed"},
    Row{"power management", 2, Means::mains_lost, "ac mains disconnected"},
    Row{"power management", 3, Means::mains, "ac mains re connected"},
    Row{"power management", 6, Means::fault, "over current detected"},
    Row{"power management", 7, Means::fault, "over voltage detected"},
    Row{"power management", 8, Means::fault, "over load detected"},
    Row{"power management", 9, Means::fault, "load error"},
    Row{"power management", 10, Means::battery, "replace battery soon"},
    Row{"power management", 11, Means::battery, "replace battery now"},
    Row{"power management", 14, Means::battery, "charge battery soon"},
    Row{"power management", 15, Means::battery, "charge battery now"},
    Row{"power management", 16, Means::battery, "back up battery is low"},
    Row{"power management", 17, Means::battery, "battery fluid is low"},
    Row{"power management", 18, Means::fault, "back up battery disconnected"},
    Row{"system", 1, Means::fault, "system hardware failure"},
    Row{"system", 2, Means::fault, "system software failure"},
    Row{"system", 3, Means::fault, "system hardware failure"},
    Row{"system", 4, Means::fault, "system software failure"},
    Row{"system", 6, Means::tamper, "tampering product cover removed"},
    Row{"system", 7, Means::fault, "emergency shutoff"},
};

// What idle of a variable means.
struct Variable {
  std::string_view words;
  Means idle;
  bool level = false;
};
constexpr std::array kVariables{
    Variable{"sensor status", Means::calm},
    Variable{"heat sensor status", Means::calm},
    Variable{"combustible gas status", Means::calm},
    Variable{"toxic gas status", Means::calm},
    // Idle of it says nothing of a fall, which is of the same type.
    Variable{"sleep apnea status", Means::nothing},
    Variable{"water flow alarm status", Means::calm, true},
    Variable{"water pressure alarm status", Means::calm, true},
    Variable{"water temperature alarm status", Means::calm, true},
    Variable{"water level alarm status", Means::calm, true},
    Variable{"alarm status", Means::nothing},
    Variable{"test status", Means::nothing},
    Variable{"maintenance status", Means::sound},
    Variable{"periodic inspection status", Means::sound},
    Variable{"dust in device status", Means::sound},
    Variable{"hardware status", Means::sound},
    Variable{"software status", Means::sound},
    Variable{"cover status", Means::closed},
    Variable{"motion sensor status", Means::absence},
};

const Type* type_of(std::string_view words) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const Type& type) { return type.words == words; });
  return found == kTypes.end() ? nullptr : &*found;
}

// Some versions write the type in full.
std::string_view canonical(std::string_view type) {
  if (type == "carbon monoxide alarm") return "co alarm";
  if (type == "emergency") return "emergency alarm";
  return type;
}

Notified told(const Type& type, const Row& row) {
  return {row.means, type.danger, row.label, row.level};
}

Notified not_in_table(const Type& type) {
  const bool danger = type.danger && type.words != "home health";
  return {danger ? Means::unread : Means::nothing, type.danger, {}};
}

}  // namespace

bool is_variable(std::string_view key) {
  return key.ends_with("status") || key.ends_with("state") || key.ends_with("state simple");
}

Notified notified_state(const StateName& name, unsigned value) {
  const auto type = name.type;
  const auto variable = name.variable;
  const Type* known = type_of(type);
  if (known == nullptr) return {};
  // A state with a parameter: the state in the high byte.
  const unsigned state = value > 0xFF ? value >> 8U : value;
  if (state == 0) {
    for (const Variable& each : kVariables) {
      if (each.words == variable) return {each.idle, known->danger, "idle", each.level};
    }
    const bool is_whole = variable.empty() && known->danger.has_value();
    return {is_whole ? Means::calm : Means::nothing, known->danger, "idle"};
  }
  for (const Row& row : kRows) {
    if (row.type == canonical(type) && row.value == state) return told(*known, row);
  }
  return not_in_table(*known);
}

Notified notified_event(const EventName& name) {
  const auto type = name.type;
  const auto event = name.event;
  const Type* known = type_of(type);
  // An older list names the type of emergencies "System".
  for (const Row& row : kRows) {
    const bool is_emergency = type == "system" && row.type == "emergency alarm";
    if (row.type != canonical(type) && !is_emergency) continue;
    if (!event.starts_with(row.label)) continue;
    return told(is_emergency ? *type_of("emergency alarm") : *known, row);
  }
  if (known == nullptr || event.empty()) return {};
  if (event == "idle" || event == "state idle") return {};
  return not_in_table(*known);
}

}  // namespace watchpost::zwave_js
