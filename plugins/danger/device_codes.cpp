#include "danger/device_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

// OMA LwM2M registry: what each of these resources is called there, in our words.
struct Resource {
  int object = 0;
  int resource = 0;
  std::string_view name;
};
constexpr std::array kResources{
    Resource{502, 1, "co_detected"},
    Resource{503, 25, "fire_detected"},  // of the object "Fire Alarm"
    Resource{3407, 6046, "smoke_detected"},
    Resource{3423, 9, "gas_leak_detected"},
    Resource{3423, 10, "gas_leak_detected"},
    Resource{3423, 11, "high_temperature"},
    Resource{3424, 9, "water_leak_detected"},
    Resource{3424, 10, "water_leak_detected"},
    Resource{3427, 3, "water_leak_detected"},
    Resource{3435, 22, "fire_detected"},
    Resource{3435, 23, "water_leak_detected"},
    Resource{3445, 7, "water_level_alarm"},
    Resource{3445, 10, "water_level_alarm"},
    Resource{10272, 6013, "water_leak_detected"},
    Resource{10278, 6013, "high_temperature"},
    Resource{10280, 6013, "water_leak_detected"},
};
// IPSO: what an object is used for, in words of the site, and what it says.
constexpr int kApplication = 5750;
constexpr std::array<int, 4> kIpsoValues{5500, 5547, 5700, 5850};

struct Path {
  int object = -1;
  int instance = -1;
  int resource = -1;
};

std::optional<Path> path_in(std::string_view text) {
  constexpr std::size_t kLongest = 5;
  if (text.starts_with('/')) text.remove_prefix(1);
  std::array<int, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto end = std::min(text.find('/'), text.size());
    const auto digits = text.substr(0, end);
    if (digits.empty() || digits.size() > kLongest) return std::nullopt;
    for (const char c : digits) {
      if (c < '0' || c > '9') return std::nullopt;
      parts[i] = parts[i] * 10 + (c - '0');
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return text.empty() ? std::optional(Path{parts[0], parts[1], parts[2]}) : std::nullopt;
}

bool is_value_of_ipso(int resource) {
  return std::find(kIpsoValues.begin(), kIpsoValues.end(), resource) != kIpsoValues.end();
}

// The name of the other members of one object of IPSO: what 5750 says.
std::string application_of(const json::object& object, const Path& path) {
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    const auto other = text == nullptr ? std::nullopt : path_in(member.key());
    const bool is_same = other && other->object == path.object &&
                         other->instance == path.instance && other->resource == kApplication;
    if (is_same) return std::string(*text);
  }
  return {};
}

// {"3407":{"0":{"6046":true}}}
void name_nested(std::string_view object, const json::object& instances, json::object& named) {
  constexpr std::size_t kMostDigits = 5;
  const bool is_number = !object.empty() && object.size() <= kMostDigits &&
                         object.find_first_not_of("0123456789") == object.npos;
  if (!is_number) return;
  for (const auto& instance : instances) {
    const auto* resources = instance.value().if_object();
    if (resources == nullptr) continue;
    for (const auto& resource : *resources) {
      const auto name = lwm2m_name(fmt::format("{}/{}/{}", object, std::string_view(instance.key()),
                                               std::string_view(resource.key())));
      if (!name.empty()) named[name] = resource.value();
    }
  }
}

// F6-05-01 and F6-05-02, "Detectors".
struct ProfileCode {
  std::string_view key;
  int number = 0;
  std::string_view words;
};
constexpr std::array kEnOcean{
    ProfileCode{"SMO", 0, "Smoke alarm off"}, ProfileCode{"SMO", 16, "Smoke alarm on"},
    ProfileCode{"SMO", 48, "low battery"}, ProfileCode{"WAS", 17, "Water detected"}};

// developer.tuya.com: the standard sets of detectors; the first point of each is how it is.
struct Category {
  std::string_view code;
  std::string_view name;
};
constexpr std::array kTuya{Category{"ywbj", "smoke_sensor_state"},
                           Category{"rqbj", "gas_sensor_state"},
                           Category{"jwbj", "methane_sensor_state"}, Category{"cobj", "co_state"},
                           Category{"sj", "water_leak_state"}};

bool is_point_of_tuya(std::string_view key) {
  constexpr std::size_t kLongest = 3;
  return !key.empty() && key.size() <= kLongest && key.find_first_not_of("0123456789") == key.npos;
}

std::string category_in(const json::object& object) {
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || !Phrase(member.key()).has("category")) continue;
    for (const auto& [code, name] : kTuya) {
      if (sdk::lower_case(*text) == code) return std::string(name);
    }
  }
  return {};
}

