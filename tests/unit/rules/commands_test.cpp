#include "model/command_words.hpp"
#include "rules/command_table.hpp"
#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

namespace {

void raise(DutyDesk& desk, const char* device = "smoke-1", Kind kind = Kind::smoke) {
  (void)desk.hear(said(device, kind, DeclaredState::alarm));
}

Command closing(DutyDesk& desk, std::uint64_t number) {
  Command command = desk.wish(DutyAction::close, number);
  command.outcome = AlarmOutcome::true_alarm;
  return command;
}

// What becomes of taking alarm 1, by Wang who saw it as it is, but for `change`.
template <class Change>
CommandResult taking(DutyDesk& desk, const Change& change) {
  Command take = desk.wish(DutyAction::take, 1);
  change(take);
  return desk.ask(take);
}

std::vector<DutyAction> all_of_them() {
  std::vector<DutyAction> all;
  for (std::size_t i = 0; i < kDutyActionCount; ++i) all.push_back(static_cast<DutyAction>(i));
  return all;
}

}  // namespace

TEST_CASE("each action has its row, its word and its name", "[rules][unit]") {
  for (const DutyAction action : all_of_them()) {
    CHECK(rules::row_of(action).action == action);
    CHECK(action_from(to_string(action)) == action);
    for (const Language language : kLanguages) CHECK_FALSE(action_word(action, language).empty());
    const Needs& needs = rules::row_of(action).needs;
    CHECK(needs.lasts == (rules::row_of(action).most > 0min));
  }
}

TEST_CASE("an alarm is taken, verified, arrived at and closed by people, in this order",
          "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  CHECK(desk.ask(closing(desk, 1)).refusal == Refusal::not_taken);
  CHECK(desk.ask(desk.wish(DutyAction::arrive, 1)).refusal == Refusal::not_taken);
  const CommandResult taken = desk.ask(desk.wish(DutyAction::take, 1));
  CHECK(taken.refusal == Refusal::none);
  CHECK(taken.state == AlarmState::ack);
  CHECK(taken.revision == 2);
  Command verify = desk.wish(DutyAction::verify, 1);
  verify.is_true = true;
  CHECK(desk.ask(verify).refusal == Refusal::none);
  CHECK(desk.ask(desk.wish(DutyAction::arrive, 1)).refusal == Refusal::none);
  CHECK(desk.ask(closing(desk, 1)).refusal == Refusal::none);
  const SharedAlarm alarm = desk.alarm(1);
  CHECK(alarm->owner == "Wang");
  CHECK(alarm->verified == true);
  CHECK(alarm->outcome == AlarmOutcome::true_alarm);
  CHECK(
      (alarm->times.taken && alarm->times.verified && alarm->times.arrived && alarm->times.closed));
  CHECK(desk.ask(desk.wish(DutyAction::take, 1)).refusal == Refusal::alarm_closed);
  Command nobodys = desk.wish(DutyAction::take, 7);
  nobodys.seen_revision = 1;
  CHECK(desk.ask(nobodys).refusal == Refusal::alarm_unknown);
}

TEST_CASE("who takes an alarm over does not make its answer a later one", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  desk.pass(20s);
  (void)desk.ask(desk.wish(DutyAction::take, 1));
  const auto taken = desk.alarm(1)->times.taken;
  desk.pass(10min);
  Command over = desk.wish(DutyAction::take, 1);
  over.by.who = "Li";
  CHECK(desk.ask(over).refusal == Refusal::none);
  CHECK(desk.alarm(1)->owner == "Li");
  CHECK(desk.alarm(1)->times.taken == taken);
}

TEST_CASE("who saw another state is shown the present one", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  const auto unseen = taking(desk, [](Command& take) {
    take.seen_revision.reset();
    take.by.origin = Origin::api;
  });
  CHECK(unseen.refusal == Refusal::revision_missing);
  const auto result = taking(desk, [](Command& take) { take.seen_revision = 9; });
  CHECK(result.refusal == Refusal::alarm_changed);
  CHECK(result.revision == 1);
  // Repeats, notes and stages of escalation change nothing that a person decides by.
  Command note = desk.wish(DutyAction::note, 1);
  note.note = "called the flat";
  CHECK(desk.ask(note).refusal == Refusal::none);
  raise(desk);
  desk.pass(61s);
  const auto taken = taking(desk, [](Command& take) { take.seen_revision = 1; });
  CHECK(taken.refusal == Refusal::none);
  // A person at a terminal may name the alarm alone.
  const auto named = taking(desk, [](Command& take) {
    take.seen_revision.reset();
    take.by.origin = Origin::cli;
  });
  CHECK(named.refusal == Refusal::none);
}

