#include "danger/loose_report.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <optional>

#include "danger/appliances.hpp"
#include "danger/fire_parts.hpp"
#include "danger/forms.hpp"
#include "danger/gas_names.hpp"
#include "danger/happenings.hpp"
#include "danger/levels.hpp"
#include "danger/lexicon.hpp"
#include "danger/limits.hpp"
#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/panels.hpp"
#include "danger/phrase.hpp"
#include "danger/pictures.hpp"
#include "danger/plain_events.hpp"
#include "danger/plain_words.hpp"
#include "danger/presses.hpp"
#include "danger/sentences.hpp"
#include "danger/units.hpp"
#include "danger/values.hpp"
#include "danger/words_things.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::size_t kMostElements = 64;
constexpr std::size_t kLongestNamed = 60;
constexpr int kDeepestObject = 6;
constexpr std::size_t kLongestInnerText = 16 * 1024;

// A number that is neither yes nor no, or one with its unit: "0 ppm".
bool is_analog(const json::value& value) {
  if (value.is_bool()) return false;
  if (const auto number = sdk::number_of(value)) return *number != 0 && *number != 1;
  const auto* text = value.if_string();
  if (text == nullptr) return false;
  const std::string_view trimmed = sdk::trim(*text);
  const auto end = std::min(trimmed.find_first_not_of("0123456789.-+"), trimmed.size());
  if (end == 0 || !sdk::number_from(trimmed.substr(0, end))) return false;
  return unit_named(sdk::trim(trimmed.substr(end))).has_value();
}

bool is_a_code(const NameMeaning& meaning, const json::value& value) {
  const auto number = sdk::number_of(value);
  return number && is_code(meaning, *number);
}

// {"type":"smoke","alarm":2} says smoke_alarm = 2: a code of the maker's.
std::string name_of(const std::string& what, const std::string& key, const json::value& value) {
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  if (!number || *number == 0 || *number == 1) return what;
  const std::string longer = what + "_" + key;
  return is_code(meaning_of_name(longer), *number) ? longer : what;
}

// {"type":"smoke","faulted":true}: panels say so of a zone that sees something, and of a detector
// that failed; water in a zone is water.
json::value said_of_zone(const std::string& what, const json::value& value) {
  const bool is_on = value.is_bool() ? value.get_bool() : sdk::number_of(value) == 1;
  const auto danger = meaning_of_name(what).danger;
  const bool is_plain = danger == Danger::leak || danger == Danger::level || danger == Danger::sos;
  return is_on && !is_plain ? json::value("faulted") : value;
}

// {"类型":"点型感烟","状态":"首次火警"}: what people write has words that no table knows.
json::value said_plainly(const std::string& what, std::string_view key, const json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return Phrase(key).is("faulted") ? said_of_zone(what, value) : value;
  // {"alarmType":"烟雾报警","alarmStatus":"未处理"}
  if (says_alarm_in_words(what) && is_untaken(*text)) return json::value("alarm");
  if (Phrase(*text).is("violated")) return json::value("alarm");  // of the zone of a panel
  const bool is_foreign = std::any_of(text->begin(), text->end(),
                                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const auto said = meaning_of_text({.name = "event", .text = *text});
  return is_foreign && said.saying == Saying::unread ? json::value(plain_words(*text)) : value;
}

// {"event_type":"smoke","message":"Smoke cleared"}, {"message_type":"eliminate","event":...}
bool is_said_to_be_over(const json::object& object) {
  return std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto* text = member.value().if_string();
    if (text == nullptr || is_prose(*text)) return false;
    const bool tells_course =
        is_type_of_message(member.key()) || part_of(member.key()) == MemberPart::value;
    if (tells_course && says_it_ended(*text)) return true;
    const bool tells =
        part_of(member.key()) == MemberPart::event || Phrase(member.key()).is("title");
    if (!tells) return false;
    const auto said = meaning_of_text({.name = "event", .text = *text});
    return said.saying == Saying::calm && said.danger && !said.weak;
  });
}

// {"alarmType":"overflow"}, {"alarmType":"水压低"}: what other things have too is of an alarm where
// the name says so.
std::string as_alarm(std::string_view key, std::string_view text) {
  const auto said = meaning_of_text({.name = "event", .text = text});
  const bool is_weak = said.danger && said.weak && said.saying == Saying::on;
  const bool is_open = is_weak || is_low_of_something(text);
  return std::string(text) + (is_open && says_alarm_in_words(key) ? " alarm" : "");
}

// Two members of one name: the worst of them counts, so that neither may be lost.
void keep(const std::string& name, json::value value, json::object& out) {
  std::string free = name;
  for (std::size_t n = 2; out.contains(free); ++n) {
    if (n > kMostElements) return;
    free = name + "_" + std::to_string(n);
  }
  out[free] = std::move(value);
}