// "Smart Wi-Fi Smoke Detector"
std::string product_in(const json::object& object, std::string_view about) {
  constexpr std::array<std::string_view, 4> kNames{"product", "name", "device", "type"};
  auto spoken = danger_in(about);
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || is_prose(*text) || !Phrase(member.key()).has_one_of(kNames)) continue;
    if (!spoken || spoken->weak) spoken = danger_in(*text);
  }
  if (!spoken || spoken->weak) return {};
  return std::string(subject_of(spoken->danger).quantity) + "_state";
}

// The older sets count: 1 is the alarm, 2 its end.
json::value tuya_state(const json::value& value) {
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  if (number && *number == 2) return json::value("normal");
  return value;
}

bool is_bad(const json::value& status) {
  constexpr double kBad = 2147483648.0;  // the two highest bits: 10
  if (const auto* object = status.if_object()) {
    const auto* code = sdk::member(*object, "Code");
    if (code == nullptr) code = sdk::member(*object, "value");
    return code != nullptr && is_bad(*code);
  }
  if (const auto* text = status.if_string(); text != nullptr && !sdk::number_of(status)) {
    return text->starts_with("Bad");
  }
  return sdk::number_of(status).value_or(0) >= kBad;
}

// {"Value":true,"StatusCode":0,"SourceTimestamp":"..."}, {"Type":1,"Body":true}, also one in the
// other; null where it is none.
const json::value* value_of_opc_ua(const json::object& object, bool& is_good) {
  constexpr std::array<std::string_view, 16> kBeside{
      "StatusCode", "Status", "SourceTimestamp", "ServerTimestamp", "Type", "UaType", "Dimensions",
      "SourcePicoseconds", "ServerPicoseconds", "dataType", "arrayType", "dimensions",
      // As programs in JavaScript write it.
      "statusCode", "sourceTimestamp", "serverTimestamp", "sourcePicoseconds"};
  const json::value* value = nullptr;
  for (const auto key : {"Value", "Body", "value"}) {
    if (value == nullptr) value = sdk::member(object, key);
  }
  if (value == nullptr || object.size() < 2) return nullptr;
  for (const auto& member : object) {
    if (&member.value() == value) continue;
    if (std::find(kBeside.begin(), kBeside.end(), member.key()) == kBeside.end()) return nullptr;
  }
  for (const auto key : {"StatusCode", "Status", "statusCode"}) {
    if (const auto* status = sdk::member(object, key)) is_good &= !is_bad(*status);
  }
  const auto* inner = value->if_object();
  if (inner == nullptr) return value;
  if (inner->size() == 1 && inner->contains("Body")) return &inner->at("Body");
  return value_of_opc_ua(*inner, is_good);
}

}  // namespace

std::string_view lwm2m_name(std::string_view path) {
  const auto found = path_in(path);
  if (!found) return {};
  for (const auto& [object, resource, name] : kResources) {
    if (found->object == object && found->resource == resource) return name;
  }
  return {};
}

std::optional<std::string> lwm2m_topic(std::string_view topic) {
  std::size_t at = topic.size();
  for (int levels = 0; levels < 3; ++levels) {
    if (at == 0) return std::nullopt;
    at = topic.rfind('/', at - 1);
    if (at == topic.npos) return std::nullopt;
  }
  const auto name = lwm2m_name(topic.substr(at));
  if (name.empty()) return std::nullopt;
  return fmt::format("{}/{}", topic.substr(0, at), name);
}

bool name_lwm2m(json::object& object) {
  json::object named;
  for (const auto& member : object) {
    const std::string_view key = member.key();
    // {"path":"/3407/0/6046","value":true}
    const auto* text = member.value().if_string();
    const auto of_text = text == nullptr ? std::string_view{} : lwm2m_name(*text);
    if (!of_text.empty()) {
      named["name"] = of_text;
      continue;
    }
    if (const auto* inside = member.value().if_object()) name_nested(key, *inside, named);
    const auto path = path_in(key);
    if (!path) continue;
    if (const auto name = lwm2m_name(key); !name.empty()) {
      named[name] = member.value();
    } else if (is_value_of_ipso(path->resource)) {
      const auto of = application_of(object, *path);
      if (!of.empty()) named[of] = member.value();
    }
  }
  for (auto& member : named) object[member.key()] = std::move(member.value());
  return !named.empty();
}

bool name_lwm2m_record(json::object& object, std::string& base) {
  if (const auto given = sdk::text_at(object, "bn")) base = *given;
  auto* name = object.if_contains("n");
  if (base.empty() || name == nullptr || !name->is_string()) return false;
  const auto found = lwm2m_name(base + std::string(name->get_string()));
  if (found.empty()) return false;
  *name = json::value(found);
  return true;
}