TEST_CASE("a wish under one key is done once, for seven days", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  const Command take = desk.wish(DutyAction::take, 1);
  const CommandResult first = desk.ask(take);
  CHECK_FALSE(first.is_repeat);
  const std::size_t told = desk.told.size();
  const CommandResult second = desk.ask(take);
  CHECK(second.is_repeat);
  CHECK(second.revision == first.revision);
  CHECK(desk.told.size() == told);
  Command other = desk.wish(DutyAction::arrive, 1);
  other.key = take.key;
  CHECK(desk.ask(other).refusal == Refusal::key_reused);
  desk.restart(1s);
  CHECK(desk.ask(take).is_repeat);
  desk.pass(std::chrono::hours{24 * 7});
  // Then it is a new wish, and refused as one that saw an older state.
  CHECK(desk.ask(take).refusal == Refusal::alarm_changed);
  (void)desk.ask(desk.wish(DutyAction::arrive, 1));
  CHECK(desk.disk.commands.count(take.key) == 0);
}

TEST_CASE("a refused command may come again under its key", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  Command close = closing(desk, 1);
  CHECK(desk.ask(close).refusal == Refusal::not_taken);
  (void)desk.ask(desk.wish(DutyAction::take, 1));
  close.seen_revision = desk.alarm(1)->revision;
  const CommandResult result = desk.ask(close);
  CHECK(result.refusal == Refusal::none);
  CHECK_FALSE(result.is_repeat);
}

TEST_CASE("nothing that has expired is done, nor what may have", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  Command take = desk.wish(DutyAction::take, 1);
  take.expires = desk.now.wall;
  CHECK(desk.ask(take).refusal == Refusal::expired);
  take.expires = desk.now.wall + 1s;
  desk.now.quality = ClockQuality::unset;
  CHECK(desk.ask(take).refusal == Refusal::clock_unset);
  take.expires.reset();
  take.by.origin = Origin::upstream;
  CHECK(desk.ask(take).refusal == Refusal::expiry_missing);
  desk.now.quality = ClockQuality::free;
  take.expires = desk.now.wall + 1s;
  CHECK(desk.ask(take).refusal == Refusal::none);
  // What was done in time is answered so, however late it is asked.
  desk.pass(1min);
  CHECK(desk.ask(take).is_repeat);
}

TEST_CASE("an upstream's command is good for an hour at most", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  Command take = desk.wish(DutyAction::take, 1);
  take.expires = desk.now.wall + 60min + 1s;
  take.by.origin = Origin::upstream;
  const CommandResult result = desk.ask(take);
  CHECK(result.refusal == Refusal::expiry_too_far);
  CHECK(result.most == 60);
  take.expires = desk.now.wall + 60min;
  CHECK(desk.ask(take).refusal == Refusal::none);
  // A person here knows when it is.
  Command note = desk.wish(DutyAction::note, 1);
  note.note = "seen";
  note.expires = desk.now.wall + 24h;
  CHECK(desk.ask(note).refusal == Refusal::none);
}

TEST_CASE("who may not is told so, and nobody without a name acts", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  const auto refusal = [&desk](const auto& change) { return taking(desk, change).refusal; };
  CHECK(refusal([](Command& take) { take.granted.reset(); }) == Refusal::not_granted);
  CHECK(refusal([](Command& take) { take.by.who.clear(); }) == Refusal::nobody_named);
  CHECK(refusal([](Command& take) { take.key.clear(); }) == Refusal::key_missing);
  for (const Origin origin : {Origin::device, Origin::gateway})
    CHECK(refusal([&](Command& take) { take.by.origin = origin; }) == Refusal::not_from_here);
  for (const DutyAction action : {DutyAction::shelve, DutyAction::out_of_service,
                                  DutyAction::live_test_start, DutyAction::silence_siren}) {
    Command command = desk.wish(action, 1);
    command.by.origin = Origin::upstream;
    CHECK(desk.ask(command).refusal == Refusal::not_from_here);
  }
  CHECK(desk.alarm(1)->life == Life::unack);
}