// {"time":"...","location":{...}} on "D01/fall/detected", {"severity":"critical","text":"..."} on
// "a/fire_alarm": what is published there has happened.
bool is_told_on(const TopicMeaning& topic, const json::object& object) {
  constexpr std::array<std::string_view, 6> kHappened{"detected", "triggered", "happened",
                                                      "occurred", "raised",    "tripped"};
  constexpr std::array<std::string_view, 4> kOfAlarm{"severity", "urgency", "certainty",
                                                     "priority"};
  const Phrase name(topic.name);
  if (name.words().empty() || !value_in(object).empty() || is_setting(object)) return false;
  if (is_one_of(name.words().back(), kHappened)) return !object.empty();
  return topic.meaning.asks && !tells_of_itself(object) &&
         std::any_of(object.begin(), object.end(),
                     [&](const auto& member) { return Phrase(member.key()).has_one_of(kOfAlarm); });
}

// {"smoke":2980,"level":"danger"}; {"level":"alarm"} may be of a log.
bool says_danger_alone(std::string_view text) {
  const Phrase phrase(text);
  return phrase.is("danger") || phrase.is("dangerous");
}

// What a text member says by itself; empty: only of what its neighbours tell; nothing: it is to be
// read as the others are.
std::optional<std::string> settled(const json::object& object, std::string_view key,
                                   bool has_value) {
  const auto* text = object.at(key).if_string();
  if (text == nullptr) return std::nullopt;
  if (auto told = event_told_by({.name = key, .text = *text}, object)) return told;
  // {"button":"sos"}
  const bool calls =
      tells_a_press(key) && meaning_of_name(std::string(*text) + " button").danger == Danger::sos;
  if (calls) return "sos";
  const auto part = part_of(key);
  // {"property":"烟感报警","value":0}
  if (part == MemberPart::attribute && has_value) return std::string{};
  // {"gas":"CO","status":"NORMAL"}
  if (!gas_named(key, object.at(key)).empty() && says_more_than_gas(object)) return std::string{};
  if (part != MemberPart::what) return std::nullopt;
  // {"传感器1":"检测到漏水"}
  return tells_by_verb(*text) && may_tell(key) ? plain_words(*text) : std::string{};
}

// {"data":"{\"alarm\":1}"}: what the text says, where it is JSON itself.
std::optional<json::object> object_in(const json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr || text->size() > kLongestInnerText) return std::nullopt;
  const auto written = text_within(*text);
  const std::string_view trimmed = sdk::trim(written ? std::string_view(*written) : *text);
  if (!trimmed.starts_with('{') || !trimmed.ends_with('}')) return std::nullopt;
  boost::system::error_code error;
  json::value inner = json::parse(trimmed, error);
  if (error || !inner.is_object()) return std::nullopt;
  return std::move(inner.get_object());
}

}  // namespace

// The topic stands for the neighbour that says of what a value is.
void LooseReport::name_by(const TopicMeaning& topic) {
  members_ = without_what_runs(members_, topic);
  const bool is_bare = topic.meaning.role == Role::alarm && !value_in(object_).empty();
  // {"type":"fire","level":"high"} on "gate/alarm"
  if (topic.meaning.role == Role::alarm && !is_bare && !tells_of_itself(object_)) {
    if (!names_a_danger()) members_ = prepared(object_, {.is_alarm = true});
    return;
  }
  if (topic.name.empty() || !(names_danger(topic.meaning) || is_bare) || names_a_danger()) return;
  measured_.clear();
  members_ = without_what_runs(prepared(object_, {.about = topic.name}), topic);
}

void LooseReport::tell_event(const TopicMeaning& topic) {
  const bool is_event = topic.is_event || is_told_on(topic, object_);
  const bool is_open = is_event && names_danger(topic.meaning) && measured_.empty();
  if (is_open && !names_a_danger()) keep("event", json::value(topic.name), members_);
  if (topic.posts_events && !names_a_danger()) tell_posted_events();
  if (is_of_panel(topic.device) && !raises(read())) tell_panel();
  // {"status":"overflow"} on "cellar/sump"
  for (const auto& member : object_) {
    const auto* text = member.value().if_string();
    if (text == nullptr || part_of(member.key()) != MemberPart::value) continue;
    const bool is_over =
        may_be_over(*text) && level_said({.name = topic.place, .text = *text}) == Saying::alarm;
    if (is_over) keep("level_status", member.value(), members_);
  }
}

