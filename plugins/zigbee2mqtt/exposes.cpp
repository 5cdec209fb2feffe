#include "zigbee2mqtt/exposes.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "danger/names.hpp"
#include "danger/units.hpp"
#include "danger/values.hpp"

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

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(sdk::text_at(object, key).value_or(""));
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
    facts.model = text_at(definition, "model");
    facts.vendor = text_at(definition, "vendor");
    facts.description = text_at(definition, "description");
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
    const auto type = text_at(expose, "type");
    if (type == "composite" || type == "list") return;
    if (expose.contains("features")) return exposes(expose, "features", depth + 1);
    const auto access = static_cast<int>(sdk::number_at(expose, "access").value_or(kReported));
    if ((access & kReported) == 0) return;
    danger::MemberFacts member;
    member.name = text_at(expose, "property");
    if (member.name.empty()) member.name = text_at(expose, "name");
    member.description = text_at(expose, "description");
    member.unit = text_at(expose, "unit");
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
      device_.detector |=
          device_.every_press || std::any_of(values.begin(), values.end(), danger::calls_for_help);
      return;
    }
    const auto role = danger::meaning_of_name(member.name).role;
    const bool is_measure = member.numeric && !member.settable && danger::unit_named(member.unit);
    if (role == danger::Role::none && !is_measure) return;
    device_.detector |= role == danger::Role::danger && !member.numeric;
    device_.detector |= std::any_of(values.begin(), values.end(), [&](const std::string& value) {
      const auto said = danger::meaning_of_text(member.name, value);
      return role == danger::Role::statement && said.topic && !said.weak &&
             said.saying == danger::Saying::alarm;
    });
    if (role == danger::Role::alarm && !member.settable) bare_alarm(member);
    if (facts.members.size() < Bridge::kMostMembers) facts.members.push_back(std::move(member));
  }
  void bare_alarm(const danger::MemberFacts& member) {
    const auto of_member = danger::topic_in(member.description);
    const auto of_device = danger::topic_in(device_.facts.description);
    device_.detector |= of_member.has_value() || of_device.has_value();
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