TEST_CASE("a command lacks no field that its action needs, and none is too long", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  const auto refusal = [&desk](DutyAction action, const auto& change) {
    Command command = desk.wish(action, 1);
    command.device = "smoke-1";
    command.note = "because";
    command.is_true = true;
    command.outcome = AlarmOutcome::true_alarm;
    command.lasts = 10min;
    change(command);
    return desk.ask(command);
  };
  const auto lacks = [](const CommandResult& result, std::string_view field) {
    return result.refusal == Refusal::field_missing && result.field == field;
  };
  CHECK(lacks(refusal(DutyAction::take, [](Command& c) { c.alarm = {}; }), "alarm"));
  CHECK(lacks(refusal(DutyAction::note, [](Command& c) { c.note.clear(); }), "note"));
  CHECK(lacks(refusal(DutyAction::verify, [](Command& c) { c.is_true.reset(); }), "is_true"));
  CHECK(lacks(refusal(DutyAction::close, [](Command& c) { c.outcome.reset(); }), "outcome"));
  CHECK(lacks(refusal(DutyAction::shelve, [](Command& c) { c.lasts.reset(); }), "minutes"));
  CHECK(lacks(refusal(DutyAction::out_of_service, [](Command& c) { c.device.clear(); }), "device"));
  CHECK(lacks(refusal(DutyAction::out_of_service, [](Command& c) { c.note.clear(); }), "note"));
  const auto too_long =
      refusal(DutyAction::note, [](Command& c) { c.note.assign(kMostNote + 1, 'x'); });
  CHECK(too_long.refusal == Refusal::field_too_long);
  CHECK(too_long.most == std::int64_t{kMostNote});
  for (const auto lasts : {0min, 481min, -5min}) {
    const auto result = refusal(DutyAction::shelve, [&](Command& c) { c.lasts = lasts; });
    CHECK(result.refusal == Refusal::too_long);
    CHECK(result.most == 480);
  }
  CHECK(desk.told.size() == 1);
}

TEST_CASE("a shelving keeps quiet, leaves the rest as it was, and ends by time", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  raise(desk, "panel", Kind::fire_system);
  const auto shelve = [&desk](std::uint64_t number) {
    Command command = desk.wish(DutyAction::shelve, number);
    command.note = "steam";
    command.lasts = 30min;
    return desk.ask(command);
  };
  CHECK(shelve(2).refusal == Refusal::never_shelved);
  CHECK(shelve(1).state == AlarmState::shelved);
  CHECK(desk.tone(1) == Tone::none);
  // It may be taken meanwhile; that stays so.
  CHECK(desk.ask(desk.wish(DutyAction::take, 1)).state == AlarmState::shelved);
  desk.pass(30min);
  CHECK(desk.alarm(1)->state() == AlarmState::ack);
  CHECK(shelve(1).refusal == Refusal::none);
  CHECK(desk.ask(desk.wish(DutyAction::unshelve, 1)).state == AlarmState::ack);
  CHECK(desk.ask(desk.wish(DutyAction::unshelve, 1)).refusal == Refusal::not_shelved);
}

TEST_CASE("a person calls for help before its time, until everybody was told", "[rules][unit]") {
  DutyDesk desk;
  raise(desk);
  (void)desk.ask(desk.wish(DutyAction::take, 1));
  for (int i = 0; i < 3; ++i)
    CHECK(desk.ask(desk.wish(DutyAction::escalate, 1)).refusal == Refusal::none);
  CHECK(desk.ask(desk.wish(DutyAction::escalate, 1)).refusal == Refusal::no_more_stages);
  CHECK(desk.alarm(1)->life == Life::ack);
  CHECK(desk.alarm(1)->escalation == 3);
}

