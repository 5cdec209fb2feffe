#include <array>

#include "rules/beyond.hpp"
#include "rules/command_table.hpp"
#include "rules/corroboration.hpp"
#include "rules/tick.hpp"
#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;
using support::said;

// Each list of judgement at its bound, and each step that could do too much at once.

namespace {

Observation burning(const std::string& device) {
  return said(device, Kind::smoke, DeclaredState::alarm);
}
Observation at_rest(const std::string& device) {
  return said(device, Kind::smoke, DeclaredState::normal);
}

}  // namespace

TEST_CASE("at the bound the oldest fault yields to an alarm, and what is beyond is said",
          "[rules][unit]") {
  JudgementOptions options;
  options.most_alarms = 3;
  DutyDesk desk(options);
  (void)desk.hear(said("f1", Kind::smoke, DeclaredState::fault));
  (void)desk.hear(said("f2", Kind::smoke, DeclaredState::fault));
  (void)desk.hear(burning("a1"));
  // A fault finds no room where a fault would have to go.
  CHECK(desk.hear(said("f3", Kind::smoke, DeclaredState::fault)).is_beyond);
  const Verdict second = desk.hear(burning("a2"));
  CHECK_FALSE(second.is_beyond);
  CHECK(desk.alarm(1)->life == Life::closed);
  CHECK(desk.told[desk.told.size() - 2].event == AlarmEvent::yielded);
  (void)desk.hear(burning("a3"));
  const Verdict beyond = desk.hear(burning("a4"));
  CHECK(beyond.is_beyond);
  CHECK(beyond.event_class == EventClass::alarm);
  CHECK(desk.open().size() == 3);
  CHECK(desk.judgement().beyond() == Beyond::Count{2, false});
  (void)desk.hear(at_rest("a4"));
  CHECK(desk.judgement().beyond() == Beyond::Count{1, false});
}

TEST_CASE("beyond the bound of devices all are judged, and who is entered finds room",
          "[rules][unit]") {
  JudgementOptions options;
  options.most_devices = 2;
  DutyDesk desk(options);
  CHECK(desk.hear(at_rest("a")).is_new_device);
  CHECK_FALSE(desk.hear(at_rest("a")).is_new_device);
  (void)desk.hear(burning("b"));
  const Verdict third = desk.hear(burning("c"));
  CHECK_FALSE(third.is_new_device);
  CHECK(desk.open().size() == 2);
  // A device, however often it is heard.
  for (int i = 0; i < 10; ++i) (void)desk.hear(burning("c"));
  CHECK(desk.judgement().unknown_devices() == Beyond::Count{1, false});
  Device entered;
  entered.id = "d";
  entered.service = DeviceService::in_service;
  CHECK(desk.enter(entered).refusal == Refusal::none);
  CHECK(desk.judgement().device_on_disk("a") == nullptr);  // b has an alarm
  CHECK(desk.disk.devices.count("a") == 0);
  entered.id = "e";
  CHECK(desk.enter(entered).refusal == Refusal::no_room);
}

TEST_CASE("a device that is entered is unknown no more, unless its commit fails", "[rules][unit]") {
  JudgementOptions options;
  options.most_devices = 1;
  DutyDesk desk(options);
  (void)desk.hear(at_rest("a"));
  (void)desk.hear(at_rest("b"));
  REQUIRE(desk.judgement().unknown_devices().counted == 1);
  Device entered;
  entered.id = "b";
  desk.hold();
  CHECK(desk.enter(entered).refusal == Refusal::none);
  CHECK(desk.judgement().unknown_devices().counted == 0);
  desk.fail_all();
  CHECK(desk.judgement().unknown_devices().counted == 1);
  CHECK(desk.enter(entered).refusal == Refusal::none);
  CHECK(desk.judgement().unknown_devices().counted == 0);
}

TEST_CASE("what is entered of a device is bounded", "[rules][unit]") {
  DutyDesk desk;
  Device entered;
  entered.id = std::string(kMostDevice, 'd');
  entered.name = std::string(kMostName, 'n');
  entered.place = std::string(kMostName, 'p');
  CHECK(desk.enter(entered).refusal == Refusal::none);
  std::array<Device, 3> longer{entered, entered, entered};
  longer[0].id += 'x';
  longer[1].name = std::string(kMostName + 1, 'n');
  longer[2].place = std::string(kMostName + 1, 'p');
  for (const Device& device : longer) CHECK(desk.enter(device).refusal == Refusal::field_too_long);
  for (const CardText& each : kCardTexts) {
    DeviceCard card{{}, {}, {}, {}, {}, "agreed"};
    card.*each.text = std::string(kMostName + 1, 'c');
    entered.card = card;
    CHECK(desk.enter(entered).field == each.name);
  }
  entered.card = DeviceCard{{}, {}, {}, "over 80"};
  CHECK(desk.enter(entered).field == "consent");
  CHECK(desk.disk.devices.size() == 1);
}

