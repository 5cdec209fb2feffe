#include "danger/happenings.hpp"

#include <algorithm>
#include <array>

#include "danger/lexicon.hpp"
#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"
#include "danger/values.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;
using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> kTypeWords{"type", "kind",  "class", "category",
                                                      "code", "name",  "desc",  "text",
                                                      "sub",  "label", "id",    "info"};
constexpr std::array<std::string_view, 5> kType{"type", "kind", "class", "category", "code"};
// With one of those: the type of a message, which no device has.
constexpr std::array<std::string_view, 17> kOfMessage{
    "payload", "message", "msg",  "packet", "frame",   "report", "notification", "notice", "uplink",
    "record",  "data",    "push", "call",   "trigger", "cmd",    "action",       "upload"};
// Alone, as a watch names its messages.
constexpr std::array<std::string_view, 3> kCommand{"cmd", "method", "trigger"};
constexpr std::array<std::string_view, 13> kPosition{
    "lat", "lon",      "lng",      "latitude",    "longitude", "gps",  "position",
    "pos", "location", "locating", "coordinates", "geo",       "place"};
constexpr std::array<std::string_view, 14> kBesideEvent{
    "time", "timestamp", "ts",   "date",    "datetime", "severity", "level",
    "zone", "priority",  "area", "message", "msg",      "user",     "person"};
constexpr std::array<std::string_view, 8> kBesideThing{"name",  "model",   "manufacturer", "vendor",
                                                       "label", "product", "friendly",     "alias"};
// What went wrong in a program.
constexpr std::array<std::string_view, 10> kOfProgram{
    "stack",     "stacktrace", "trace",  "traceback", "exception",
    "goroutine", "pid",        "module", "backtrace", "error"};
// A season, a song, a sale: what else is called "fall" or "SOS".
constexpr std::array<std::string_view, 20> kOfOtherWorlds{
    "season", "semester", "crop",   "genre", "artist",     "album", "song",
    "lyrics", "episode",  "movie",  "film",  "collection", "theme", "price",
    "sku",    "month",    "months", "year",  "forecast",   "game"};
// With these a year or a course is one of a position, of a day, of a device.
constexpr std::array<std::string_view, 17> kOfThisWorld{
    "imei", "mac",    "device", "sensor", "alarm", "alert",  "person", "patient", "user",
    "room", "camera", "hour",   "minute", "day",   "second", "speed",  "battery"};
// What a device says when nothing has happened.
constexpr std::array<std::string_view, 22> kNothingNew{
    "heartbeat", "keepalive", "alive",   "ping",     "register",      "registration",
    "login",     "join",      "joined",  "periodic", "info",          "status",
    "report",    "battery",   "test",    "config",   "configuration", "attribute",
    "telemetry", "online",    "offline", "announce"};
constexpr std::array<std::string_view, 13> kHolders{
    "capabilities", "device", "sensor", "detector",   "zone",    "inventory", "equipment",
    "component",    "config", "part",   "capability", "exposes", "product"};
constexpr std::array<std::string_view, 12> kUntaken{
    "new",         "open",           "opened",  "pending",    "unhandled", "unprocessed",
    "unconfirmed", "unacknowledged", "unacked", "unresolved", "created",   "firing"};

bool has_member(const json::object& object, Words of) {
  return std::any_of(object.begin(), object.end(),
                     [&](const auto& member) { return Phrase(member.key()).has_one_of(of); });
}

enum class Names : std::uint8_t { other, type, message, key };
Names named_by(std::string_view key) {
  const Phrase phrase(key);
  const auto words = phrase.words();
  if (words.size() == 1 && is_one_of(words.front(), kCommand)) return Names::message;
  // {"key":"alarm_domestic_fire"}; also what a setting is called.
  if (phrase.is("key")) return Names::key;
  if (!phrase.has_one_of(kType)) return Names::other;
  const bool of_message = phrase.has_one_of(kOfMessage);
  const bool plain = std::all_of(words.begin(), words.end(), [](auto word) {
    return is_one_of(word, kTypeWords) || is_one_of(word, kOfMessage);
  });
  if (!plain) return Names::other;
  return of_message ? Names::message : Names::type;
}

