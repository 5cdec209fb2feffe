#include "zigbee2mqtt/exposes.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "danger/names.hpp"
#include "danger/units.hpp"
#include "danger/values.hpp"
#include "danger/words_things.hpp"

namespace watchpost::zigbee2mqtt {
namespace {

namespace json = sdk::json;

constexpr int kReported = 1;  // bits of "access"
constexpr int kSettable = 2;
constexpr int kDeepest = 4;

std::string scalar_at(const json::object& object, std::string_view key) {
  const auto* value = sdk::member(object, key);
  if (value == nullptr || value->is_null() || value->is_object() || value->is_array()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const auto* list = sdk::member(object, key);
  if (list == nullptr || !list->is_array()) return texts;
  for (const auto& each : list->get_array()) {
    if (each.is_string()) texts.emplace_back(each.get_string());
  }
  return texts;
}

class Definition {
 public:
  explicit Definition(BridgeDevice& device) : device_(device) {}

  void read(const json::object& definition) {
    auto& facts = device_.facts;
    facts.model = sdk::text_or_empty(definition, "model");
    facts.vendor = sdk::text_or_empty(definition, "vendor");
    facts.description = sdk::text_or_empty(definition, "description");
    exposes(definition, "exposes", 0);
  }

 private:
  void exposes(const json::object& object, std::string_view key, int depth) {
    const auto* list = sdk::member(object, key);
    if (list == nullptr || !list->is_array() || depth == kDeepest) return;
    for (const auto& each : list->get_array()) {
      if (each.is_object()) expose(each.get_object(), depth);
    }
  }
  void expose(const json::object& expose, int depth) {
    const auto type = sdk::text_or_empty(expose, "type");
    if (type == "composite" || type == "list") return;
    if (expose.contains("features")) return exposes(expose, "features", depth + 1);
    const auto access = static_cast<int>(sdk::number_at(expose, "access").value_or(kReported));
    if ((access & kReported) == 0) return;
    danger::MemberFacts member;
    member.name = sdk::text_or_empty(expose, "property");
    if (member.name.empty()) member.name = sdk::text_or_empty(expose, "name");
    member.description = sdk::text_or_empty(expose, "description");
    member.unit = sdk::text_or_empty(expose, "unit");
    member.on = scalar_at(expose, "value_on");
    member.off = scalar_at(expose, "value_off");
    member.settable = (access & kSettable) != 0;
    member.numeric = type == "numeric";
    take(std::move(member), texts_at(expose, "values"));
  }
  void take(danger::MemberFacts member, const std::vector<std::string>& values) {
    auto& facts = device_.facts;
    if (member.name == "action") {
      device_.every_press = danger::calls_with_every_press(facts.description, values);
      const bool calls =
          device_.every_press || std::any_of(values.begin(), values.end(), danger::calls_for_help);
      device_.detector |= calls;
      if (calls) can_declare(danger::Danger::sos);
      return;
    }
    const auto meaning = danger::meaning_of_name(member.name);
    const auto role = meaning.role;
    const bool is_measure = member.numeric && !member.settable && danger::unit_named(member.unit);
    if (role == danger::Role::none && !is_measure) return;
    device_.detector |= role == danger::Role::danger && !member.numeric;
    // Of a weak name ("heat", "water") and of what can be set it is not sure that it is a danger.
    if (role == danger::Role::danger && !member.numeric && !member.settable && !meaning.weak)
      can_declare(meaning.danger);
    for (const std::string& value : values) {
      const auto said = danger::meaning_of_text({.name = member.name, .text = value});
      const bool is_danger = role == danger::Role::statement && said.danger && !said.weak &&
                             said.saying == danger::Saying::alarm;
      device_.detector |= is_danger;
      if (is_danger) can_declare(*said.danger);
    }
    if (role == danger::Role::danger && !member.numeric) disbelieve_inversion(member);
    if (role == danger::Role::alarm && !member.settable) bare_alarm(member);
    if (facts.members.size() < Bridge::kMostMembers) facts.members.push_back(std::move(member));
  }
  // No device is calm where it says "alarm": a list that would have it so is of somebody else.
  static void disbelieve_inversion(danger::MemberFacts& member) {
    const auto said = danger::meaning_of_text({member.name, member.off}).saying;
    const bool is_yes = said == danger::Saying::alarm || said == danger::Saying::on;
    if (!is_yes) return;
    member.on.clear();
    member.off.clear();
  }
  void bare_alarm(const danger::MemberFacts& member) {
    const auto of_member = danger::danger_in(member.description);
    const auto of_device = danger::danger_in(device_.facts.description);
    device_.detector |= of_member.has_value() || of_device.has_value();
    // As findings.cpp decides what such an alarm is of.
    const bool member_says = of_member && !of_member->weak;
    const auto& spoken = member_says ? of_member : of_device;
    const auto harmless = danger::harmless_devices();
    const bool is_harmless = danger::mentions(member.description, harmless) ||
                             danger::mentions(device_.facts.description, harmless);
    if (spoken && (!spoken->weak || !is_harmless)) can_declare(spoken->danger);
  }
  void can_declare(danger::Danger about) {
    const auto kind = danger::subject_of(about).kind;
    auto& all = device_.dangers;
    if (std::find(all.begin(), all.end(), kind) == all.end()) all.push_back(kind);
  }

  BridgeDevice& device_;
};

}  // namespace

BridgeDevice device_from(const sdk::json::object& entry) {
  BridgeDevice device;
  if (const auto* definition = sdk::object_at(entry, "definition")) {
    Definition(device).read(*definition);
  }
  return device;
}

}  // namespace watchpost::zigbee2mqtt