TEST_CASE("a list that is full by what is not on disk yet refuses nobody for good",
          "[rules][unit]") {
  JudgementOptions options;
  options.most_alarms = 1;
  DutyDesk desk(options);
  (void)desk.hear(at_rest("a"));
  (void)desk.hear(at_rest("b"));
  desk.hold();
  const Verdict first = desk.hear(burning("a"));
  const Verdict second = desk.hear(burning("b"));
  CHECK(second.is_beyond);
  // It fails with the first one, so that its sender brings it again.
  CHECK(second.changes.based_on == first.changes.step);
  desk.fail_all();
  CHECK_FALSE(desk.hear(burning("b")).is_beyond);
  CHECK(desk.judgement().beyond() == Beyond::Count{0, false});
}

TEST_CASE("of closed alarms the newest are remembered", "[rules][unit]") {
  DutyDesk desk;
  for (std::uint64_t number = 1; number <= AlarmBook::kMostClosed + 1; ++number) {
    const std::string device = "pump-" + std::to_string(number);
    (void)desk.hear(said(device, Kind::device_status, DeclaredState::alarm));
    (void)desk.ask(desk.wish(DutyAction::take, number));
    (void)desk.hear(said(device, Kind::device_status, DeclaredState::normal));
  }
  CHECK(desk.open().empty());
  CHECK(desk.alarm(1) == nullptr);
  CHECK(desk.alarm(2)->life == Life::closed);
  desk.pass(11min);
  CHECK(desk.alarm(AlarmBook::kMostClosed + 1) == nullptr);
}

