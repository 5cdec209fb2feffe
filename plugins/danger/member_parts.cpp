#include "danger/member_parts.hpp"

#include <algorithm>
#include <array>

#include "danger/phrase.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

constexpr std::size_t kLongestId = 60;

// What a device says of its connection, and nothing else.
constexpr std::array<std::string_view, 4> kOnline{"online", "connected", "available", "alive"};
constexpr std::array<std::string_view, 6> kOffline{"offline",     "disconnected", "unavailable",
                                                   "unreachable", "dead",         "lost"};
// Words of the names of members that say of what their neighbour tells, and of the neighbour.
constexpr std::array<std::string_view, 9> kWhat{"type",   "kind", "name",     "class",   "sensor",
                                                "device", "n",    "detector", "category"};
constexpr std::array<std::string_view, 6> kEvent{"alarm", "alert",   "alerts",
                                                 "event", "warning", "warn"};
constexpr std::array<std::string_view, 14> kOfEvent{
    "type", "code", "kind",   "name", "content",     "message", "msg",
    "text", "info", "reason", "desc", "description", "title",   "data"};
constexpr std::array<std::string_view, 4> kProse{"msg", "message", "content", "text"};
constexpr std::array<std::string_view, 7> kLoudValue{"alarm",    "alert",  "triggered", "active",
                                                     "detected", "detect", "detection"};
constexpr std::array<std::string_view, 9> kValue{"value", "val", "state", "status", "flag",
                                                 "on",    "v",   "vb",    "vs"};
constexpr std::array<std::string_view, 13> kNamesOfWho{
    "device_id", "deviceId", "device", "dev_eui", "devEui",  "id",  "mac",
    "sn",        "serial",   "imei",   "node",    "node_id", "addr"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

MemberPart part_of(std::string_view key) {
  const Phrase phrase(key);
  const auto words = phrase.words();
  const auto all = [&](const auto& is_word) {
    return !words.empty() && std::all_of(words.begin(), words.end(), is_word);
  };
  if (all([](auto word) { return is_in(kProse, word); })) return MemberPart::event;
  const bool has_event =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kEvent, word); });
  const bool of_event =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kOfEvent, word); });
  if (has_event && of_event &&
      all([](auto word) { return is_in(kEvent, word) || is_in(kOfEvent, word); })) {
    return MemberPart::event;
  }
  if (all([](auto word) { return is_in(kWhat, word); })) return MemberPart::what;
  const bool loud =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kLoudValue, word); });
  if (!all([](auto word) { return is_in(kLoudValue, word) || is_in(kValue, word); })) {
    return MemberPart::other;
  }
  return loud ? MemberPart::loud_value : MemberPart::value;
}

std::optional<bool> online_in(std::string_view text) {
  const auto word = sdk::lower_case(sdk::trim(text));
  if (is_in(kOnline, word)) return true;
  if (is_in(kOffline, word)) return false;
  return std::nullopt;
}

std::string id_in(const sdk::json::object& object) {
  // The number of a request, in the envelopes of clouds.
  const bool is_request = object.contains("params") || object.contains("method");
  for (const auto key : kNamesOfWho) {
    if (is_request && key == "id") continue;
    const auto* value = sdk::member(object, key);
    if (value == nullptr) continue;
    if (value->is_string() && !value->get_string().empty() &&
        value->get_string().size() <= kLongestId) {
      return std::string(value->get_string());
    }
    if (value->is_int64()) return std::to_string(value->get_int64());
    if (value->is_uint64()) return std::to_string(value->get_uint64());
  }
  return {};
}

}  // namespace watchpost::danger
