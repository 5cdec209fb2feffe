// What an upstream asks for that changes no alarm: the state, and events once more.
#include "rules/command_table.hpp"
#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using namespace std::chrono_literals;
using support::DutyDesk;

TEST_CASE("a range of events is asked for by an upstream, and by nobody else", "[rules][unit]") {
  DutyDesk desk;
  Command replay = desk.wish(DutyAction::replay);
  replay.event_class = EventClass::alarm;
  replay.first = Seq{5};
  replay.last = Seq{9};
  // "Do it at the office" would be wrong: that is where it was asked for.
  CHECK(desk.ask(replay).refusal == Refusal::not_an_upstream);
  replay.by.origin = Origin::upstream;
  replay.expires = desk.now.wall + 1min;
  const auto asking = [&](Seq first, Seq last) {
    Command command = replay;
    command.key += std::to_string(first.value) + "-" + std::to_string(last.value);
    command.first = first;
    command.last = last;
    return desk.ask(command).refusal;
  };
  CHECK(asking(Seq{0}, Seq{9}) == Refusal::no_range);
  CHECK(asking(Seq{9}, Seq{5}) == Refusal::no_range);
  CHECK(asking(Seq{1}, Seq{kMostReplayed + 1}) == Refusal::no_range);
  CHECK(desk.deeds.empty());
  CHECK(asking(Seq{1}, Seq{kMostReplayed}) == Refusal::none);
  REQUIRE(desk.deeds.size() == 1);
  CHECK(desk.deeds[0].event_class == EventClass::alarm);
  CHECK(desk.deeds[0].last == Seq{kMostReplayed});
  replay.event_class.reset();
  CHECK(asking(Seq{5}, Seq{9}) == Refusal::no_range);
}

TEST_CASE("asking for the state changes nothing, and is answered each time", "[rules][unit]") {
  DutyDesk desk;
  const Command command = desk.wish(DutyAction::send_state);
  for (int i = 0; i < 2; ++i) {
    const CommandResult result = desk.ask(command);
    CHECK(result.refusal == Refusal::none);
    CHECK_FALSE(result.is_repeat);
  }
  CHECK(desk.deeds.empty());
  CHECK(desk.facts_written == 0);
}
