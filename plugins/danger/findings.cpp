#include "danger/findings.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "danger/levels.hpp"
#include "danger/limits.hpp"
#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/sentences.hpp"
#include "danger/units.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

// Of one finding, and of all; more add nothing that a person reads.
constexpr std::size_t kMostMembers = 32;
constexpr std::size_t kMostMeasures = 64;

class Reader {
 public:
  Reader(const json::object& state, const DeviceFacts* facts) : state_(state), facts_(facts) {
    for (const auto& [name, value] : state_) survey(name, value);
  }

  // In time that grows with the message, whatever it holds.
  Findings read() {
    for (const auto& [name, value] : state_) look(name, value);
    // A bare alarm is of what the other members speak of, so they come first.
    for (const auto& [name, value] : state_) look_at_alarm(name, value);
    std::sort(out_.dangers.begin(), out_.dangers.end(),
              [](const Finding& a, const Finding& b) { return a.danger < b.danger; });
    return std::move(out_);
  }

 private:
  void survey(std::string_view name, const json::value& value);
  void look(std::string_view name, const json::value& value);
  void look_inside(std::string_view name, const json::object& inside);
  void look_at_measure(std::string_view name, const json::value& value, const NameMeaning& meaning);
  void look_at_limit(std::string_view name, const json::value& value);
  void look_at_text(std::string_view name, const json::value& value);
  void look_at_alarm(std::string_view name, const json::value& value);
  void look_at_danger(std::string_view name, const json::value& value, const NameMeaning& meaning);
  void look_at_unfamiliar(std::string_view name, const json::value& value,
                          const NameMeaning& meaning);
  void measure(std::string_view name, const json::value& value);
  void add(Danger danger, const Member& member);
  [[nodiscard]] ValueMeaning said(std::string_view name, const json::value& value) const;
  [[nodiscard]] bool is_number(std::string_view name, const json::value& value) const;
  [[nodiscard]] bool is_wanted_water(std::string_view name) const;
  [[nodiscard]] bool is_level_over(const json::value& value) const;
  [[nodiscard]] bool is_soil() const;
  [[nodiscard]] bool is_harmless(std::string_view name) const;
  [[nodiscard]] static bool says_how_it_is(std::string_view name);
  [[nodiscard]] Danger danger_of_alarm(std::string_view name) const;
  [[nodiscard]] const MemberFacts* member(std::string_view name) const {
    return facts_ == nullptr ? nullptr : facts_->member(name);
  }

  const json::object& state_;
  const DeviceFacts* facts_;
  Danger heard_of_ = Danger::none;  // the first subject that a member names
  // Subjects of which a member says in words or as a flag how it is: a number beside it is the
  // measured one.
  std::array<bool, kDangerCount> has_state_{};
  bool wants_water_ = false;  // soil, or a sensor that is set to tell when water is missing
  Findings out_;
};

void Reader::survey(std::string_view name, const json::value& value) {
  const NameMeaning meaning = meaning_of_name(name);
  const bool is_number = !value.is_bool() && sdk::number_of(value);  // also as a text: "1"
  const bool is_state = meaning.role == Role::danger && !is_number && !value.is_null();
  if (is_state) has_state_[static_cast<std::size_t>(meaning.danger)] = true;
  wants_water_ |= mentions(name, water_wanted());
  const bool is_mode = value.is_string() && name.ends_with("mode");
  wants_water_ |= is_mode && mentions(value.get_string(), water_wanted());
}

void Reader::look(std::string_view name, const json::value& value) {
  if (value.is_object()) return look_inside(name, value.get_object());
  if (value.is_array()) return;
  if (const MemberFacts* listed = member(name); listed != nullptr && listed->danger) {
    return add(*listed->danger, {name, &value, said(name, value).saying});
  }
  const NameMeaning meaning = meaning_of_name(name);
  if (meaning.danger != Danger::none && heard_of_ == Danger::none && !meaning.weak) {
    heard_of_ = meaning.danger;
  }
  switch (meaning.role) {
    case Role::danger:
      return look_at_danger(name, value, meaning);
    case Role::doubtful: {
      const auto said = this->said(name, value);
      if (said.saying == Saying::alarm) add(meaning.danger, {name, &value, said.saying});
      return;
    }
    case Role::unfamiliar:
      return look_at_unfamiliar(name, value, meaning);
    case Role::measure:
      return look_at_measure(name, value, meaning);
    case Role::statement: {
      look_at_limit(name, value);
      if (!value.is_string()) return;
      const auto said = meaning_of_text({.name = name, .text = value.get_string()});
      const bool sure = said.danger && !said.weak && !(said.danger == Danger::heat && is_soil());
      if (sure && said.saying != Saying::unread && said.saying != Saying::on) {
        add(*said.danger, {name, &value, said.saying});
      }
      return;
    }
    case Role::none:
      return look_at_text(name, value);
    case Role::alarm:
      return;
  }
}

