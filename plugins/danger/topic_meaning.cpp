#include "danger/topic_meaning.hpp"

#include <algorithm>
#include <array>

#include "danger/lexicon.hpp"
#include "danger/phrase.hpp"
#include "danger/presses.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

constexpr std::size_t kMostLevels = 128;
constexpr std::size_t kNamingLevels = 3;

// Levels that say only that a value follows.
constexpr std::array<std::string_view, 23> kEmptyLevels{
    "",        "state",    "status",     "value",   "data",     "payload", "telemetry",   "current",
    "reading", "sensor",   "sensors",    "message", "messages", "event",   "events",      "up",
    "uplink",  "property", "properties", "post",    "report",   "thing",   "statechanged"};
// Below a button for help these name the press, and no thing.
constexpr std::array<std::string_view, 7> kPressLevels{"action",  "press",   "pressed", "click",
                                                       "clicked", "gesture", "trigger"};
constexpr std::array<std::string_view, 2> kEventLevels{"event", "events"};
// Levels below which a device is spoken to, or tells of itself.
constexpr std::array<std::string_view, 20> kNoReports{
    "set",      "cmnd",  "cmd",     "command", "commands",  "config",  "settings",
    "rpc",      "log",   "logs",    "debug",   "discovery", "ota",     "request",
    "firmware", "write", "control", "ack",     "down",      "downlink"};
// Below "bridge" a bridge of Zigbee2MQTT's kind tells of itself; a bridge over a river does not.
constexpr std::array<std::string_view, 11> kOfABridge{
    "info",      "devices", "groups", "definitions", "extensions", "converters",
    "extension", "logging", "event",  "health",      "networkmap"};

// Below "notifications", as Signal K calls what has befallen a boat.
struct Notification {
  std::string_view level;
  std::string_view name;
};
constexpr std::array kNotifications{Notification{"mob", "man_overboard"},
                                    Notification{"sinking", "flooding"},
                                    Notification{"abandon", "emergency_call"}};

template <std::size_t N>
bool is_level_of(const std::array<std::string_view, N>& list, std::string_view level) {
  return std::find(list.begin(), list.end(), sdk::lower_case(level)) != list.end();
}

std::string_view notified(std::string_view level, std::string_view around) {
  if (sdk::lower_case(around) != "notifications") return level;
  for (const auto& [written, name] : kNotifications) {
    if (sdk::lower_case(level) == written) return name;
  }
  return level;
}

// "firealarm" of "firealarm/v2/site/master/state": a detector, or an alarm, that has the topics
// below it for itself; empty where one of those speaks of something else.
std::string_view root_of_alarm(const std::vector<std::string_view>& levels, std::size_t count) {
  constexpr std::array<std::string_view, 3> kThings{"alarm", "alert", "detector"};
  std::string_view found;
  for (std::size_t i = 0; i < count; ++i) {
    const Phrase phrase(levels[i]);
    const auto meaning = meaning_of_name(levels[i]);
    const bool is_of_one = meaning.role == Role::danger && !meaning.weak &&
                           (meaning.asks || phrase.has_one_of(kThings));
    if (is_of_one) {
      found = levels[i];
      continue;
    }
    const auto words = phrase.words();
    const bool is_other = std::any_of(words.begin(), words.end(), [](std::string_view word) {
      return name_part(word) == NamePart::other || word == "armed";
    });
    if (is_other) return {};
  }
  return found;
}

}  // namespace

std::vector<std::string_view> levels_of(std::string_view topic) {
  std::vector<std::string_view> levels;
  while (levels.size() < kMostLevels) {
    const auto end = topic.find('/');
    levels.push_back(topic.substr(0, end));
    if (end == std::string_view::npos) break;
    topic.remove_prefix(end + 1);
  }
  return levels;
}

bool names_danger(const NameMeaning& meaning) {
  const bool sure = meaning.role == Role::danger && (!meaning.weak || meaning.asks);
  return sure || meaning.role == Role::unfamiliar || meaning.role == Role::doubtful;
}

