#include "home_assistant/device_report.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "danger/conditions.hpp"
#include "danger/site_word.hpp"
#include "home_assistant/classes.hpp"

namespace watchpost::home_assistant {
namespace {

namespace json = sdk::json;

// As Home Assistant renders a value: true as "True", 1.0 as "1.0"; here in small letters.
std::string rendered(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (const auto number = value.is_number() ? sdk::number_of(value) : std::nullopt) {
    const auto whole = static_cast<std::int64_t>(*number);
    if (static_cast<double>(whole) == *number) return std::to_string(whole);
  }
  return json::serialize(value);
}

bool is_silent(std::string_view text) {
  const std::string word = sdk::lower_case(text);
  return word.empty() || word == "none" || word == "null" || word == "unknown" ||
         word == "unavailable";
}

// `value` as one of the two texts of the entity, where it is one of them in any spelling.
void spell(const Entity& entity, json::value& value) {
  const std::string said = rendered(value);
  for (const std::string* text : {&entity.on, &entity.off}) {
    if (said == *text) {
      value = json::string(*text);
      return;
    }
  }
  const std::string lower = sdk::lower_case(said);
  for (const std::string* text : {&entity.on, &entity.off}) {
    if (lower != sdk::lower_case(*text)) continue;
    value = json::string(*text);
    return;
  }
}

std::optional<bool> is_on(const Entity& entity, const json::value& value) {
  const std::string said = rendered(value);
  if (said == entity.on) return true;
  if (said == entity.off) return false;
  return std::nullopt;
}

}  // namespace

DeviceReport::DeviceReport(const Catalogue& catalogue, const sdk::Options& options,
                           std::string_view device)
    : catalogue_(catalogue),
      options_(options),
      device_(device),
      readings_(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO) {}

void DeviceReport::add(Entity& entity, std::string_view payload, const json::value* parsed) {
  if (device_name_.empty()) device_name_ = entity.device_name;
  if (facts_.description.empty()) {
    facts_.description = entity.device_name + " " + entity.model;
  }
  if (entity.component == "event") {
    // {"event_type": ".."}, whatever a template makes of it.
    const auto* object = parsed == nullptr ? nullptr : parsed->if_object();
    if (object != nullptr) return press(entity, sdk::text_or_empty(*object, "event_type"));
  }
  const auto reader = ValueTemplate::parse(entity.value_template);
  const bool silent = is_silent(sdk::trim(payload));
  if (!reader || (reader->needs_json() && parsed == nullptr && !silent))
    return not_readable(entity);
  auto value =
      silent ? std::optional<json::value>(nullptr) : reader->evaluate(sdk::trim(payload), parsed);
  if (!value) return;
  if (entity.component == "device_automation") {
    if (!entity.on.empty() && rendered(*value) != entity.on) return;
    // Type and subtype; where one of them calls for help, that one.
    const auto help = std::find_if(entity.presses.begin(), entity.presses.end(),
                                   [](const auto& word) { return danger::calls_for_help(word); });
    if (help != entity.presses.end()) return press(entity, *help);
    if (!entity.presses.empty()) press(entity, entity.presses.back());
    return;
  }
  if (entity.component == "event") return press(entity, rendered(*value));
  if (entity.component == "tag") return tag(*value);
  if (entity.component == "binary_sensor") return binary(entity, std::move(*value));
  sensor(entity, *value);
}

void DeviceReport::binary(Entity& entity, json::value value) {
  std::optional<bool> on;
  if (value.is_null() || (value.is_string() && is_silent(value.get_string()))) {
    value = nullptr;
  } else {
    spell(entity, value);
    on = is_on(entity, value);
  }
  const auto listed = options_.device(device_ + "/" + entity.object);
  if (const auto word = danger::site_word(listed)) {
    auto said = danger::contact_said(*word, on ? json::value(*on) : value);
    if (!said.unread.empty()) unread_ = std::move(said.unread);
    observations_.push_back(std::move(said.observation));
    return;
  }
  if (entity.may_be_danger()) return danger(entity, value);
  if (!on) return;
  const bool is_set = on.value_or(false);
  if (add_flag(entity.device_class, is_set, readings_)) return flag(entity.device_class, is_set);
  const auto name = readings_.own(entity.object);
  if (!readings_.has(name)) readings_.boolean({name}, is_set);
}

// What the device says of itself: opened, broken, out of reach.
void DeviceReport::flag(std::string_view device_class, bool on) {
  has_flags_ = true;
  if (readings_.state() != WATCHPOST_INFO && readings_.state() != WATCHPOST_NORMAL) return;
  if (device_class == "tamper") readings_.state(on ? WATCHPOST_TAMPER : WATCHPOST_NORMAL);
  if (device_class == "problem") readings_.state(on ? WATCHPOST_FAULT : WATCHPOST_NORMAL);
  if (device_class == "connectivity") readings_.state(on ? WATCHPOST_NORMAL : WATCHPOST_FAULT);
}

void DeviceReport::sensor(Entity& entity, const json::value& value) {
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  const bool flag_like = number && (*number == 0 || *number == 1) && entity.unit.empty() &&
                         entity.device_class.empty() && entity.component != kMeasure;
  if (!number || flag_like) {
    if (entity.may_be_danger()) return danger(entity, value);
    if (danger::calls_for_help(rendered(value)) && entity.label() == "action") {
      return press(entity, rendered(value));
    }
    if (!number) return;
  }
  if (entity.device_class == "timestamp" || entity.device_class == "duration") return;
  add_number({entity.device_class, entity.object, entity.unit, *number}, readings_);
}

void DeviceReport::press(const Entity& entity, std::string_view word) {
  if (word.empty() || is_silent(word)) return;
  const bool every = danger::calls_with_every_press(entity.description(), entity.presses) ||
                     danger::is_sos_button(options_.device(device_));
  const bool help = danger::calls_for_help(word) || (every && danger::is_press(word));
  if (help) {
    sdk::Observation& call = observations_.emplace_back(WATCHPOST_SOS, WATCHPOST_ALARM);
    call.boolean({"sos"}, true).text({"button"}, call.own(std::string(word)));
    return;
  }
  const auto action = readings_.own(std::string(word));
  if (!readings_.has("action")) readings_.text({"action"}, action);
}

void DeviceReport::tag(const json::value& value) {
  const std::string text = rendered(value);
  if (is_silent(text)) return;
  sdk::Observation& scan = observations_.emplace_back(WATCHPOST_PATROL_SCAN, WATCHPOST_INFO);
  const auto uid = sdk::tag_uid(value);
  scan.text({"tag_uid"}, scan.own(uid ? uid->hex : text)).text({"auth"}, "none");
  if (!uid || !uid->is_certain) scan.flag("uid_uncertain");
}

std::string DeviceReport::name_of(const Entity& entity) const {
  std::string name(entity.label());
  for (int i = 2; state_.contains(name); ++i) {
    name = std::string(entity.label()) + "_" + std::to_string(i);
  }
  return name;
}

void DeviceReport::place(const Entity& entity, const std::string& name, const json::value& value) {
  state_[name] = value;
  facts_.members.push_back({name, entity.description(), entity.unit, entity.on, entity.off, false,
                            false, entity.danger()});
  placed_.push_back(&entity);
}

void DeviceReport::danger(Entity& entity, const json::value& value) {
  entity.last = value;
  touched_.push_back(name_of(entity));
  place(entity, touched_.back(), value);
}

void DeviceReport::not_readable(const Entity& entity) {
  if (!entity.may_be_danger()) return;
  const auto about = entity.danger().value_or(danger::meaning_of_name(entity.label()).danger);
  sdk::Observation& unknown =
      observations_.emplace_back(danger::subject_of(about).kind, WATCHPOST_UNKNOWN);
  unknown.null({danger::subject_of(about).quantity}).flag("not_understood");
  constexpr std::size_t kLongest = 80;
  unread_ = "\"" + entity.object +
            "\", which may be an alarm, could not be read with its template " +
            entity.value_template.substr(0, kLongest);
}

// What the entities of the device that did not speak now said last belongs to the whole.
void DeviceReport::add_conditions() {
  if (touched_.empty()) return;
  for (const Entity* entity : catalogue_.of_device(device_)) {
    const bool is_new = std::find(placed_.begin(), placed_.end(), entity) == placed_.end();
    if (entity->last && is_new) place(*entity, name_of(*entity), *entity->last);
  }
  findings_ = danger::findings_in(state_, &facts_);
  std::erase_if(findings_.dangers, [&](const danger::Finding& finding) {
    return std::none_of(finding.members.begin(), finding.members.end(), [&](const auto& member) {
      return std::find(touched_.begin(), touched_.end(), member.name) != touched_.end();
    });
  });
  for (auto& condition : danger::conditions_of(findings_, state_)) {
    observations_.push_back(std::move(condition));
  }
  if (unread_.empty()) unread_ = findings_.unread;
}

std::deque<sdk::Observation>& DeviceReport::finish() {
  add_conditions();
  for (const auto& measure : findings_.measures) {
    if (!readings_.has(measure.name)) {
      readings_.number({measure.name, measure.unit}, measure.number);
    }
  }
  if (!readings_.empty()) {
    const bool presence = readings_.has("presence");
    const bool measured = !has_flags_ && !readings_.has("action");
    if (presence && readings_.state() == WATCHPOST_INFO) {
      readings_.kind(WATCHPOST_PRESENCE);
    } else if (measured) {
      readings_.kind(WATCHPOST_MEASUREMENT);
    }
    observations_.push_back(std::move(readings_));
  }
  for (auto& observation : observations_) {
    if (!device_name_.empty()) observation.text({"device_name"}, device_name_);
  }
  return observations_;
}

}  // namespace watchpost::home_assistant