// {"gas_level":"dangerous"}; how much "high" is, nobody says.
void Reader::look_at_measure(std::string_view name, const json::value& value,
                             const NameMeaning& meaning) {
  if (const auto* text = value.if_string(); text != nullptr && !meaning.weak) {
    auto said = this->said(name, value).saying;
    if (said != Saying::alarm) said = over_said(*text);
    const bool tells = said == Saying::alarm || said == Saying::unread;
    if (tells) add(meaning.danger, {name, &value, said});
  }
  measure(name, value);
}

// {"level_status":"overflow"}, {"Value":"Water Detected"}: the name says only that it says how it
// is.
void Reader::look_at_text(std::string_view name, const json::value& value) {
  look_at_limit(name, value);
  const auto* text = value.if_string();
  if (text == nullptr || is_prose(*text)) return;
  const bool may_be = !wants_water_ && may_be_over(*text);
  const auto level = may_be ? level_said({.name = name, .text = *text}) : Saying::nothing;
  if (level != Saying::nothing) return add(Danger::level, {name, &value, level});
  if (tells_why({.name = name, .text = *text}))
    return add(Danger::sos, {name, &value, Saying::alarm});
  const bool is_of_value = is_name_of_value(name);
  const bool is_alarm_name = says_alarm_in_words(name) && may_tell(name);
  const bool tells = is_alarm_name || (tells_an_event(*text) && may_tell(name));
  if (!is_of_value && !tells) return;
  const auto said = meaning_of_text({.name = name, .text = *text});
  const bool sure = said.danger && !said.weak && said.saying == Saying::alarm;
  if (!sure || (said.danger == Danger::heat && is_soil())) return;
  // {"value":"fire"} may be a title.
  const bool plain = said.danger == Danger::leak || says_alarm_in_words(*text) || is_alarm_name;
  if (plain) add(*said.danger, {name, &value, said.saying});
}

// {"warning_level":"exceeded"}, {"above_alarm_level":true}, {"压力状态":"低报"}
void Reader::look_at_limit(std::string_view name, const json::value& value) {
  const auto said = limit_said(name, value);
  if (said != Saying::nothing) add(limited(name, value, state_), {name, &value, said});
}

// {"smoke_detector":{"alarm":true}}
void Reader::look_inside(std::string_view name, const json::object& inside) {
  const NameMeaning meaning = meaning_of_name(name);
  if (meaning.role != Role::danger || meaning.weak) return;
  for (const auto& [key, value] : inside) {
    const auto part = part_of(key);
    if (part == MemberPart::loud_value || part == MemberPart::value) {
      look_at_danger(name, value, meaning);
    }
  }
}

void Reader::look_at_danger(std::string_view name, const json::value& value,
                            const NameMeaning& meaning) {
  if (is_number(name, value)) return measure(name, value);
  if (meaning.danger == Danger::leak && is_wanted_water(name)) return;
  auto said = this->said(name, value);
  const bool is_open =
      value.is_string() && (said.saying == Saying::unread || said.saying == Saying::nothing);
  if (is_open && answers_yes(meaning, value.get_string())) said.saying = Saying::alarm;
  if (meaning.weak) {
    const MemberFacts* listed = member(name);
    if (meaning.limit && listed != nullptr && listed->settable) return;
    // "heat_alarm" asks, and "ON" is an answer; "heat" says that it heats.
    const bool is_on = said.saying == Saying::on && !meaning.limit;
    const bool is_flag = meaning.danger == Danger::sos && sdk::number_of(value);
    const bool is_answer =
        value.is_bool() || is_flag || (meaning.asks && (sdk::number_of(value) || is_on));
    // {"water_status":"WATER"}
    const bool is_same =
        meaning.states && said.danger == meaning.danger && said.saying == Saying::on;
    if (is_same) said.saying = Saying::alarm;
    const bool plain = is_answer || said.saying == Saying::alarm;
    const bool calm = value.is_string() && said.saying == Saying::calm;
    const bool loud = meaning.asks && value.is_string() && said.saying == Saying::unread;
    const bool open = meaning.danger == Danger::level || meaning.danger == Danger::leak;
    if (!plain && !calm && open && value.is_string()) {
      const auto level = level_said({.name = name, .text = value.get_string()});
      if (level == Saying::alarm) return add(Danger::level, {name, &value, level});
    }
    if (!plain && !calm && open) look_at_limit(name, value);
    if (!plain && !calm && !loud) return;
  }
  add(meaning.danger, {name, &value, said.saying});
}

