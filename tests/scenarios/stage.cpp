#include "scenarios/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "model/alarm_words.hpp"
#include "model/command_words.hpp"
#include "scenarios/wishes.hpp"

namespace watchpost::scenarios {
namespace {

std::string_view word_of(rules::Tone tone) {
  switch (tone) {
    case rules::Tone::none:
      return "nothing";
    case rules::Tone::practice:
      return "the drill tone";
    case rules::Tone::fault:
      return "the fault tone";
    case rules::Tone::prompt:
      return "the prompt";
    case rules::Tone::siren:
      return "the siren";
  }
  return "?";
}

std::string name_of(const AlarmSource& source) {
  if (source.condition == Condition::alarm)
    return fmt::format("{} of {}", to_string(source.kind), source.device);
  return fmt::format("{} of {}", condition_word(source.condition, Language::english),
                     source.device);
}

std::string marks_of(const Alarm& alarm) {
  std::string marks;
  if (alarm.marks.test) marks += " [test]";
  if (alarm.marks.exercise) marks += " [drill]";
  if (alarm.marks.history) marks += " [late]";
  return marks;
}

std::string level_of(const Transition& each) {
  const auto after = to_string(each.alarm->grade.level);
  const auto before = to_string(each.grade_before.level);
  if (each.from == AlarmState::normal || before == after) return std::string(after);
  return fmt::format("{} to {}", before, after);
}

std::string actor_of(const Actor& actor) {
  return actor.who.empty() ? "the gateway" : actor.who;
}

std::string text_of(const Absence& absence) {
  if (absence.affects > 0) return fmt::format("; affects {}", absence.affects);
  return fmt::format("; expected every {} s{}", absence.expected.count(),
                     absence.is_learned ? " (learned)" : "");
}

std::string_view sentence_of(const Transition& each) {
  const Condition condition = each.alarm->source.condition;
  if (condition != Condition::silent) return event_sentence(each.event, Language::english);
  return event_sentence(each.event, condition, Language::english);
}

std::string text_of(const Transition& each) {
  const Alarm& alarm = *each.alarm;
  std::string text =
      fmt::format("alarm {}, {}{}: {} to {}, {}; {} ({})", alarm.number.serial.value,
                  name_of(alarm.source), marks_of(alarm), to_string(each.from), to_string(each.to),
                  level_of(each), sentence_of(each), actor_of(each.actor));
  if (each.event == AlarmEvent::raised && alarm.times.absence)
    text += text_of(*alarm.times.absence);
  if (!each.note.empty()) text += fmt::format(": {}", each.note);
  if (each.from == AlarmState::normal && alarm.previous.serial.value != 0)
    text += fmt::format("; follows alarm {}", alarm.previous.serial.value);
  if (each.event == AlarmEvent::escalation_due || each.event == AlarmEvent::escalated)
    text += fmt::format("; stage {}", alarm.escalation);
  if (each.to == AlarmState::closed) {
    text += fmt::format("; outcome {}", to_string(alarm.outcome));
    if (!alarm.cause.empty()) text += fmt::format(", {}", alarm.cause);
    text += fmt::format("; said {} times", alarm.count);
  }
  return text;
}

}  // namespace

void Stage::say(std::string_view text) {
  text_ += fmt::format("    -> {}\n", text);
}

bool Stage::say_news() {
  bool any = false;
  for (; told_ < desk_.told.size(); ++told_, any = true) say(text_of(desk_.told[told_]));
  for (; deeds_ < desk_.deeds.size(); ++deeds_, any = true) {
    const Deed& deed = desk_.deeds[deeds_];
    say(fmt::format("recorded: {}{}{} ({})", action_word(deed.action, Language::english),
                    deed.device.empty() ? "" : ", ", deed.device, actor_of(deed.actor)));
  }
  const rules::Tone tone = desk_.heard();
  if (tone != tone_) {
    say(fmt::format("heard: {}", word_of(tone)));
    any = true;
  }
  tone_ = tone;
  return any;
}

void Stage::advance_to(std::chrono::seconds at) {
  // What is due waits for a disk that works.
  if (is_disk_broken_) {
    desk_.skip(at - time_);
    time_ = at;
  }
  while (time_ < at) {
    const auto due = desk_.judgement().due_at();
    std::chrono::milliseconds by = at - time_;
    if (due) {
      const auto until = std::chrono::ceil<std::chrono::milliseconds>(*due - desk_.now.steady);
      by = std::clamp(until, std::chrono::milliseconds{0}, by);
    }
    desk_.pass(by);
    time_ += by;
    const std::string before = std::exchange(text_, {});
    const bool any = say_news();
    const std::string said = std::exchange(text_, before);
    if (!any) continue;
    const auto when = std::chrono::floor<std::chrono::seconds>(time_);
    text_ += fmt::format("{} time passes\n{}", written(when), said);
  }
}

std::string Stage::play(const Script& script) {
  for (const auto& [device, place] : script.places) {
    Device entered;
    entered.id = device;
    entered.place = place;
    entered.service = DeviceService::in_service;
    (void)desk_.enter(entered);
    entered_[device] = entered;
  }
  for (const Happening& happening : script.happenings) {
    try {
      advance_to(happening.at);
      text_ += happening.text + "\n";
      act(happening);
    } catch (const std::exception& wrong) {
      throw std::runtime_error(fmt::format("line {}: {}", happening.line, wrong.what()));
    }
  }
  return std::move(text_);
}

void Stage::act(const Happening& happening) {
  const Words& words = happening.words;
  const std::size_t before = text_.size();
  if (words.size() > 2 && (words[1] == "reports" || words[2] == "report")) {
    report(happening);
  } else if (words[0] == "the") {
    happen(happening);
  } else {
    command(happening);
  }
  (void)say_news();
  if (text_.size() == before) say("nothing");
}

void Stage::report(const Happening& happening) {
  const Round round = round_in(happening);
  report_once(happening, round);
  // Now and then: from a minute to a day and a half, the same in each run.
  std::uint32_t dice = 1;
  const auto end = time_ + round.lasts;
  while (true) {
    dice = dice * 1'664'525 + 1'013'904'223;
    const std::chrono::seconds rest{1LL << (6 + (dice >> 28) * 11 / 15)};
    const auto next = time_ + (round.every.count() > 0 ? round.every : rest);
    if (next > end) return;
    advance_to(std::chrono::duration_cast<std::chrono::seconds>(next));
    report_once(happening, round);
  }
}

void Stage::report_once(const Happening& happening, const Round& round) {
  for (const std::string& device : round.devices) {
    Observation observation = observation_in(happening, desk_.now.wall);
    observation.device = device;
    const bool is_bridge = device.starts_with(round.radio + "/");
    const std::string topic = round.radio.empty() ? std::string{}
                              : is_bridge         ? device + "/state"
                                                  : round.radio + "/" + device;
    hear(observation, {topic, round.broker});
  }
}

// "the interval of battery-1 is 6 hours", "the interval of 17 devices is 1 hours"
void Stage::set_interval(const Happening& happening) {
  const Words& words = happening.words;
  const bool is_many = words.size() > 4 && words[4] == "devices";
  const auto every = span_in(words, is_many ? 6 : 5);
  Happening named = happening;
  named.words = {words.at(3), is_many ? "devices" : "reports"};
  for (const std::string& device : round_in(named).devices) {
    Device& entered = entered_[device];
    entered.id = device;
    entered.expected = every;
    (void)desk_.enter(entered);
  }
}

void Stage::hear(const Observation& observation, const rules::CameBy& by) {
  const rules::Verdict verdict = desk_.hear(observation, by);
  if (is_disk_broken_) {
    desk_.fail_all();
    desk_.hold();
    say("not acknowledged: the device sends it again");
    return;
  }
  if (verdict.is_repeat) say("counted: the alarm is open");
  if (verdict.is_beyond) say("recorded and forwarded; the list is full");
  if (verdict.of_the_past && verdict.changes.transitions.empty()) say("recorded as told late");
}

void Stage::command(const Happening& happening) {
  auto command = wish_in(happening, desk_);
  const CommandResult result = desk_.ask(std::move(command));
  if (is_disk_broken_ && result.refusal == Refusal::none) {
    desk_.fail_all();
    desk_.hold();
    return say("refused: not_kept");
  }
  if (result.refusal != Refusal::none) {
    say(fmt::format("refused ({}): {}", to_string(result.refusal),
                    sentence_of(result, Language::english)));
  } else if (result.is_repeat) {
    say("done before: the same answer");
  }
}

// "the power fails for 10 minutes", "the disk fails", "the disk works", "the list", "the wall clock
// jumps by 3 hours", "the end".
void Stage::happen(const Happening& happening) {
  const Words& words = happening.words;
  const std::string what = words.size() > 1 ? words[1] : "";
  if (what == "list") return show_list();
  if (what == "end") return;
  if (what == "disk") {
    is_disk_broken_ = words.size() > 2 && words[2] == "fails";
    if (is_disk_broken_) {
      desk_.hold();
    } else {
      desk_.commit_all();
    }
    return say(is_disk_broken_ ? "nothing can be kept" : "everything can be kept");
  }
  if (what == "interval") return set_interval(happening);
  if (what == "link") {  // "the link to hall ends", "the link to hall stands"
    return desk_.judgement().link(words.at(3), words.back() == "stands", desk_.now);
  }
  if (what == "power") {
    const auto off = span_in(words, 4);
    const bool is_lost = words.back() == "lost";
    desk_.restart(off, is_lost);
    time_ += off;
    return say(is_lost ? "the gateway is back, its clock lost" : "the gateway is back");
  }
  if (what == "wall") {
    desk_.jump_wall(span_in(words, 5));
    return say("the wall clock shows another time");
  }
  throw std::runtime_error("nobody knows what that is");
}

void Stage::show_list() {
  const auto open = desk_.open();
  if (open.empty()) say("no alarm is open");
  for (const SharedAlarm& alarm : open) {
    std::string text =
        fmt::format("open: alarm {}, {}{}: {}, {}, said {} times", alarm->number.serial.value,
                    name_of(alarm->source), marks_of(*alarm), to_string(alarm->state()),
                    to_string(alarm->grade.level), alarm->count);
    if (!alarm->owner.empty()) text += ", taken by " + std::string(alarm->owner);
    say(text);
  }
}

}  // namespace watchpost::scenarios