TEST_CASE("late records of a whole village fill neither list nor memory", "[rules][unit]") {
  DutyDesk desk;
  const auto tell = [&desk](int number) {
    Observation late = said("smoke-" + std::to_string(number), Kind::smoke, DeclaredState::alarm);
    late.history = true;
    late.observed_at = desk.now.wall - 5h;
    return desk.hear(late);
  };
  int beyond = 0;
  for (int i = 0; i < 3'000; ++i) beyond += tell(i).is_beyond ? 1 : 0;
  CHECK(desk.told.size() == AlarmBook::kMostLate);
  CHECK(beyond == 2'000);
  CHECK(desk.open().empty());
  // So many in a day, over a restart too.
  desk.restart(1s);
  desk.pass(23h);
  CHECK(tell(2'998).is_beyond);
  desk.pass(1h);
  CHECK_FALSE(tell(2'999).is_beyond);
  CHECK(desk.told.size() == AlarmBook::kMostLate + 1);
}

TEST_CASE("an episode that a device tells late all day is one entry, and other ones 24",
          "[rules][unit]") {
  DutyDesk desk;
  Observation late = burning("smoke-1");
  late.history = true;
  late.observed_at = desk.now.wall - 10h;
  for (int i = 0; i < 20; ++i) {
    (void)desk.hear(late);
    desk.pass(1h);
  }
  CHECK(desk.told.size() == 1);
  for (int i = 0; i < 50; ++i) {
    late.observed_at = desk.now.wall - std::chrono::hours{100 + i};
    CHECK(desk.hear(late).is_beyond == (i >= 23));
  }
  CHECK(desk.told.size() == 24);
}

TEST_CASE("a drill's scope is bounded, in its lists and in each of their texts", "[rules][unit]") {
  DutyDesk desk;
  const auto drill = [&desk](DrillScope scope) {
    Command start = desk.wish(DutyAction::drill_start);
    start.note = "autumn";
    start.lasts = 60min;
    start.scope = std::move(scope);
    return desk.ask(start);
  };
  const auto too_long = [](const CommandResult& result, std::string_view field, std::size_t most) {
    return result.refusal == Refusal::field_too_long && result.field == field &&
           result.most == static_cast<std::int64_t>(most);
  };
  const auto text = [](std::size_t length) { return std::string(length, 'x'); };
  const auto texts = [](std::size_t count) { return std::vector<std::string>(count, "x"); };
  CHECK(too_long(drill({.devices = texts(kMostScope + 1)}), "devices", kMostScope));
  CHECK(too_long(drill({.places = texts(kMostScope + 1)}), "places", kMostScope));
  CHECK(too_long(drill({.kinds = std::vector<Kind>(kKindCount + 1)}), "kinds", kKindCount));
  CHECK(too_long(drill({.devices = {"a", text(kMostDevice + 1)}}), "devices", kMostDevice));
  CHECK(too_long(drill({.places = {text(kMostName + 1)}}), "places", kMostName));
  Device resident;
  resident.id = text(kMostDevice);
  resident.place = text(kMostName);
  CHECK(desk.enter(resident).refusal == Refusal::none);
  DrillScope largest;
  largest.devices.assign(kMostScope, text(kMostDevice));
  largest.places.assign(kMostScope, text(kMostName));
  largest.kinds.resize(kKindCount);
  CHECK(drill(largest).refusal == Refusal::none);
  // What waits for its commit is bounded by bytes, and this is more than a million.
  CHECK(size_of(Fact{desk.disk.duty}) > kMostScope * (kMostDevice + kMostName));
}

TEST_CASE("a command that was done weighs what is kept of it", "[rules][unit]") {
  CommandDone done;
  done.key = std::string(kMostKey, 'k');
  done.target = std::string(kMostDevice, 'd');
  CHECK(size_of(Fact{std::make_shared<const CommandDone>(done)}) > kMostKey + kMostDevice);
}

TEST_CASE("of commands that were done the newest are kept", "[rules][unit]") {
  DutyDesk desk;
  (void)desk.hear(burning("smoke-1"));
  Command note = desk.wish(DutyAction::note, 1);
  note.note = "called the flat";
  for (std::size_t i = 0; i <= kMostKeys; ++i) {
    note.key = std::to_string(i);
    REQUIRE(desk.ask(note).refusal == Refusal::none);
  }
  CHECK(desk.disk.commands.size() == kMostKeys);
  CHECK(desk.disk.commands.count("0") == 0);
  CHECK(desk.ask(note).is_repeat);
}

TEST_CASE("of many alarms of one place the newest witness each other", "[rules][unit]") {
  DutyDesk desk;
  Device device;
  for (std::size_t i = 0; i < kMostBeside + 50; ++i) {
    device.id = "smoke-" + std::to_string(i);
    (void)desk.hear(burning(device.id));
    // Nobody knew before that they are all in one hall.
    device.place = "hall";
    CHECK(desk.enter(device).refusal == Refusal::none);
    device.place = {};
  }
  device.id = "smoke-one-more";
  device.place = "hall";
  CHECK(desk.enter(device).refusal == Refusal::none);
  const Verdict verdict = desk.hear(burning(device.id));
  // It is raised, it turns red, and so do they.
  CHECK(verdict.changes.transitions.size() == 2 + kMostBeside);
  CHECK(desk.alarm(1)->grade.level == AlarmLevel::orange);
  CHECK(desk.open().back()->grade.level == AlarmLevel::red);
}

TEST_CASE("live tests of many devices end some at a time", "[rules][unit]") {
  DutyDesk desk;
  constexpr std::size_t kMany = 600;
  Command test = desk.wish(DutyAction::live_test_start);
  test.lasts = 5min;
  for (std::size_t i = 0; i < kMany; ++i) {
    test.device = "smoke-" + std::to_string(i);
    test.key = test.device;
    (void)desk.hear(at_rest(test.device));
    REQUIRE(desk.ask(test).refusal == Refusal::none);
  }
  desk.skip(5min);
  const std::size_t before = desk.deeds.size();
  const Changes first = desk.judgement().tick(desk.now);
  CHECK(first.deeds.size() == kMostInOneTick);
  desk.judgement().committed(first.step, {});
  // What is left is due at once.
  REQUIRE(desk.judgement().due_at());
  CHECK(*desk.judgement().due_at() <= desk.now.steady);
  desk.pass(0s);
  CHECK(desk.deeds.size() - before == kMany - kMostInOneTick);
  for (std::size_t i = 0; i < kMany; ++i) {
    const std::string device = "smoke-" + std::to_string(i);
    CHECK_FALSE(desk.judgement().device_on_disk(device)->tested_until);
  }
}

TEST_CASE("shelvings of many alarms end some at a time", "[rules][unit]") {
  DutyDesk desk;
  constexpr std::size_t kMany = 600;
  for (std::size_t i = 1; i <= kMany; ++i) {
    (void)desk.hear(burning("smoke-" + std::to_string(i)));
    Command shelve = desk.wish(DutyAction::shelve, i);
    shelve.note = "dust";
    shelve.lasts = 30min;
    REQUIRE(desk.ask(shelve).refusal == Refusal::none);
  }
  desk.skip(30min);
  const Changes first = desk.judgement().tick(desk.now);
  CHECK(first.transitions.size() == kMostInOneTick);
  desk.judgement().committed(first.step, {});
  REQUIRE(desk.judgement().due_at());
  CHECK(*desk.judgement().due_at() <= desk.now.steady);
  const std::size_t before = desk.told.size();
  desk.pass(0s);
  CHECK(desk.told.size() - before == kMany - kMostInOneTick);
  for (const SharedAlarm& alarm : desk.open()) CHECK_FALSE(alarm->holds.shelved);
}

TEST_CASE("a drill of many alarms ends some at a time, all by who ended it", "[rules][unit]") {
  DutyDesk desk;
  Command start = desk.wish(DutyAction::drill_start);
  start.note = "autumn";
  start.lasts = 60min;
  CHECK(desk.ask(start).refusal == Refusal::none);
  start.key = "again";
  CHECK(desk.ask(start).refusal == Refusal::drill_running);
  constexpr int kMany = 600;
  for (int i = 0; i < kMany; ++i) {
    const std::string device = "smoke-" + std::to_string(i);
    (void)desk.hear(burning(device));
    (void)desk.hear(at_rest(device));
  }
  (void)desk.hear(burning("real-one"));
  CHECK(desk.ask(desk.wish(DutyAction::drill_end)).refusal == Refusal::none);
  CHECK(desk.open().size() > 1);
  desk.pass(0s);
  REQUIRE(desk.open().size() == 1);
  CHECK(desk.open()[0]->source.device == "real-one");
  CHECK(desk.heard() == Tone::siren);
  CHECK(desk.ask(desk.wish(DutyAction::drill_end)).refusal == Refusal::no_drill);
}

TEST_CASE("what is beyond the list and says so again is a repeat, unless it was not kept",
          "[rules][unit]") {
  JudgementOptions options;
  options.most_alarms = 1;
  DutyDesk desk(options);
  (void)desk.hear(burning("smoke-1"));
  const auto beyond = said("smoke-2", Kind::smoke, DeclaredState::alarm);
  (void)desk.hear(said("smoke-2", Kind::smoke, DeclaredState::normal));
  desk.hold();
  CHECK(desk.hear(beyond).event_class == EventClass::alarm);
  desk.fail_all();
  CHECK(desk.judgement().beyond().counted == 0);
  CHECK(desk.hear(beyond).event_class == EventClass::alarm);
  // A fault's record may wait longer than those of alarms: it is no step.
  (void)desk.hear(said("smoke-3", Kind::smoke, DeclaredState::normal));
  const Verdict fault = desk.hear(said("smoke-3", Kind::smoke, DeclaredState::fault));
  CHECK(fault.is_beyond);
  CHECK_FALSE(fault.changes.any());
  for (int i = 0; i < 100; ++i) {
    const Verdict verdict = desk.hear(beyond);
    CHECK(verdict.event_class == EventClass::status);
    CHECK(verdict.is_repeat);
    CHECK(verdict.is_beyond);
    CHECK_FALSE(verdict.alarm);
    CHECK_FALSE(verdict.changes.any());
  }
  (void)desk.hear(said("smoke-2", Kind::smoke, DeclaredState::normal));
  CHECK(desk.hear(beyond).event_class == EventClass::alarm);
}

TEST_CASE("an entry that finds no room by what is not on disk yet rests on it", "[rules][unit]") {
  JudgementOptions options;
  options.most_devices = 1;
  DutyDesk desk(options);
  desk.hold();
  const Verdict first = desk.hear(burning("smoke-1"));
  Device entered;
  entered.id = "smoke-2";
  const auto refused = desk.judgement().enter(entered, desk.now);
  CHECK(refused.result.refusal == Refusal::no_room);
  CHECK(refused.changes.based_on == first.changes.step);
  desk.fail_all();
  CHECK(desk.enter(entered).refusal == Refusal::none);
  entered.id.clear();
  const CommandResult nameless = desk.enter(entered);
  CHECK(nameless.refusal == Refusal::field_missing);
  CHECK(nameless.field == "id");
}