bool name_lwm2m_list(json::array& list) {
  json::object applications;  // by the object and its instance: "3300/0"
  const auto path_of = [](const json::value& record) {
    const auto* object = record.if_object();
    return object == nullptr ? std::nullopt : path_in(sdk::text_or_empty(*object, "n"));
  };
  const auto place_of = [](const Path& path) {
    return fmt::format("{}/{}", path.object, path.instance);
  };
  for (const auto& record : list) {
    const auto path = path_of(record);
    if (!path || path->resource != kApplication) continue;
    for (const auto key : {"sv", "vs"}) {
      if (const auto said = sdk::text_at(record.get_object(), key))
        applications[place_of(*path)] = *said;
    }
  }
  bool found = false;
  for (auto& record : list) {
    const auto path = path_of(record);
    if (!path || !is_value_of_ipso(path->resource)) continue;
    const auto* of = applications.if_contains(place_of(*path));
    if (of == nullptr) continue;
    record.get_object()["n"] = *of;
    found = true;
  }
  return found;
}

bool name_enocean(json::object& object) {
  bool found = false;
  for (const auto& [key, number, words] : kEnOcean) {
    auto* value = object.if_contains(key);
    if (value == nullptr || sdk::number_of(*value) != number) continue;
    *value = json::value(words);
    found = true;
  }
  return found;
}

bool name_matter(json::object& object, std::string_view about) {
  bool found = false;
  for (auto& member : object) {
    const auto state =
        matter_state(fmt::format("{}/{}", about, std::string_view(member.key())), member.value());
    if (!state) continue;
    member.value() = json::value(*state);
    found = true;
  }
  return found;
}

std::optional<std::string_view> matter_state(std::string_view topic, const json::value& value) {
  constexpr std::array<std::string_view, 3> kStates{"normal", "alarm warning", "critical"};
  constexpr std::array<std::string_view, 4> kAttributes{
      "smokestate", "costate", "interconnectsmokealarm", "interconnectcoalarm"};
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  if (!number || (*number != 0 && *number != 1 && *number != 2)) return std::nullopt;
  std::string plain = sdk::lower_case(topic);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == ' '; });
  if (plain.find("smokecoalarm") == std::string::npos) return std::nullopt;
  const bool is_state = std::any_of(kAttributes.begin(), kAttributes.end(),
                                    [&](std::string_view name) { return plain.ends_with(name); });
  if (!is_state) return std::nullopt;
  return kStates.at(static_cast<std::size_t>(*number));
}

bool take_out_of_opc_ua(json::object& object) {
  constexpr std::string_view kNode = ";s=";
  bool found = false;
  json::object nodes;  // by the name of a node without its name space: "ns=2;s=Hall.Smoke"
  for (auto& member : object) {
    const auto* inside = member.value().if_object();
    if (inside == nullptr) continue;
    bool is_good = true;
    const auto* value = value_of_opc_ua(*inside, is_good);
    if (value == nullptr) continue;
    json::value taken = *value;
    const bool is_yes = taken.is_bool() ? taken.get_bool() : sdk::number_of(taken).value_or(1) != 0;
    if (!is_good) taken = is_yes ? json::value("of bad quality") : json::value(nullptr);
    member.value() = std::move(taken);
    found = true;
    const std::string_view key = member.key();
    const auto at = key.find(kNode);
    if (at == key.npos) continue;
    const auto node = key.substr(at + kNode.size());
    const auto last = node.substr(std::min(node.rfind('.') + 1, node.size()));
    nodes[meaning_of_name(last).role == Role::danger ? last : node] = member.value();
  }
  for (auto& node : nodes) object[node.key()] = std::move(node.value());
  return found;
}

bool name_tuya(json::object& object, std::string_view about, std::string& unread) {
  constexpr std::array<std::string_view, 3> kPoints{"dps", "dp", "DPS"};
  bool found = false;
  for (const auto key : kPoints) {
    auto* member = object.if_contains(key);
    auto* points = member == nullptr ? nullptr : member->if_object();
    if (points == nullptr) continue;
    auto name = category_in(object);
    const bool is_known = !name.empty();
    if (name.empty()) name = product_in(object, about);
    for (auto& point : *points) {
      const auto* text = point.value().if_string();
      const bool alarms = text != nullptr && says_only_alarm(*text);
      if (!is_point_of_tuya(point.key()) || !(alarms || (is_known && point.key() == "1"))) continue;
      if (name.empty()) {
        unread = fmt::format("data point {} says \"alarm\", and nothing says of what",
                             std::string_view(point.key()));
        continue;
      }
      object[name] = tuya_state(point.value());
      found = true;
      break;
    }
    if (found) break;
  }
  return found;
}

}  // namespace watchpost::danger
