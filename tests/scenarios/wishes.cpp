#include "scenarios/wishes.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

namespace watchpost::scenarios {
namespace {

using Words = std::vector<std::string>;

const std::string& word(const Words& words, std::size_t at) {
  if (at >= words.size()) throw std::runtime_error("a word is missing at its end");
  return words[at];
}

std::optional<std::size_t> place_of(const Words& words, const std::string& wanted) {
  const auto found = std::find(words.begin(), words.end(), wanted);
  if (found == words.end()) return std::nullopt;
  return static_cast<std::size_t>(found - words.begin());
}

std::string without_comma(std::string text) {
  if (!text.empty() && text.back() == ',') text.pop_back();
  return text;
}

std::uint64_t number_of(const std::string& text) {
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || *stop != 0) throw std::runtime_error(text + " is no number");
  return number;
}

// Parts between commas.
std::vector<Words> parts_of(const Words& words, std::size_t from) {
  std::vector<Words> parts(1);
  for (std::size_t i = from; i < words.size(); ++i) {
    parts.back().push_back(without_comma(words[i]));
    if (words[i].back() == ',') parts.emplace_back();
  }
  return parts;
}

WallTime time_in(const Words& part, std::size_t at, WallTime now) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  if (std::sscanf(word(part, at).c_str(), "%d:%d:%d", &hours, &minutes, &seconds) != 3)
    throw std::runtime_error("says no time of today, as 02:00:00");
  const auto midnight = std::chrono::floor<std::chrono::days>(now);
  return midnight + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
         std::chrono::seconds{seconds};
}

Reading reading_in(const Words& part) {
  const std::string& value = word(part, 1);
  if (value == "yes" || value == "no") return {part[0], "", value == "yes"};
  return {part[0], part[0] == "battery" ? "%EL" : "", std::stod(value)};
}

// How it is heard, and how often.
bool is_of_round(const std::string& word) {
  return word == "over" || word == "through" || word == "every" || word == "irregularly";
}

void read_part(const Words& part, WallTime now, Observation& observation) {
  const std::string& first = word(part, 0);
  if (first == "doubtful") {
    observation.quality = Quality::suspect;
  } else if (first == "late") {  // late from 02:00:00
    observation.history = true;
    observation.observed_at = time_in(part, 2, now);
    observation.time_source = TimeSource::device;
  } else if (first == "seen") {  // seen at 02:00:00
    observation.observed_at = time_in(part, 2, now);
    observation.time_source = TimeSource::device;
  } else if (first == "retained") {
    observation.stored_copy = true;
  } else if (is_of_round(first)) {
    return;
  } else {
    observation.readings.push_back(reading_in(part));
  }
}

struct Sentence {
  const Happening& happening;
  support::DutyDesk& desk;
  [[nodiscard]] const Words& words() const { return happening.words; }
  [[nodiscard]] Command on_alarm(DutyAction action, std::size_t at) const {
    return desk.wish(action, number_of(word(words(), at)));
  }
  [[nodiscard]] Command on_device(DutyAction action, std::size_t at) const {
    Command command = desk.wish(action);
    command.device = word(words(), at);
    return command;
  }
};

void set_duration(Command& command, const Words& words) {
  const auto at = place_of(words, "for");
  if (!at) return;
  command.lasts = std::chrono::duration_cast<std::chrono::minutes>(span_in(words, *at + 1));
}

Command takes(const Sentence& sentence) {
  const bool is_device = place_of(sentence.words(), "service").has_value();
  if (is_device) return sentence.on_device(DutyAction::out_of_service, 2);
  return sentence.on_alarm(DutyAction::take, 2);
}
Command verifies(const Sentence& sentence) {
  Command command = sentence.on_alarm(DutyAction::verify, 2);
  command.is_true = word(sentence.words(), 4) == "true";
  return command;
}
Command closes(const Sentence& sentence) {
  Command command = sentence.on_alarm(DutyAction::close, 2);
  if (const auto at = place_of(sentence.words(), "as"))
    command.outcome = alarm_outcome_from(word(sentence.words(), *at + 1));
  command.cause = sentence.happening.note;
  return command;
}
Command starts(const Sentence& sentence) {
  const Words& words = sentence.words();
  if (!place_of(words, "drill")) return sentence.on_device(DutyAction::live_test_start, 6);
  Command command = sentence.desk.wish(DutyAction::drill_start);
  // "a drill of smoke-301, smoke-302 for 30 minutes", "a drill at PLACE for ...", "a drill for ..."
  const bool by_place = place_of(words, "at").has_value();
  auto& list = by_place ? command.scope.places : command.scope.devices;
  for (std::size_t i = 5; i < words.size() && words[i] != "for" && words[4] != "for"; ++i)
    list.push_back(without_comma(words[i]));
  return command;
}
Command ends(const Sentence& sentence) {
  if (place_of(sentence.words(), "drill")) return sentence.desk.wish(DutyAction::drill_end);
  return sentence.on_device(DutyAction::live_test_end, 6);
}

