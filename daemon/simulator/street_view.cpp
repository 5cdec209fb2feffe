#include "simulator/street_view.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cctype>

#include "base/json_members.hpp"
#include "model/event_id.hpp"
#include "simulator/event_facts.hpp"

namespace watchpost::simulator {
namespace {

namespace json = boost::json;

constexpr std::string_view kAlarmColour = "\x1b[1;37;41m";
constexpr std::string_view kPatrolColour = "\x1b[36m";
constexpr std::string_view kPlain = "\x1b[0m";

// The word that people use for a kind.
std::string words_for(std::string_view kind) {
  struct Words {
    std::string_view kind;
    std::string_view words;
  };
  constexpr std::array kWords{
      Words{"combustible_gas", "gas"},        Words{"sos", "call for help"},
      Words{"water_leak", "water leak"},      Words{"water_level", "water level"},
      Words{"water_distance", "water gauge"}, Words{"patrol_scan", "patrol passed"},
      Words{"device_status", "device"},
  };
  for (const auto& [name, words] : kWords) {
    if (name == kind) return std::string(words);
  }
  return std::string(kind);
}

std::string words_for_state(std::string_view state, std::string_view condition) {
  if (state == "raised" && condition == "suspected") return "SUSPECTED";
  if (state == "raised") return "ALARM raised";
  if (state == "info" || state.empty()) return "reported";
  return std::string(state);
}

// "alarm 37 UNACK -> ACK (taken)"; empty where the event tells of no change.
std::string change_in(const json::object& happened) {
  const json::object* const told = object_in(happened, "alarm");
  if (told == nullptr) return {};
  const json::object& alarm = *told;
  const json::value* const number = alarm.if_contains("number");
  if (number == nullptr || text_in(alarm, "event").empty()) return {};
  return fmt::format("alarm {} {} -> {} ({})", json::serialize(*number), text_in(alarm, "previous"),
                     text_in(alarm, "state"), text_in(alarm, "event"));
}

std::string tag_of(const json::object& happened) {
  for (const json::value& reading : list_in(happened, "readings")) {
    if (!reading.is_object()) continue;
    if (text_in(reading.get_object(), "n") == "tag_uid") {
      return fmt::format(", tag {}", text_in(reading.get_object(), "vs"));
    }
  }
  return {};
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

std::string plain_line(std::string_view event) {
  boost::system::error_code error;
  const json::value parsed = json::parse(event, error);
  if (error || !parsed.is_object()) return "(an event that is not readable)";
  const json::object& root = parsed.get_object();
  static const json::object kNothing;
  const json::object* const data = object_in(root, "data");
  const json::object& happened = data == nullptr ? kNothing : *data;
  const std::string_view type = text_in(root, "type");
  const std::string_view domain = domain_in_event_type(type);
  const std::string_view time = text_in(root, "recordedtime");
  const std::string_view clock = time.size() > 19 ? time.substr(11, 8) : time;
  std::string what = words_for(text_in(happened, "kind"));
  if (what.empty()) what = text_in(happened, "outcome");
  const std::string change = change_in(happened);
  const std::string state =
      change.empty() ? words_for_state(text_in(happened, "state"), text_in(happened, "condition"))
                     : change;
  return fmt::format("{}  {:<9} {:<6} {:<26} {}: {}{}", clock,
                     upper(std::string(text_in(root, "wpclass"))), domain, text_in(root, "subject"),
                     what, state, tag_of(happened));
}

void StreetView::add(std::string_view event) {
  const auto facts = read_event(event);
  if (!facts) return;
  const auto event_class = event_class_from(facts->event_class);
  if (!event_class || !facts->sequence) return;
  const auto index = index_of(*event_class);
  const bool has_line = *event_class == EventClass::alarm || *event_class == EventClass::patrol;
  if (has_line && waiting_[index].size() < kMostWaiting) {
    waiting_[index].push_back(plain_line(event));
  } else {
    ++counted_[index];
  }
}

std::string StreetView::take() {
  std::string out;
  for (const EventClass event_class : kEventClasses) {
    auto& lines = waiting_[index_of(event_class)];
    const auto colour = event_class == EventClass::alarm ? kAlarmColour : kPatrolColour;
    for (const std::string& line : lines) {
      out += colours_ ? fmt::format("{}{}{}\n", colour, line, kPlain) : line + "\n";
    }
    lines.clear();
  }
  std::string rest;
  for (const EventClass event_class : kEventClasses) {
    auto& count = counted_[index_of(event_class)];
    if (count > 0) {
      rest += fmt::format("{}{} {}", rest.empty() ? "" : ", ", count, to_string(event_class));
    }
    count = 0;
  }
  if (!rest.empty()) out += fmt::format("          and {}\n", rest);
  return out;
}

}  // namespace watchpost::simulator
