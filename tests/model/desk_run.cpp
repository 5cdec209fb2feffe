#include "model/desk_run.hpp"

#include <fmt/format.h>

#include <array>
#include <random>

#include "model/desk_promises.hpp"
#include "model/silence_promises.hpp"
#include "support/duty_desk.hpp"

namespace watchpost::model {
namespace {

using support::DutyDesk;

struct Resident {
  const char* device;
  const char* place;
  Kind kind;
  const char* topic;  // empty: it is heard over no radio
};
constexpr std::array kVillage{
    Resident{"smoke-k", "flat-1", Kind::smoke, "zigbee2mqtt/smoke-k"},
    Resident{"smoke-l", "flat-1", Kind::smoke, "zigbee2mqtt/smoke-l"},
    Resident{"gas-1", "flat-2", Kind::combustible_gas, "zigbee2mqtt/gas-1"},
    Resident{"radar-1", "flat-2", Kind::fall, "zigbee2mqtt/radar-1"},
    Resident{"sos-1", "flat-2", Kind::sos, ""},
    Resident{"river-1", "", Kind::water_distance, ""},
    Resident{"panel", "hall", Kind::fire_system, ""},
    Resident{"pump", "", Kind::device_status, ""},
};

// How often somebody says that a device is heard; 0: never.
constexpr std::array<std::int64_t, 4> kIntervals{10, 60, 3600, 0};

constexpr std::array kStates{DeclaredState::alarm,     DeclaredState::alarm,
                             DeclaredState::suspected, DeclaredState::confirmed,
                             DeclaredState::normal,    DeclaredState::normal,
                             DeclaredState::cleared,   DeclaredState::test,
                             DeclaredState::fault,     DeclaredState::info};

class Course {
 public:
  explicit Course(const DeskRun& run)
      : random_(run.seed),
        desk_(options_for(run.seed)),
        promises_(desk_),
        silences_(desk_),
        steps_(run.steps) {
    desk_.on_commit = [this](const DutyDesk::Append& append) {
      promises_.committed(append);
      silences_.committed(append);
    };
  }

  DeskOutcome play() {
    enter_some();
    for (std::size_t i = 0; i < steps_ && !is_broken(); ++i) {
      step();
      look();
    }
    desk_.commit_all();
    look();
    for (const auto* const broken : {&promises_.broken(), &silences_.broken()})
      outcome_.broken.insert(outcome_.broken.end(), broken->begin(), broken->end());
    outcome_.transitions = promises_.transitions();
    outcome_.silences = silences_.silences();
    return std::move(outcome_);
  }

 private:
  static rules::JudgementOptions options_for(std::uint64_t seed) {
    rules::JudgementOptions options;
    options.outputs = {"yard"};
    if (seed % 4 == 0) options.most_alarms = 3;
    if (seed % 5 == 0) options.most_devices = 5;
    return options;
  }

  [[nodiscard]] bool is_broken() const {
    return !outcome_.broken.empty() || !promises_.broken().empty() || !silences_.broken().empty();
  }
  void look() {
    promises_.look();
    silences_.look();
  }
  std::size_t upto(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>{0, most}(random_);
  }
  bool one_in(std::size_t n) { return upto(n - 1) == 0; }
  void note(std::string what) { outcome_.course.push_back(std::move(what)); }

  void enter_some() {
    for (const Resident& each : kVillage) {
      if (!one_in(4)) enter(each);
    }
  }

  void enter(const Resident& who) {
    Device device;
    device.id = who.device;
    device.place = who.place;
    device.service = DeviceService::in_service;
    if (one_in(2)) device.expected = std::chrono::seconds{kIntervals[upto(kIntervals.size() - 1)]};
    note(fmt::format("{} is entered, heard each {} s", who.device,
                     device.expected.value_or(std::chrono::seconds{0}).count()));
    (void)desk_.enter(device);
  }

  void step() {
    const std::size_t dice = upto(99);
    if (dice < 2) return flicker();
    if (dice < 3) return enter(kVillage[upto(kVillage.size() - 1)]);
    if (dice < 50) return hear();
    if (dice < 68) return pass();
    if (dice < 88) return ask();
    if (dice < 92) return hold();
    if (dice < 95) return fail();
    if (dice < 98) return restart();
    jump();
  }

  // How the test of an output ended that is under way; told again where that is not on disk yet.
  void end_test() {
    const auto& test = desk_.judgement().duty_on_disk().output_test;
    if (!test) return;
    const ToldHow how = one_in(2) ? ToldHow::accepted : ToldHow::no_answer;
    note(fmt::format("the test of {} ended: {}", test->output, to_string(how)));
    desk_.end_test({test->output, test->since, how, {}});
  }

  void hear() {
    if (one_in(8)) end_test();
    const Resident& from = kVillage[upto(kVillage.size() - 1)];
    Observation said = support::said(from.device, from.kind, kStates[upto(kStates.size() - 1)]);
    said.history = one_in(16);
    said.stored_copy = one_in(12);
    // A copy without a time says nothing.
    if (said.stored_copy || one_in(3))
      said.observed_at = desk_.now.wall - std::chrono::seconds{upto(one_in(2) ? 900 : 5)};
    if (one_in(6)) said.readings.push_back({"low_battery", "", one_in(2)});
    if (one_in(8)) said.readings.push_back({"tamper", "", one_in(2)});
    if (one_in(8)) said.readings.push_back({"fault", "", one_in(2)});
    if (one_in(12)) said.readings.push_back({"muted", "", true});
    if (from.kind == Kind::water_distance) {
      // A float switch has none.
      if (!one_in(4)) said.readings.push_back({"distance", "mm", double(upto(3000))});
      if (one_in(3)) said.quality = Quality::suspect;
    }
    note(fmt::format("{} says {}{}{}", from.device, to_string(said.state),
                     said.history ? ", late" : "", said.stored_copy ? ", a copy" : ""));
    if (!said.stored_copy) silences_.heard(from.device);
    (void)desk_.hear(said, {from.topic, {}});
  }