// "kitchen_smoke": a word of danger is one. A mere yes may be a setting of a kind that we do not
// know, and may be a fire in the kitchen: it is told as what was not understood, loudly.
void Reader::look_at_unfamiliar(std::string_view name, const json::value& value,
                                const NameMeaning& meaning) {
  const auto said = this->said(name, value);
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  const bool coded = number && is_code(meaning, *number);
  if (number && *number != 0 && *number != 1 && !coded) return measure(name, value);
  if (said.saying == Saying::unread && !coded) return;
  add(meaning.danger, {name, &value, said.saying == Saying::on ? Saying::unread : said.saying});
}

// What a bare "alarm" says. Without a catalogue a switch of that name cannot be told from a sensor:
// it counts only where nothing in the message speaks of a siren, a setting or a named danger.
void Reader::look_at_alarm(std::string_view name, const json::value& value) {
  if (value.is_array() || value.is_object()) return;
  const NameMeaning meaning = meaning_of_name(name);
  const auto said = this->said(name, value);
  if (meaning.role == Role::statement) {
    // {"state":"alarm","smoke_concentration":22}
    const bool of_it = says_how_it_is(name) && said.saying == Saying::alarm && !said.danger;
    if (of_it && heard_of_ != Danger::none) add(heard_of_, {name, &value, said.saying});
    if (says_how_it_is(name) && is_level_over(value))
      add(Danger::level, {name, &value, Saying::alarm});
    return;
  }
  if (meaning.role != Role::alarm) return;
  look_at_limit(name, value);
  const MemberFacts* listed = member(name);
  if (listed != nullptr && listed->danger) return;
  // {"alarm":"water"}: as an alarm that is what it is of.
  const bool is_named = said.danger && value.is_string() && said.saying == Saying::on;
  const bool names_danger = said.danger && !said.weak && said.saying == Saying::alarm;
  if (names_danger || (is_named && !is_harmless(name)))
    return add(*said.danger, {name, &value, said.saying});
  if (listed != nullptr ? listed->settable : is_harmless(name)) return;
  const bool a_word = said.saying == Saying::alarm || said.saying == Saying::suspected;
  const bool a_switch = value.is_string() && said.saying == Saying::on;  // "ON"
  const bool doubt = meaning.weak && !a_word && (heard_of_ != Danger::none || a_switch);
  if (listed == nullptr && doubt) {
    // {"alarm":1,"smoke_value":55}: nothing else says how it is.
    const bool is_told = has_state_[static_cast<std::size_t>(heard_of_)];
    const bool is_open = !a_switch && !is_told && said.saying == Saying::on;
    if (is_open) add(heard_of_, {name, &value, Saying::unread});
    return;
  }
  if (said.saying == Saying::unread || said.saying == Saying::nothing) return;
  if (listed != nullptr && is_harmless(name)) return;
  add(danger_of_alarm(name), {name, &value, said.saying});
}

// {"status":"overflow","tank":98}
bool Reader::is_level_over(const json::value& value) const {
  const auto* text = value.if_string();
  if (text == nullptr || !may_be_over(*text)) return false;
  return std::any_of(state_.begin(), state_.end(), [&](const auto& member) {
    return level_said({.name = member.key(), .text = *text}) == Saying::alarm;
  });
}

// Of the thing as a whole, and not of a part or a fault of it.
bool Reader::says_how_it_is(std::string_view name) {
  const auto part = part_of(name);
  return part == MemberPart::value || part == MemberPart::loud_value;
}

bool Reader::is_harmless(std::string_view name) const {
  if (facts_ != nullptr) {
    const MemberFacts* listed = facts_->member(name);
    for (const auto* text :
         {listed == nullptr ? nullptr : &listed->description, &facts_->description}) {
      if (text == nullptr) continue;
      const auto spoken = danger_in(*text);
      if (spoken && !spoken->weak) return false;
      if (mentions(*text, harmless_devices())) return true;
    }
    return false;
  }
  const auto companions = siren_companions();
  return std::any_of(companions.begin(), companions.end(),
                     [&](std::string_view companion) { return state_.contains(companion); });
}