enum class Says : std::uint8_t {
  nothing,
  doubt,  // a word that other messages have for their type too: "help"
  thing,  // what a device may be called: "smoke alarm"
  call,   // what happens to a person: "SOS"
  event,  // "fire detected", "烟雾报警"
};
struct Said {
  Says says = Says::nothing;
  Danger danger = Danger::none;
};
Said said_in(std::string_view text, std::string_view key) {
  const auto said = meaning_of_text({.name = "event", .text = text});
  if (!said.danger) return {};
  const bool alarms = said.saying == Saying::alarm || said.saying == Saying::suspected;
  const bool for_person = said.danger == Danger::sos || said.danger == Danger::fall;
  const Phrase phrase(text);
  const auto words = phrase.words();
  const bool bare = words.size() == 1;
  // A program's type of message.
  const bool is_word = phrase.is("help") || (phrase.is("emergency") && said.danger == Danger::sos);
  if (is_word) return {Phrase(key).is("type") ? Says::doubt : Says::nothing, *said.danger};
  if (!alarms || said.weak) return {};
  const bool is_chinese = std::any_of(text.begin(), text.end(),
                                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const bool is_noun = words.back() == "alarm" || words.back() == "alarms";
  const bool tells = says_alarm_in_words(text) && !is_noun;  // "fall detected"
  if (for_person) {
    const bool is_event = tells || (is_chinese && says_alarm_in_words(text));  // "跌倒告警"
    return {is_event ? Says::event : Says::call, *said.danger};
  }
  if (bare || !says_alarm_in_words(text)) return {};
  return {is_chinese || tells ? Says::event : Says::thing, *said.danger};
}

// {"type":"sos","event":"heartbeat"}: the type is the device's.
bool says_nothing_new(const json::object& object) {
  return std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto* text = member.value().if_string();
    if (text == nullptr) return false;
    if (online_in(*text)) return true;
    const Phrase key(member.key());
    const bool of_event = key.is("event") || part_of(member.key()) == MemberPart::course ||
                          named_by(member.key()) == Names::message;
    return of_event && Phrase(*text).has_one_of(kNothingNew);
  });
}

bool has_value(const json::object& object) {
  return std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto part = part_of(member.key());
    if (part != MemberPart::value && part != MemberPart::loud_value) return false;
    const auto* text = member.value().if_string();
    return text == nullptr || !is_untaken(*text);
  });
}

// How sure it is, of a message that says nothing else about it.
Happened judged(Said said, Names named, const json::object& object) {
  if (said.says == Says::doubt) return Happened::perhaps;
  const bool is_described = tells_of_itself(object);
  if (named == Names::message) {
    return said.says == Says::thing && is_described ? Happened::perhaps : Happened::yes;
  }
  if (said.says == Says::event) return Happened::yes;
  if (said.says == Says::call) {
    const bool sure = !is_described || has_member(object, kPosition);
    return sure ? Happened::yes : Happened::perhaps;
  }
  const bool is_of_fire = said.danger == Danger::fire || said.danger == Danger::manual_call;
  if (is_described) return is_of_fire ? Happened::perhaps : Happened::no;
  const bool is_named = has_member(object, kBesideThing) && !has_member(object, kBesideEvent);
  return is_named ? Happened::perhaps : Happened::yes;
}

}  // namespace

// {"name":"水浸告警","ts":1760000000}: what a platform pushes, and no detector's name; "报警" may
// be one.
Happening told_by_name(const json::object& object) {
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || !Phrase(member.key()).is("name") || is_prose(*text)) continue;
    const std::string_view name(*text);
    const bool is_push = name.ends_with("告警") || name.ends_with("警报");
    if (!is_push && !name.ends_with("报警")) continue;
    const auto said = meaning_of_text({.name = "event", .text = name});
    if (!said.danger || said.weak || said.saying != Saying::alarm) continue;
    const bool is_sure = is_push && has_member(object, kBesideEvent) && !tells_of_itself(object);
    return {is_sure ? Happened::yes : Happened::perhaps, std::string(member.key()),
            std::string(name)};
  }
  return {};
}

Happening happening_in(const json::object& object) {
  Happening found = told_by_name(object);
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || text->empty() || is_prose(*text)) continue;
    const auto named = named_by(member.key());
    if (named == Names::other) continue;
    const auto said = said_in(*text, member.key());
    if (said.says == Says::nothing) continue;
    if (named == Names::key && said.says != Says::event) continue;
    const auto happened = judged(said, named, object);
    if (happened <= found.happened) continue;
    found = {happened, std::string(member.key()), std::string(*text)};
  }
  if (found.happened == Happened::no) return found;
  const bool is_other = has_member(object, kOfOtherWorlds) && !has_member(object, kOfThisWorld) &&
                        !has_member(object, kPosition);
  const bool elsewhere = is_setting(object) || has_member(object, kOfProgram) || is_other;
  if (elsewhere || has_value(object) || says_nothing_new(object)) return {};
  return found;
}

bool holds_things(std::string_view key) {
  return mentions(key, kHolders);
}

bool is_type_of_message(std::string_view key) {
  return named_by(key) == Names::message;
}

bool says_it_ended(std::string_view text) {
  constexpr std::array<std::string_view, 15> kEnds{
      "clear",    "cleared",   "restore",  "restored",  "restoral",
      "recover",  "recovered", "recovery", "eliminate", "eliminated",
      "resolved", "cancel",    "canceled", "cancelled", "dismissed"};
  const Phrase phrase(text);
  const auto words = phrase.words();
  return !words.empty() && is_one_of(words.back(), kEnds);
}

bool is_untaken(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  return words.size() == 1 && is_one_of(words.front(), kUntaken);
}

}  // namespace watchpost::danger