  // Half a minute of one device that says now this, now that.
  void flicker() {
    const Resident& from = kVillage[upto(kVillage.size() - 1)];
    note(fmt::format("{} flickers", from.device));
    for (int i = 0; i < 30; ++i) {
      const auto state = i % 2 == 0 ? DeclaredState::alarm : DeclaredState::normal;
      silences_.heard(from.device);
      (void)desk_.hear(support::said(from.device, from.kind, state), {from.topic, {}});
      desk_.pass(std::chrono::seconds{1});
    }
  }

  void pass() {
    constexpr std::array<std::int64_t, 9> kSpans{1,      900,     11'000,    31'000,    61'000,
                                                 90'000, 200'000, 1'000'000, 30'000'000};
    const std::chrono::milliseconds span{kSpans[upto(kSpans.size() - 1)]};
    note(fmt::format("{} ms pass", span.count()));
    desk_.pass(span);
  }

  Command some_command() {
    const auto action = static_cast<DutyAction>(upto(kDutyActionCount - 1));
    const std::uint64_t newest = desk_.disk.numbers_given;
    const std::uint64_t about =
        newest == 0 ? 1 : newest - std::min<std::uint64_t>(newest - 1, upto(6));
    Command command = desk_.wish(action, about);
    if (one_in(8)) command.seen_revision = static_cast<std::uint32_t>(upto(6));
    command.device = kVillage[upto(kVillage.size() - 1)].device;
    if (!one_in(8)) command.note = "because";
    command.is_true = one_in(2);
    command.outcome = static_cast<AlarmOutcome>(upto(4));
    command.lasts = std::chrono::minutes{upto(500)};
    command.output = one_in(8) ? "nowhere" : "yard";
    command.event_class = EventClass::alarm;
    command.first = Seq{upto(3)};
    command.last = Seq{upto(20'000)};
    if (one_in(6)) command.by.origin = Origin::upstream;
    if (one_in(3))
      command.expires = desk_.now.wall + std::chrono::seconds{60} - std::chrono::seconds{upto(90)};
    if (one_in(20)) command.granted.reset();
    if (one_in(3)) command.scope.devices = {command.device};
    if (one_in(4)) command.scope.places = {kVillage[upto(3)].place};
    if (one_in(4)) command.scope.kinds = {kVillage[upto(kVillage.size() - 1)].kind};
    return command;
  }

  // Every command is given a second time under its key; it is never done twice.
  void ask() {
    const Command command = some_command();
    const bool is_past = command.expires && *command.expires <= desk_.now.wall;
    const CommandResult first = desk_.ask(command);
    note(fmt::format("{} on {} or {}: {}", to_string(command.action), command.alarm.serial.value,
                     command.device, to_string(first.refusal)));
    const bool is_done = first.refusal == Refusal::none;
    if (is_done && is_past) outcome_.broken.emplace_back("an expired command was done");
    if (!is_done) return;
    ++outcome_.commands_done;
    const std::size_t told = desk_.told.size();
    const std::size_t waiting = desk_.waiting();
    const CommandResult second = desk_.ask(command);
    // What is so is told each time.
    const bool is_question = command.action == DutyAction::send_state;
    const bool is_same = second.is_repeat != is_question && second.refusal == Refusal::none &&
                         second.revision == first.revision && second.state == first.state;
    if (!is_same) outcome_.broken.emplace_back("the same key gets another answer");
    if (desk_.told.size() != told || desk_.waiting() > waiting + 1)
      outcome_.broken.emplace_back("a command was done twice");
  }

  void hold() {
    if (desk_.waiting() == 0) {
      note("commits wait");
      return desk_.hold();
    }
    note("some commits are done");
    desk_.commit_some(upto(desk_.waiting()));
  }

  void fail() {
    if (desk_.waiting() > 1) desk_.commit_some(upto(desk_.waiting() - 1));
    note("the rest of the commits fail");
    desk_.fail_all();
    promises_.has_failed();
  }

  void restart() {
    promises_.goes_down();
    const std::chrono::milliseconds off{upto(3) == 0 ? 400'000 : 20'000};
    const bool is_lost = one_in(3);
    note(fmt::format("power off for {} ms{}", off.count(), is_lost ? ", clock lost" : ""));
    desk_.restart(off, is_lost);
    promises_.is_back();
    silences_.is_back();
  }

  void jump() {
    const auto by = std::chrono::seconds{static_cast<std::int64_t>(upto(8'000'000)) - 4'000'000};
    note(fmt::format("the wall clock jumps by {} s", by.count()));
    desk_.jump_wall(by);
  }

  std::mt19937_64 random_;
  DutyDesk desk_;
  DeskPromises promises_;
  SilencePromises silences_;
  std::size_t steps_;
  DeskOutcome outcome_;
};

}  // namespace

DeskOutcome run(const DeskRun& run) {
  return Course(run).play();
}

}  // namespace watchpost::model