// {"event":"TRIGGER"} of an alarm panel.
void LooseReport::tell_panel() {
  const bool is_triggered = std::any_of(object_.begin(), object_.end(), [](const auto& member) {
    const auto* text = member.value().if_string();
    const bool tells =
        part_of(member.key()) == MemberPart::value || Phrase(member.key()).is("event");
    return text != nullptr && tells && says_triggered(*text);
  });
  if (is_triggered) keep("alarm", json::value("triggered"), members_);
}

// {"params":{"smoke_alarm":{"value":{"level":2}}}}: by its name an event has happened.
void LooseReport::tell_posted_events() {
  const auto* params = sdk::object_at(object_, "params");
  if (params == nullptr) return;
  for (const auto& member : *params) {
    const auto meaning = meaning_of_name(member.key());
    const bool is_alarm = names_danger(meaning) && says_alarm_in_words(member.key());
    if (is_alarm && member.value().is_object())
      keep("event", json::value(plain_words(member.key())), members_);
  }
}

bool LooseReport::names_a_danger() const {
  const auto meaning = read();
  return std::any_of(
      meaning.observations.begin(), meaning.observations.end(), [](const sdk::Observation& each) {
        return each.kind() != WATCHPOST_MEASUREMENT && each.kind() != WATCHPOST_UNNAMED_ALARM;
      });
}

// {"type":"smoke","value":1} is {"smoke":1}; {"alarmType":"smoke"} alone is {"event":"smoke"}.
json::object LooseReport::prepared(const json::object& object, const PlaceInReport& place) {
  json::object out;
  auto [what, is_danger] = about_what(object);
  if (what.empty()) what = about_in_header(object), is_danger = !what.empty();
  if (what.empty()) what = place.about, is_danger = !what.empty();
  const auto value_key = what.empty() ? std::string{} : value_in(object, what);
  const std::string of_held = value_key.empty() ? what : std::string{};
  const bool is_over = place.is_over || is_said_to_be_over(object);
  const bool is_open = is_danger && value_key.empty() && !is_setting(object) && !is_over;
  const bool is_of_alarm = place.is_event && says_alarm_in_words(what) && !tells_of_itself(object);
  // {"cmd":"alarm","data":{"type":"gas","value":22}}: how much it was.
  const bool is_measured = !value_key.empty() && is_analog(object.at(value_key));
  const bool is_told = place.is_told && is_danger && !is_setting(object) && !is_over;
  const bool is_event =
      (is_open && (place.is_alarm || is_of_alarm || is_said_to_be_alarm(object))) ||
      (is_told && (value_key.empty() || is_measured));
  const bool tells_alarm = place.is_told || is_message_of_alarm(object);
  if (is_event) keep("event", json::value(plain_words(what + " alarm")), out);
  if (place.is_over && is_danger && value_key.empty())
    keep("event", json::value(plain_words(what + " alarm cleared")), out);
  if (is_pressed_for_help(object, what)) keep("event", json::value("sos"), out);
  if (!place.is_thing && !is_over) tell_what_happened(object, out);
  if (!value_key.empty())
    put(name_of(what, value_key, object.at(value_key)),
        said_plainly(what, value_key, object.at(value_key)), out);
  if (const auto call = told_by_worn(object)) keep("event", json::value(*call), out);
  if (const auto seen = seen_in(object)) keep("event", json::value(plain_words(*seen)), out);
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const auto part = part_of(key);
    const auto* text = member.value().if_string();
    if (key == value_key) continue;
    if (const auto said = settled(object, key, !value_key.empty())) {
      if (!said->empty()) keep("event", json::value(*said), out);
      continue;
    }
    if (text != nullptr && part == MemberPart::in_words) {
      keep("event", json::value(plain_words(*text)), out);
    } else if (text != nullptr && what.empty() && says_only_alarm(*text) &&
               (part == MemberPart::value || names_grade(key) || Phrase(key).is("event") ||
                (Phrase(key).is("level") && says_danger_alone(*text)))) {
      keep("alarm", json::value(*text), out);
    } else if (text != nullptr && Phrase(key).is("event")) {
      if (!is_over || !says_danger(*text)) put("event", json::value(plain_words(*text)), out);
    } else if (text == nullptr || part != MemberPart::event) {
      put(std::string(key), member.value(), out,
          {place.depth, only_holds(key) ? of_held : std::string{}, false, false, false,
           tells_alarm && only_holds(key), is_over});
    } else if (is_measured && !is_over && says_what_happened(*text)) {
      keep("event", json::value(plain_words(*text)), out);
    } else if (value_key.empty() && !is_event && !(is_over && says_danger(*text))) {
      put("event", json::value(plain_words(as_alarm(key, *text))), out);
    }
  }
  return out;
}

