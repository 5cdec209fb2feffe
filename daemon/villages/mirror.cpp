#include "villages/mirror.hpp"

#include <boost/json.hpp>
#include <utility>

#include "base/encoding.hpp"
#include "base/json_members.hpp"
#include "model/event_id.hpp"
#include "model/event_topic.hpp"

namespace watchpost::villages {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostText = 256;
constexpr std::string_view kTransition = ".transition.v1\"";

// A village's text takes no more room than a person reads.
std::string short_text(const json::object& object, std::string_view name) {
  std::string text(text_in(object, name).substr(0, kMostText));
  while (!is_utf8(text)) text.pop_back();
  return text;
}

// Nothing where the event lacks what tells its alarm from others.
std::optional<Mirror> mirror_in(const json::object& alarm) {
  const auto number = alarm_number_from(std::string(text_in(alarm, "epoch")) + "-" +
                                        std::to_string(count_in(alarm, "number")));
  if (!number || number->serial.value == 0) return std::nullopt;
  Mirror mirror;
  mirror.number = *number;
  mirror.transition = count_in(alarm, "transition");
  mirror.revision = static_cast<std::uint32_t>(count_in(alarm, "revision"));
  mirror.open = flag_in(alarm, "open");
  mirror.exercise = flag_in(alarm, "exercise");
  mirror.test = flag_in(alarm, "test");
  mirror.count = count_in(alarm, "count");
  mirror.device = short_text(alarm, "device");
  mirror.kind = short_text(alarm, "kind");
  mirror.condition = short_text(alarm, "condition");
  mirror.name = short_text(alarm, "name");
  mirror.place = short_text(alarm, "place");
  mirror.state = short_text(alarm, "state");
  mirror.level = short_text(alarm, "level");
  mirror.owner = short_text(alarm, "owner");
  mirror.rule = short_text(alarm, "rule");
  mirror.text = short_text(alarm, "text");
  mirror.text_zh = short_text(alarm, "text_zh");
  if (const auto* const peak = alarm.if_contains("peak"); peak != nullptr && peak->is_number())
    mirror.peak = peak->to_number<double>();
  mirror.affects = count_in(alarm, "affects");
  mirror.since = from_rfc3339(text_in(alarm, "since"), std::chrono::minutes{0});
  return mirror;
}

void read_event(std::string_view payload, VillageWord& word) {
  boost::system::error_code error;
  const json::value event = json::parse({payload.data(), payload.size()}, error);
  if (error || !event.is_object()) return;
  const json::object* const said = object_in(event.get_object(), "data");
  if (said == nullptr) return;
  if (text_in(event.get_object(), "type") == kLinkEventType) {
    word.connected = text_in(*said, "state") == "online";
  } else if (const json::object* const alarm = object_in(*said, "alarm")) {
    word.alarm = mirror_in(*alarm);
  }
}

}  // namespace

std::optional<VillageWord> village_word(const RelayedMessage& message) {
  const auto place = read_event_topic(message.topic);
  if (!place || !place->carries_events()) return std::nullopt;
  VillageWord word;
  word.gateway = place->gateway;
  word.prefix = place->prefix;
  const bool is_change = place->use == EventTopic::Use::event &&
                         place->event_class == EventClass::alarm &&
                         message.payload.find(kTransition) != std::string_view::npos;
  if (is_change || place->use == EventTopic::Use::link_state) read_event(message.payload, word);
  return word;
}

}  // namespace watchpost::villages