TEST_CASE("what is done to devices and to the gateway is a deed on record, with who",
          "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("smoke-1", Kind::smoke, DeclaredState::normal));
  Command command = desk.wish(DutyAction::out_of_service);
  command.device = "smoke-1";
  command.note = "new battery";
  CHECK(desk.ask(command).refusal == Refusal::none);
  command.key = "another";
  CHECK(desk.ask(command).refusal == Refusal::already_out);
  command.key = "a third";
  command.device = "nobody";
  CHECK(desk.ask(command).refusal == Refusal::device_unknown);
  REQUIRE(desk.deeds.size() == 1);
  CHECK(desk.deeds[0].action == DutyAction::out_of_service);
  CHECK(desk.deeds[0].actor.who == "Wang");
  CHECK(desk.deeds[0].note == "new battery");
  Command test = desk.wish(DutyAction::live_test_start);
  test.device = "smoke-1";
  test.lasts = 5min;
  CHECK(desk.ask(test).refusal == Refusal::none);
  test.key = "once more";
  CHECK(desk.ask(test).refusal == Refusal::already_tested);
  desk.pass(6min);
  CHECK(desk.deeds.back().action == DutyAction::live_test_end);
  CHECK(desk.deeds.back().actor.who.empty());
}

TEST_CASE("an edit of a device leaves what judgement knows of it", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("smoke-1", Kind::smoke, DeclaredState::normal));
  Command out = desk.wish(DutyAction::out_of_service);
  out.device = "smoke-1";
  out.note = "new battery";
  (void)desk.ask(out);
  Device edited;
  edited.id = "smoke-1";
  edited.name = "smoke of the kitchen";
  edited.place = "3/2/301";
  CHECK(desk.enter(edited).refusal == Refusal::none);
  const Device* device = desk.judgement().device_on_disk("smoke-1");
  CHECK(device->service == DeviceService::out_of_service);
  CHECK(device->place == "3/2/301");
  Command back = desk.wish(DutyAction::back_in_service);
  back.device = "smoke-1";
  CHECK(desk.ask(back).refusal == Refusal::none);
  CHECK(desk.judgement().device_on_disk("smoke-1")->service == DeviceService::in_service);
}

TEST_CASE("an edit of a device ends no live test and takes no proof", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("smoke-1", Kind::smoke, DeclaredState::normal));
  Command test = desk.wish(DutyAction::live_test_start);
  test.device = "smoke-1";
  test.lasts = 5min;
  CHECK(desk.ask(test).refusal == Refusal::none);
  raise(desk);
  Device edited;
  edited.id = "smoke-1";
  edited.name = "smoke of the kitchen";
  CHECK(desk.enter(edited).refusal == Refusal::none);
  const Device* device = desk.judgement().device_on_disk("smoke-1");
  CHECK(device->name == "smoke of the kitchen");
  CHECK(device->tested_until);
  CHECK(device->proven == desk.now.wall);
  CHECK(desk.heard() == Tone::none);
  desk.pass(5min);
  CHECK_FALSE(desk.judgement().device_on_disk("smoke-1")->tested_until);
}

TEST_CASE("whoever takes an alarm, by whichever way, is on record with when", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(said("radar-1", Kind::fall, DeclaredState::suspected));
  Command verify = desk.wish(DutyAction::verify, 1);
  verify.is_true = true;
  CHECK(desk.ask(verify).refusal == Refusal::none);
  CHECK(desk.alarm(1)->times.taken);

  (void)desk.hear(said("smoke-1", Kind::smoke, DeclaredState::alarm));
  Command out = desk.wish(DutyAction::out_of_service);
  out.device = "smoke-1";
  out.note = "new battery";
  CHECK(desk.ask(out).refusal == Refusal::none);
  (void)desk.hear(said("smoke-1", Kind::smoke, DeclaredState::normal));
  CHECK(desk.alarm(2)->life == Life::close_pending);
  Command close = desk.wish(DutyAction::close, 2);
  close.outcome = AlarmOutcome::test;
  CHECK(desk.ask(close).refusal == Refusal::not_taken);
  CHECK(desk.ask(desk.wish(DutyAction::take, 2)).refusal == Refusal::none);
  CHECK(desk.alarm(2)->times.taken);
  close = desk.wish(DutyAction::close, 2);
  close.outcome = AlarmOutcome::test;
  CHECK(desk.ask(close).refusal == Refusal::none);
}