std::optional<std::string> posted_topic(const sdk::json::value* message, std::string_view topic) {
  constexpr std::string_view kMethodBegins = "thing.event.";
  constexpr std::string_view kMethodEnds = ".post";
  const auto* object = message == nullptr ? nullptr : message->if_object();
  const auto method = object == nullptr ? std::nullopt : sdk::text_at(*object, "method");
  if (!method || !method->starts_with(kMethodBegins) || !method->ends_with(kMethodEnds))
    return std::nullopt;
  if (method->size() <= kMethodBegins.size() + kMethodEnds.size()) return std::nullopt;
  const auto event = method->substr(kMethodBegins.size(),
                                    method->size() - kMethodBegins.size() - kMethodEnds.size());
  if (event.starts_with("property") || event.find('/') != event.npos) return std::nullopt;
  return std::string(topic) + "/thing/event/" + std::string(event) + "/post";
}

TopicMeaning meaning_of_topic(std::string_view topic) {
  TopicMeaning out;
  auto levels = levels_of(topic);
  const bool own = topic.starts_with("wp/") && !topic.starts_with("wp/in/");
  out.is_spoken_to = own || topic.starts_with("$SYS/") || levels.size() == kMostLevels;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    out.is_spoken_to |= is_level_of(kNoReports, levels[i]);
    // "dsc/Get/Fire1" is what a panel publishes; "kitchen/get" asks for it.
    out.is_spoken_to |= i + 1 == levels.size() && sdk::lower_case(levels[i]) == "get";
    out.is_spoken_to |= i > 0 && levels[i - 1] == "bridge" && is_level_of(kOfABridge, levels[i]);
  }
  if (out.is_spoken_to) return out;
  out.posts_events = topic.ends_with("/event/post");
  std::size_t count = levels.size();
  const auto names_nothing = [&](std::size_t i) {
    if (is_level_of(kEmptyLevels, levels[i])) return true;
    return is_level_of(kPressLevels, levels[i]) && is_button_for_help(levels[i - 1]);
  };
  while (count > 1 && names_nothing(count - 1)) --count;
  out.asks = count < levels.size();
  std::string name;
  std::size_t naming = 0;
  for (std::size_t i = count; i > 0 && naming < kNamingLevels; --i) {
    // "features/smoke/properties/alarm"
    if (naming > 0 && is_level_of(kEmptyLevels, levels[i - 1])) continue;
    ++naming;
    const auto level = i > 1 ? notified(levels[i - 1], levels[i - 2]) : levels[i - 1];
    name = std::string(level) + (name.empty() ? "" : "_") + name;
    const auto meaning = meaning_of_name(name);
    const bool bare = meaning.role == Role::alarm && out.name.empty();
    if (!names_danger(meaning) && !bare) continue;
    out.name = name;
    out.meaning = meaning;
    out.is_event = i > 1 && is_level_of(kEventLevels, levels[i - 2]);
    if (!bare) break;
  }
  if (out.name.empty() && out.asks) {
    out.name = root_of_alarm(levels, count);
    if (!out.name.empty()) out.meaning = meaning_of_name(out.name);
  }
  const auto* end = levels[count - 1].data() + levels[count - 1].size();
  out.device.assign(topic.data(), static_cast<std::size_t>(end - topic.data()));
  if (out.device.empty()) out.device = topic;
  out.place = count > 1 ? std::string(levels[count - 2]) + "_" + std::string(levels[count - 1])
                        : out.device;
  // As SenML names it there: wp/in/<domain>/<device>.
  constexpr std::size_t kOwnDevice = 3;
  const bool is_ours = topic.starts_with("wp/in/") && levels.size() > kOwnDevice;
  if (is_ours && !levels[kOwnDevice].empty()) out.device = levels[kOwnDevice];
  return out;
}

}  // namespace watchpost::danger