using Speaks = Command (*)(const Sentence&);
const std::map<std::string, Speaks>& verbs() {
  static const std::map<std::string, Speaks> kVerbs{
      {"takes", takes},
      {"verifies", verifies},
      {"arrives", [](const Sentence& s) { return s.on_alarm(DutyAction::arrive, 3); }},
      {"notes", [](const Sentence& s) { return s.on_alarm(DutyAction::note, 3); }},
      {"closes", closes},
      {"shelves", [](const Sentence& s) { return s.on_alarm(DutyAction::shelve, 2); }},
      {"unshelves", [](const Sentence& s) { return s.on_alarm(DutyAction::unshelve, 2); }},
      {"turns", [](const Sentence& s) { return s.on_alarm(DutyAction::turn_real, 2); }},
      {"escalates", [](const Sentence& s) { return s.on_alarm(DutyAction::escalate, 2); }},
      {"puts", [](const Sentence& s) { return s.on_device(DutyAction::back_in_service, 2); }},
      {"starts", starts},
      {"ends", ends},
      {"silences", [](const Sentence& s) { return s.desk.wish(DutyAction::silence_siren); }},
  };
  return kVerbs;
}

// "having seen revision 1", "from the street", "in time until 03:00:00", "once more".
void set_how(Command& command, const Happening& happening, WallTime now) {
  const Words& words = happening.words;
  if (const auto at = place_of(words, "revision"))
    command.seen_revision = static_cast<std::uint32_t>(number_of(word(words, *at + 1)));
  if (place_of(words, "street")) {
    command.by.origin = Origin::upstream;
    command.by.from = "street";
  }
  if (const auto at = place_of(words, "until")) command.expires = time_in(words, *at + 1, now);
  if (const auto at = place_of(words, "key")) command.key = word(words, *at + 1);
}

}  // namespace

std::chrono::seconds span_in(const Words& words, std::size_t at) {
  const auto count = static_cast<std::int64_t>(number_of(word(words, at)));
  const std::string unit = without_comma(word(words, at + 1));
  if (unit == "seconds") return std::chrono::seconds{count};
  if (unit == "minutes" || unit == "minute") return std::chrono::minutes{count};
  if (unit == "hours" || unit == "hour") return std::chrono::hours{count};
  if (unit == "days") return std::chrono::hours{24 * count};
  throw std::runtime_error(unit + " is no unit of time");
}

Round round_in(const Happening& happening) {
  const Words& words = happening.words;
  Round round;
  // "17 devices report ...": z-1 to z-17
  const bool is_many = word(words, 1) == "devices";
  if (is_many) {
    for (std::uint64_t i = 1; i <= number_of(words[0]); ++i)
      round.devices.push_back("z-" + std::to_string(i));
  } else {
    round.devices.push_back(words[0]);
  }
  for (const Words& part : parts_of(words, 2)) {
    if (part.empty()) continue;
    const std::string& first = word(part, 0);
    if (first == "over") round.radio = word(part, 1);
    if (first == "through") round.broker = word(part, 1);
    if (first == "every") {
      round.every = span_in(part, 1);
      round.lasts = span_in(part, 4);
    }
    if (first == "irregularly") round.lasts = span_in(part, 2);
  }
  return round;
}

Observation observation_in(const Happening& happening, WallTime now) {
  const bool is_many = word(happening.words, 1) == "devices";
  const auto parts = parts_of(happening.words, is_many ? 3 : 2);
  const auto kind = kind_from(word(parts[0], 0));
  const auto state = declared_state_from(word(parts[0], 1));
  if (!kind || !state) throw std::runtime_error("says no kind and state, as smoke alarm");
  Observation observation = support::said(happening.words[0], *kind, *state);
  for (std::size_t i = 1; i < parts.size(); ++i) read_part(parts[i], now, observation);
  return observation;
}

Command wish_in(const Happening& happening, support::DutyDesk& desk) {
  const auto verb = verbs().find(word(happening.words, 1));
  if (verb == verbs().end()) throw std::runtime_error("nobody knows how to do that");
  Command command = verb->second(Sentence{happening, desk});
  command.by.who = happening.words[0];
  if (command.action != DutyAction::close) command.note = happening.note;
  set_duration(command, happening.words);
  set_how(command, happening, desk.now.wall);
  return command;
}

}  // namespace watchpost::scenarios