Danger Reader::danger_of_alarm(std::string_view name) const {
  if (facts_ != nullptr) {
    const MemberFacts* listed = facts_->member(name);
    if (listed != nullptr) {
      const auto spoken = danger_in(listed->description);
      if (spoken && !spoken->weak) return spoken->danger;
    }
    if (const auto spoken = danger_in(facts_->description)) return spoken->danger;
  }
  return heard_of_;
}

// Soil that is warm burns nothing.
bool Reader::is_soil() const {
  return wants_water_ || (facts_ != nullptr && mentions(facts_->description, water_wanted()));
}

bool Reader::is_wanted_water(std::string_view name) const {
  if (facts_ != nullptr) {
    const MemberFacts* listed = facts_->member(name);
    if (listed != nullptr && mentions(listed->description, water_wanted())) return true;
    if (meaning_of_name(name).weak && mentions(facts_->description, water_wanted())) {
      const auto spoken = danger_in(facts_->description);
      if (!spoken || spoken->weak) return true;
    }
  }
  if (!meaning_of_name(name).weak) return false;
  return wants_water_;
}

// A number beyond 0 and 1, or one whose catalogue says that it is a number. "co" is always one.
bool Reader::is_number(std::string_view name, const json::value& value) const {
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  if (!number) return false;
  const MemberFacts* listed = member(name);
  if (listed != nullptr) return listed->numeric;
  if (!unit_of_measure(name).empty()) return true;
  const NameMeaning meaning = meaning_of_name(name);
  if (is_code(meaning, *number)) return false;
  const bool is_flag = *number == 0 || *number == 1;
  if (is_flag && meaning.asks) return false;
  // {"emergency":1} is no measure.
  if (meaning.weak) return meaning.danger != Danger::sos || !is_flag;
  if (meaning.danger != Danger::gas && meaning.danger != Danger::co) return false;
  return !is_flag || has_state_[static_cast<std::size_t>(meaning.danger)];
}

void Reader::measure(std::string_view name, const json::value& value) {
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  if (!number) return;
  const MemberFacts* listed = member(name);
  std::string_view unit = unit_of_measure(name);
  if (listed != nullptr) unit = unit_named(listed->unit).value_or(unit);
  if (out_.measures.size() == kMostMeasures) return;
  out_.measures.push_back({name, unit, *number});
}

ValueMeaning Reader::said(std::string_view name, const json::value& value) const {
  if (value.is_null()) return {};
  const MemberFacts* listed = member(name);
  if (listed != nullptr && !listed->on.empty()) {
    // As a catalogue writes it: "true", "ON", "1".
    const auto text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    if (text == listed->off) return {Saying::calm};
    if (text == listed->on) {
      const auto plain = meaning_of_text({.name = name, .text = text});
      return {plain.saying == Saying::alarm ? Saying::alarm : Saying::on, plain.danger, plain.weak};
    }
  }
  if (value.is_bool()) return {value.get_bool() ? Saying::on : Saying::calm};
  if (const auto number = sdk::number_of(value)) {
    if (*number == 0 || is_calm_code(name, *number)) return {Saying::calm};
    if (is_alarm_code(name, *number)) return {Saying::alarm};
    return {*number == 1 ? Saying::on : Saying::unread};
  }
  if (!value.is_string()) return {Saying::unread};
  if (value.get_string().empty()) return {};
  return meaning_of_text({.name = name, .text = value.get_string()});
}

void Reader::add(Danger danger, const Member& member) {
  auto found = std::find_if(out_.dangers.begin(), out_.dangers.end(),
                            [&](const Finding& finding) { return finding.danger == danger; });
  if (found == out_.dangers.end()) {
    out_.dangers.push_back({danger, member.saying, {member}});
  } else {
    found->saying = std::max(found->saying, member.saying);
    if (found->members.size() < kMostMembers) found->members.push_back(member);
  }
  if (member.saying == Saying::unread) {
    constexpr std::size_t kLongest = 80;
    out_.unread = "\"" + std::string(member.name) + "\" says " +
                  json::serialize(*member.value).substr(0, kLongest) +
                  ", which may be an alarm and is in no form that is known";
  }
}

}  // namespace

Findings findings_in(const sdk::json::object& state, const DeviceFacts* facts) {
  return Reader(state, facts).read();
}

}  // namespace watchpost::danger
