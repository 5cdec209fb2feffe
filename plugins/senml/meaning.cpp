#include "senml/meaning.hpp"

#include <algorithm>
#include <array>

#include "danger/names.hpp"

namespace watchpost::senml {
namespace {

// Sorted by name.
constexpr std::array kMeanings{
    Meaning{"battery", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"battery_voltage", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"checkin", Role::scan, WATCHPOST_PATROL_SCAN},
    Meaning{"co", Role::detector, WATCHPOST_CO},
    Meaning{"depth", Role::measured, WATCHPOST_WATER_LEVEL},
    Meaning{"distance", Role::measured, WATCHPOST_WATER_DISTANCE},
    Meaning{"fall", Role::detector, WATCHPOST_FALL},
    Meaning{"fault", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"gas", Role::detector, WATCHPOST_COMBUSTIBLE_GAS},
    Meaning{"heat", Role::detector, WATCHPOST_HEAT},
    Meaning{"level", Role::measured, WATCHPOST_WATER_LEVEL},
    Meaning{"low_battery", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"manual_call", Role::detector, WATCHPOST_MANUAL_CALL_POINT},
    Meaning{"muted", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"presence", Role::measured, WATCHPOST_PRESENCE},
    Meaning{"rain", Role::measured, WATCHPOST_RAINFALL},
    Meaning{"rainfall", Role::measured, WATCHPOST_RAINFALL},
    Meaning{"rssi", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"smoke", Role::detector, WATCHPOST_SMOKE},
    Meaning{"sos", Role::detector, WATCHPOST_SOS},
    Meaning{"tag_uid", Role::scan, WATCHPOST_PATROL_SCAN},
    Meaning{"tamper", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"uptime", Role::companion, WATCHPOST_DEVICE_STATUS},
    Meaning{"water_leak", Role::detector, WATCHPOST_WATER_LEAK},
    Meaning{"water_level", Role::measured, WATCHPOST_WATER_LEVEL},
};
static_assert(std::is_sorted(kMeanings.begin(), kMeanings.end(),
                             [](const Meaning& a, const Meaning& b) { return a.name < b.name; }));

}  // namespace

Meaning meaning_of(std::string_view name) {
  const auto found =
      std::lower_bound(kMeanings.begin(), kMeanings.end(), name,
                       [](const Meaning& entry, std::string_view key) { return entry.name < key; });
  if (found != kMeanings.end() && found->name == name) return *found;
  return Meaning{name, Role::measured, WATCHPOST_MEASUREMENT};
}

namespace {

Meaning by_grammar(std::string_view name) {
  const auto meaning = danger::meaning_of_name(name);
  const auto kind = danger::subject_of(meaning.danger).kind;
  switch (meaning.role) {
    case danger::Role::danger:
    case danger::Role::alarm:
      if (meaning.weak && !meaning.asks && meaning.role == danger::Role::danger) break;
      return {name, Role::detector, kind};
    case danger::Role::statement:
      return {name, Role::statement, WATCHPOST_MEASUREMENT};
    case danger::Role::unfamiliar:
      return {name, Role::perhaps, kind};
    default:
      break;
  }
  return {name, Role::measured, WATCHPOST_MEASUREMENT};
}

}  // namespace

Meaning meaning_of_statement(const danger::NamedText& said) {
  const Meaning measured{said.name, Role::measured, WATCHPOST_MEASUREMENT};
  const auto meaning = danger::meaning_of_text(said);
  const bool sure = meaning.danger && !meaning.weak && meaning.saying != danger::Saying::unread &&
                    meaning.saying != danger::Saying::on;
  if (!sure) return measured;
  return {said.name, Role::detector, danger::subject_of(*meaning.danger).kind};
}

const Meaning& UnlistedNames::meaning_of(std::string_view name) {
  constexpr std::size_t kMost = 1024;
  constexpr std::size_t kLongest = 64;
  if (const auto found = known_.find(name); found != known_.end()) return found->second;
  if (name.size() > kLongest || known_.size() == kMost) return other_ = by_grammar(name);
  const auto added = known_.emplace(std::string(name), Meaning{}).first;
  return added->second = by_grammar(added->first);
}

}  // namespace watchpost::senml
