#include "danger/code_words.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "danger/device_codes.hpp"
#include "danger/gx_alarms.hpp"
#include "danger/panel_codes.hpp"
#include "danger/platform_forms.hpp"
#include "danger/trackers.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr int kDeepestCode = 8;

bool is_figure(char c) {
  return c >= '0' && c <= '9';
}

// Parts of the names that a panel's members, or its topic, have.
constexpr std::array<std::string_view, 7> kPanelParts{"cid",    "sia",       "code", "contact",
                                                      "qualif", "partition", "acc"};
constexpr std::array<std::string_view, 5> kTopicParts{"cid", "sia", "contact", "ademco",
                                                      "envisalink"};

// Without regard to case, in the first characters.
bool has_part_of(std::string_view name, std::span<const std::string_view> parts) {
  std::array<char, 96> lower{};
  const std::size_t size = std::min(name.size(), lower.size());
  std::transform(
      name.begin(), name.begin() + static_cast<std::ptrdiff_t>(size), lower.begin(),
      [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const std::string_view text(lower.data(), size);
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != text.npos; });
}

// A first look: whether one of the readers below may find something at this member.
bool may_be_coded(std::string_view key, const json::value& value) {
  constexpr std::array<std::string_view, 21> kKeys{"SmokeState",
                                                   "COState",
                                                   "statusCode",
                                                   "dataType",
                                                   "sourceTimestamp",
                                                   "StatusCode",
                                                   "SourceTimestamp",
                                                   "ServerTimestamp",
                                                   "Value",
                                                   "Body",
                                                   "dps",
                                                   "dp",
                                                   "DPS",
                                                   "SMO",
                                                   "WAS",
                                                   "smokeState",
                                                   "coState",
                                                   "smoke_state",
                                                   "co_state",
                                                   "interconnectSmokeAlarm",
                                                   "interconnectCOAlarm"};
  if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) return true;
  constexpr std::size_t kMostDigits = 5;
  const bool is_number =
      key.size() <= kMostDigits && key.find_first_not_of("0123456789") == key.npos;
  if (key == "bn" || (is_number && value.is_object())) return true;
  const auto digits = key.substr(key.starts_with('/') ? 1 : 0);
  if (!digits.empty() && is_figure(digits.front()) && digits.find('/') != digits.npos) return true;
  if (const auto* text = value.if_string()) {
    constexpr std::size_t kShortestPath = 5;
    const bool is_path =
        text->size() >= kShortestPath && text->find('/') != text->npos && is_figure(text->back());
    const bool is_protocol = *text == "ADM-CID" || *text == "SIA-DCS" || *text == "Contact ID";
    if (is_path || is_protocol || text->find('|') != text->npos || text->starts_with("Nri"))
      return true;
    if (tracker_call_in(*text)) return true;
  }
  return may_be_of_platform(key, value) || has_part_of(key, kPanelParts);
}

bool may_hold_codes(const json::value& value, int depth = 0) {
  if (depth > kDeepestCode) return false;
  if (const auto* list = value.if_array()) {
    return std::any_of(list->begin(), list->end(),
                       [&](const auto& each) { return may_hold_codes(each, depth + 1); });
  }
  const auto* object = value.if_object();
  return object != nullptr && std::any_of(object->begin(), object->end(), [&](const auto& member) {
           return may_be_coded(member.key(), member.value()) ||
                  may_hold_codes(member.value(), depth + 1);
         });
}

class Translator {
 public:
  // `about`: what the message, or what holds it, is called.
  bool read(json::value& value, std::string_view about, int depth = 0) {
    if (depth > kDeepestCode) return false;
    bool found = false;
    if (auto* list = value.if_array()) {
      std::string base;
      found |= name_lwm2m_list(*list);
      for (auto& each : *list) {
        if (auto* record = each.if_object()) found |= name_lwm2m_record(*record, base);
        found |= read(each, about, depth + 1);
      }
      return found;
    }
    auto* object = value.if_object();
    if (object == nullptr) return false;
    found = name_codes(*object, about);
    std::string told;
    for (auto& member : *object) {
      const std::string_view key = member.key();
      found |= read(member.value(), std::string(about) + "/" + std::string(key), depth + 1);
      // {"contactId":{"code":"1110"}}: it is the event of what holds it.
      const auto* inside = speaks_of_codes(key) ? member.value().if_object() : nullptr;
      if (inside != nullptr && told.empty()) told = sdk::text_or_empty(*inside, "event");
    }
    if (!told.empty() && found) tell(*object, told);
    return found;
  }

  std::string unread{};

 private:
  bool name_codes(json::object& object, std::string_view about) {
    bool found = take_out_of_opc_ua(object);
    found |= take_out_of_ngsi(object);
    found |= name_zigbee_zone(object);
    found |= name_radar_state(object);
    found |= name_alarm_model(object);
    found |= name_by_sibling(object);
    found |= name_lwm2m(object);
    found |= name_enocean(object);
    found |= name_matter(object, about);
    found |= name_tuya(object, about, unread);
    if (const auto words = panel_event_in(object, speaks_of_codes(about))) {
      tell(object, *words);
      return true;
    }
    return name_frame(object) || found;
  }

  // {"raw":"#1234|Nri1/FA01"}
  static bool name_frame(json::object& object) {
    // {"protocol":"ADM-CID","data":"1117 01 009"}
    const bool is_told = std::any_of(object.begin(), object.end(), [](const auto& member) {
      const auto* text = member.value().if_string();
      return text != nullptr && (*text == "ADM-CID" || *text == "SIA-DCS" || *text == "Contact ID");
    });
    for (const auto& member : object) {
      const auto* text = member.value().if_string();
      if (text == nullptr) continue;
      auto frame = tracker_call_in(*text);
      if (!frame) frame = panel_frame_in(*text, is_told);
      if (!frame) continue;
      tell(object, std::string(frame->at("event").get_string()));
      return true;
    }
    return false;
  }

  static void tell(json::object& object, const std::string& words) {
    object[object.contains("event") ? "event_text" : "event"] = words;
  }
};

}  // namespace

std::optional<InWords> in_words(const json::value& message, std::string_view topic) {
  if (auto alarm = gx_alarm_in(message, topic)) return InWords{json::value(std::move(*alarm))};
  const bool of_codes = has_part_of(topic, kTopicParts);
  if (!of_codes && !may_hold_codes(message)) return std::nullopt;
  InWords out{message};
  Translator translator;
  const bool found = translator.read(out.message, topic);
  out.unread = std::move(translator.unread);
  if (!found && out.unread.empty()) return std::nullopt;
  return out;
}

}  // namespace watchpost::danger
