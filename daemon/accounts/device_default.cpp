#include "accounts/device_default.hpp"

#include <algorithm>
#include <array>

namespace watchpost::accounts {
namespace {

// Calls `look(level, the level before it)` for each level until it says true.
template <class Look>
bool any_level(std::string_view topic, Look look) {
  std::string_view before;
  while (true) {
    const auto slash = topic.find('/');
    const auto level = topic.substr(0, slash);
    if (look(level, before)) return true;
    if (slash == std::string_view::npos) return false;
    before = level;
    topic.remove_prefix(slash + 1);
  }
}

constexpr std::array<std::string_view, 6> kCommandLevels{"set",     "get",     "cmnd",
                                                         "command", "request", "rpc"};
constexpr std::string_view kHomeAssistant = "homeassistant/";

}  // namespace

bool is_told_to_devices(std::string_view topic) {
  if (topic == "homeassistant/status") return true;
  if (topic.starts_with(kHomeAssistant) && topic.ends_with("/config")) return true;
  return any_level(topic, [](std::string_view level, std::string_view before) {
    if (level == "rpc" && before == "events") return false;
    return std::find(kCommandLevels.begin(), kCommandLevels.end(), level) != kCommandLevels.end();
  });
}

bool device_may_get(const Actor& actor, const Sent& sent) {
  if (!sent.publisher.empty() && sent.publisher == actor.client_id) return true;
  if (is_told_to_devices(sent.topic)) return true;
  return any_level(sent.topic, [&actor](std::string_view level, std::string_view) {
    return !level.empty() && (level == actor.user || level == actor.client_id);
  });
}

bool device_may_subscribe(const Actor& actor, std::string_view filter) {
  return has_wildcard(filter) || device_may_get(actor, {filter, {}});
}

}  // namespace watchpost::accounts
