#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

namespace {

Observation kitchen(DeclaredState state = DeclaredState::alarm) {
  return said("smoke-1", Kind::smoke, state);
}

}  // namespace

TEST_CASE("nothing is shown before it is on disk, and judgement goes on all the same",
          "[rules][unit]") {
  DutyDesk desk;
  desk.hold();
  (void)desk.hear(kitchen());
  CHECK(desk.open().empty());
  CHECK(desk.heard() == Tone::none);
  CHECK(desk.judgement().open() == 1);
  CHECK(desk.hear(kitchen()).is_repeat);
  desk.commit_all();
  CHECK(desk.open().size() == 1);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("a failed commit undoes judgement, and all that was judged on top of it",
          "[rules][unit]") {
  DutyDesk desk;
  desk.hold();
  const Verdict first = desk.hear(kitchen());
  const Verdict repeat = desk.hear(kitchen());
  CHECK(repeat.changes.based_on == first.changes.step);
  const auto other = desk.hear(said("smoke-2", Kind::smoke, DeclaredState::alarm));
  CHECK(other.changes.based_on.value == 0);
  desk.fail_all();
  CHECK(desk.judgement().open() == 0);
  CHECK(desk.open().empty());
  // Brought again, it is the first.
  const Verdict again = desk.hear(kitchen());
  CHECK(again.event_class == EventClass::alarm);
  CHECK(desk.alarm(1)->source.device == "smoke-1");
  CHECK(desk.alarm(1)->count == 1);
}

TEST_CASE("all that is under way when a commit fails is void, and nothing that comes later",
          "[rules][unit]") {
  DutyDesk desk;
  Judgement& judgement = desk.judgement();
  const StepNumber first = judgement.judge(kitchen(), desk.now).changes.step;
  const auto smoke_2 = said("smoke-2", Kind::smoke, DeclaredState::alarm);
  const StepNumber second = judgement.judge(smoke_2, desk.now).changes.step;
  CHECK(judgement.void_up_to() == StepNumber{});
  judgement.rolled_back(first);
  // The other one may be in the queue of the store: it is not to be committed.
  CHECK(judgement.void_up_to() == second);
  const Verdict later = judgement.judge(smoke_2, desk.now);
  CHECK(later.changes.step > second);
  CHECK(later.changes.based_on == StepNumber{});
  // That it failed too is known.
  judgement.rolled_back(second);
  CHECK(judgement.open() == 1);
  judgement.committed(later.changes.step, {});
  CHECK(judgement.on_disk({0, AlarmSerial{1}})->source.device == "smoke-2");
  CHECK(judgement.void_up_to() == second);
}

TEST_CASE("a rule's word rests on what is under way of its device", "[rules][unit]") {
  DutyDesk desk;
  Signal signal;
  signal.device = "river-1";
  signal.kind = Kind::water_level;
  signal.condition = Condition::rule;
  signal.rule = "guarantee level";
  desk.hold();
  const Verdict first = desk.hear(signal);
  const Verdict repeat = desk.hear(signal);
  CHECK(repeat.is_repeat);
  CHECK_FALSE(repeat.changes.any());
  CHECK(repeat.changes.based_on == first.changes.step);
  signal.device = "river-2";
  CHECK(desk.hear(signal).changes.based_on == StepNumber{});
}

TEST_CASE("a command whose commit failed was not done and may be given again", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(kitchen());
  const Command take = desk.wish(DutyAction::take, 1);
  desk.hold();
  CHECK(desk.ask(take).refusal == Refusal::none);
  // Its answer waits with it: it would tell of what is not so.
  CHECK(desk.ask(take).is_repeat);
  CHECK(desk.waiting() == 2);
  desk.fail_all();
  CHECK(desk.alarm(1)->life == Life::unack);
  const CommandResult again = desk.ask(take);
  CHECK(again.refusal == Refusal::none);
  CHECK_FALSE(again.is_repeat);
  CHECK(desk.alarm(1)->life == Life::ack);
}

TEST_CASE("what a timer did and was not kept is due again", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(kitchen());
  desk.hold();
  desk.pass(61s);
  CHECK(desk.waiting() == 1);
  desk.fail_all();
  REQUIRE(desk.judgement().due_at());
  CHECK(*desk.judgement().due_at() <= desk.now.steady);
  desk.pass(0s);
  CHECK(desk.alarm(1)->escalation == 1);
}

TEST_CASE("evidence is the record of the message, numbered once it is committed", "[rules][unit]") {
  DutyDesk desk;
  desk.hold();
  (void)desk.hear(kitchen());
  (void)desk.hear(kitchen(DeclaredState::normal));
  desk.commit_all();
  const SharedAlarm alarm = desk.alarm(1);
  REQUIRE(alarm->evidence.size() == 2);
  CHECK(alarm->evidence[0].sequence == Seq{1});
  CHECK(alarm->evidence[1].sequence == Seq{2});
  CHECK(alarm->evidence[0].event_class == EventClass::alarm);
  CHECK(*desk.disk.alarms.at(1) == *alarm);
  // What people and timers did rests on no record.
  (void)desk.ask(desk.wish(DutyAction::take, 1));
  CHECK(desk.alarm(1)->evidence.size() == 2);
}

TEST_CASE("evidence is numbered also where something is always under way", "[rules][unit]") {
  DutyDesk desk;
  desk.hold();
  for (int i = 0; i < 8; ++i) {
    (void)desk.hear(kitchen(i % 2 == 0 ? DeclaredState::alarm : DeclaredState::normal));
    desk.pass(2min);
    if (i > 0) desk.commit_some(desk.waiting() - 1);
  }
  desk.commit_all();
  const SharedAlarm alarm = desk.alarm(1);
  REQUIRE(alarm->evidence.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) CHECK(alarm->evidence[i].sequence == Seq{i + 1});
  CHECK(*desk.disk.alarms.at(1) == *alarm);
}

TEST_CASE("of much evidence the first and the newest are kept", "[rules][unit]") {
  DutyDesk desk;
  for (int i = 0; i < 40; ++i) {
    (void)desk.hear(kitchen());
    desk.pass(2min);
    (void)desk.hear(kitchen(DeclaredState::normal));
    desk.pass(2min);
  }
  const SharedAlarm alarm = desk.alarm(1);
  REQUIRE(alarm->evidence.size() == Alarm::kMostEvidence);
  CHECK(alarm->evidence.front().sequence == Seq{1});
  CHECK(alarm->evidence.back().sequence == Seq{80});
}

TEST_CASE("an alarm's number goes on after a restart and is not given twice", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(kitchen());
  desk.restart(10s);
  (void)desk.hear(said("smoke-2", Kind::smoke, DeclaredState::alarm));
  REQUIRE(desk.open().size() == 2);
  CHECK(desk.open()[1]->number.serial.value == 2);
}

TEST_CASE("a restart with a good clock counts the time off, and sounds at once", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(kitchen());
  desk.pass(70s);
  desk.restart(4min);
  CHECK(desk.heard() == Tone::siren);
  desk.pass(0s);
  CHECK(desk.alarm(1)->escalation == 3);
  CHECK(desk.told.back().since_raised == 310s);
}

TEST_CASE("a restart with a lost clock goes on from where escalation stood", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(kitchen());
  desk.pass(70s);
  desk.restart(4min, true);
  CHECK(desk.heard() == Tone::siren);
  desk.pass(0s);
  CHECK(desk.alarm(1)->escalation == 1);
  // Nothing was written since the first step, at 60 s.
  desk.pass(121s);
  CHECK(desk.alarm(1)->escalation == 2);
}

TEST_CASE("a silence ends with a restart, a shelving goes on", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(kitchen());
  (void)desk.hear(said("smoke-2", Kind::smoke, DeclaredState::alarm));
  Command shelve = desk.wish(DutyAction::shelve, 2);
  shelve.note = "dust";
  shelve.lasts = 1h;
  CHECK(desk.ask(shelve).refusal == Refusal::none);
  desk.pass(1s);
  CHECK(desk.ask(desk.wish(DutyAction::silence_siren)).refusal == Refusal::none);
  CHECK(desk.heard() == Tone::none);
  desk.restart(1s);
  CHECK(desk.tone(1) == Tone::siren);
  CHECK(desk.tone(2) == Tone::none);
  desk.pass(1h);
  CHECK(desk.tone(2) == Tone::siren);
}

TEST_CASE("what is judged first after a start rests on no step", "[rules][unit]") {
  JudgementOptions options;
  options.most_alarms = 1;
  DutyDesk desk(options);
  (void)desk.hear(kitchen());
  (void)desk.hear(said("smoke-2", Kind::smoke, DeclaredState::normal));
  const Command take = desk.wish(DutyAction::take, 1);
  CHECK(desk.ask(take).refusal == Refusal::none);
  desk.restart(1s);
  CHECK(desk.judgement().obey(take, desk.now).changes.based_on == StepNumber{});
  const auto beyond = said("smoke-2", Kind::smoke, DeclaredState::alarm);
  CHECK(desk.judgement().judge(beyond, desk.now).changes.based_on == StepNumber{});
}

TEST_CASE("a closed alarm of which the store has lost when is no trouble", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(kitchen());
  auto row = std::make_shared<Alarm>(*desk.alarm(1));
  row->life = Life::closed;
  desk.disk.alarms[1] = row;
  desk.restart(1s);
  (void)desk.hear(kitchen());
  CHECK(desk.alarm(2)->previous.serial.value == 0);
}

TEST_CASE("a return that was believed and not kept is believed again", "[rules][unit]") {
  DutyDesk desk;
  for (const auto state :
       {DeclaredState::alarm, DeclaredState::normal, DeclaredState::alarm, DeclaredState::normal}) {
    (void)desk.hear(kitchen(state));
    desk.pass(5s);
  }
  CHECK(desk.alarm(1)->life == Life::unack);
  desk.hold();
  desk.pass(60s);
  CHECK(desk.waiting() > 0);
  desk.fail_all();
  CHECK(desk.alarm(1)->life == Life::unack);
  desk.pass(1s);
  CHECK(desk.alarm(1)->life == Life::rtn_unack);
}

TEST_CASE("a return that is not believed yet is kept over a restart, and so is its end",
          "[rules][unit]") {
  DutyDesk desk;
  const auto say = [&desk](DeclaredState state) {
    (void)desk.hear(said("river-1", Kind::water_level, state));
    desk.pass(2s);
  };
  for (const auto state :
       {DeclaredState::alarm, DeclaredState::normal, DeclaredState::alarm, DeclaredState::normal})
    say(state);
  desk.restart(1s);
  CHECK(desk.alarm(1)->life == Life::unack);
  desk.pass(2min);
  CHECK(desk.alarm(1)->life == Life::rtn_unack);
  for (const auto state : {DeclaredState::alarm, DeclaredState::normal, DeclaredState::alarm})
    say(state);
  desk.restart(1s);
  desk.pass(2min);
  CHECK(desk.alarm(1)->life == Life::unack);
  CHECK(desk.heard() == Tone::siren);
}

TEST_CASE("a clock that is good again is seen by whatever is heard", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("pump-1", Kind::heartbeat, DeclaredState::normal));
  (void)desk.hear(kitchen());
  Command shelve = desk.wish(DutyAction::shelve, 1);
  shelve.note = "dust";
  shelve.lasts = 8h;
  CHECK(desk.ask(shelve).refusal == Refusal::none);
  desk.pass(1h);
  const WallTime before = desk.now.wall;
  desk.restart(6h, true);
  desk.pass(30s);
  desk.now.wall = before + 6h + 30s;
  desk.now.quality = ClockQuality::synced;
  (void)desk.hear(said("pump-1", Kind::heartbeat, DeclaredState::normal));
  desk.pass(1h);
  CHECK(desk.alarm(1)->state() == AlarmState::unack);
}