// {"type":"Panic Alarm"}; {"部件类型":"水流指示器","部件状态":"反馈"}.
void LooseReport::tell_what_happened(const json::object& object, json::object& out) {
  const auto happening = happening_in(object);
  if (happening.happened == Happened::yes) {
    keep("event", json::value(plain_words(happening.text)), out);
  } else if (happening.happened == Happened::perhaps) {
    const auto spoken = danger_in(happening.text);
    const auto danger = spoken ? spoken->danger : Danger::none;
    keep(std::string(subject_of(danger).quantity),
         json::value(happening.key + " " + happening.text), out);
  }
  if (const auto part = started_part_in(object))
    keep("event", json::value(suspected_part(*part)), out);
}

void LooseReport::put_object(const std::string& name, const json::object& object, json::object& out,
                             const PlaceInReport& place) {
  const bool is_alarm = meaning_of_name(name).role == Role::alarm;
  const bool is_thing = holds_things(name) && !is_alarm;
  json::object inner =
      prepared(object, {place.depth + 1, place.about, is_alarm, Phrase(name).is("event"), is_thing,
                        place.is_told, place.is_over});
  // {"smoke":{"value":1}}; {"gas":{"value":1,"unit":"ppm"}} is measured.
  const auto key = value_in(inner);
  const auto unit = sdk::text_at(inner, "unit");
  if (!key.empty() && names_danger(meaning_of_name(name)) && !(unit && unit_named(*unit))) {
    put(name, said_plainly(name, key, inner.at(key)), out);
    inner.erase(key);
  }
  if (!inner.empty()) keep(name, std::move(inner), out);
}

void LooseReport::put_list(const std::string& name, const json::array& list, json::object& out,
                           const PlaceInReport& place) {
  if (const auto pairs = pairs_of(list)) return put_object(name, *pairs, out, place);
  json::array copy;
  const bool has_danger = names_danger(meaning_of_name(name));
  const bool is_alarm = meaning_of_name(name).role == Role::alarm;
  const bool is_of_nothing = meaning_of_name(name).role == Role::none && !is_name_of_value(name);
  std::size_t count = 0;
  // {"fall":[1,2,3]}: measured.
  if (has_danger && std::any_of(list.begin(), list.end(), is_analog)) return;
  for (const auto& each : list) {
    if (++count > kMostElements) break;
    if (each.is_array()) {
      put(name, each, out, {.depth = place.depth + 1, .about = place.about});
      continue;
    }
    const auto written = object_in(each);
    const auto* inner = written ? &*written : each.if_object();
    // {"smoke":[{"v":1}]}
    if (inner != nullptr && has_danger && !value_in(*inner).empty()) {
      put_object(name, *inner, out, place);
      continue;
    }
    // {"audio":["fire_alarm"]}: heard; {"events":["SMOKE_ALARM_ON"]}.
    const bool is_heard =
        each.is_string() && lists_what_happened({.name = name, .text = each.get_string()});
    if (is_heard) keep("event", json::value(plain_words(each.get_string())), out);
    // What it can do, and not what it says: {"功能":["烟雾报警"]}.
    if (each.is_string() && is_of_nothing) continue;
    copy.emplace_back(
        inner == nullptr
            ? each
            : json::value(prepared(*inner, {place.depth + 1, place.about, is_alarm, false,
                                            holds_things(name), place.is_told, place.is_over})));
  }
  if (!copy.empty()) keep(name, std::move(copy), out);
}

void LooseReport::put(const std::string& name, const json::value& value, json::object& out,
                      const PlaceInReport& place) {
  if (const auto* object = value.if_object(); object != nullptr && place.depth < kDeepestObject) {
    return put_object(name, *object, out, place);
  }
  if (const auto* list = value.if_array(); list != nullptr && place.depth < kDeepestObject) {
    return put_list(name, *list, out, place);
  }
  if (const auto inner = object_in(value); inner && place.depth < kDeepestObject) {
    return put_object(name, *inner, out, place);
  }
  if (value.is_string() && is_prose(value.get_string())) return;
  const auto meaning = meaning_of_name(name);
  // {"help":"press the button"} is no call.
  if (meaning.danger == Danger::sos && value.is_string() && !says_press(value.get_string()) &&
      meaning_of_text({.name = name, .text = value.get_string()}).saying == Saying::unread) {
    return;
  }
  const bool has_danger = meaning.role == Role::danger || meaning.role == Role::unfamiliar;
  if (has_danger && !meaning.weak && is_analog(value) && !is_a_code(meaning, value)) {
    if (measured_.empty()) {
      measured_ = "\"" + name.substr(0, kLongestNamed) +
                  "\" is a number whose limit nobody told: a mapping with at_least can";
    }
    return;
  }
  keep(name, value, out);
}

}  // namespace watchpost::danger
