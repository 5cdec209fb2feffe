// What a drill covers: what is outside is real.
#include "support/catch.hpp"
#include "support/duty_desk.hpp"

using namespace watchpost;
using namespace watchpost::rules;
using support::DutyDesk;
using support::said;

namespace {

void hang(DutyDesk& desk, const std::string& id, const std::string& place) {
  Device device;
  device.id = id;
  device.place = place;
  REQUIRE(desk.enter(device).refusal == Refusal::none);
}

Refusal drill(DutyDesk& desk, DrillScope scope) {
  Command start = desk.wish(DutyAction::drill_start);
  start.note = "autumn";
  start.lasts = std::chrono::minutes{30};
  start.scope = std::move(scope);
  return desk.ask(start).refusal;
}

Tone tone_of(DutyDesk& desk, const std::string& device, Kind kind) {
  (void)desk.hear(said(device, kind, DeclaredState::alarm));
  return desk.tone(desk.disk.numbers_given);
}

struct Staircase {
  DutyDesk desk;
  Staircase() {
    hang(desk, "smoke-a", "6/1/101");
    hang(desk, "gas-a", "6/1/101");
    hang(desk, "smoke-b", "6/10/101");
    hang(desk, "smoke-c", "7/1/101");
  }
};

}  // namespace

TEST_CASE("a drill of one kind at one place leaves other kinds and other places real",
          "[rules][unit]") {
  Staircase house;
  DutyDesk& desk = house.desk;
  REQUIRE(drill(desk, {.places = {"6/1/101"}, .kinds = {Kind::smoke}}) == Refusal::none);
  CHECK(tone_of(desk, "smoke-a", Kind::smoke) == Tone::practice);
  CHECK(tone_of(desk, "gas-a", Kind::combustible_gas) == Tone::siren);
  CHECK(tone_of(desk, "smoke-c", Kind::smoke) == Tone::siren);
  CHECK(tone_of(desk, "stranger", Kind::smoke) == Tone::siren);
}

TEST_CASE("a drill of a whole covers what lies within it, and no neighbour", "[rules][unit]") {
  Staircase house;
  DutyDesk& desk = house.desk;
  REQUIRE(drill(desk, {.places = {"6/1"}}) == Refusal::none);
  CHECK(tone_of(desk, "smoke-a", Kind::smoke) == Tone::practice);
  CHECK(tone_of(desk, "smoke-b", Kind::smoke) == Tone::siren);
  CHECK(tone_of(desk, "smoke-c", Kind::smoke) == Tone::siren);
}

TEST_CASE("a drill that names who or what nobody knows is refused", "[rules][unit]") {
  Staircase house;
  DutyDesk& desk = house.desk;
  CHECK(drill(desk, {.devices = {"smoke-a", "smoke-x"}}) == Refusal::device_unknown);
  CHECK(drill(desk, {.places = {"6/1", "8"}}) == Refusal::place_unknown);
  CHECK(tone_of(desk, "smoke-a", Kind::smoke) == Tone::siren);
  CHECK(drill(desk, {.devices = {"smoke-a"}, .places = {"7"}}) == Refusal::none);
  CHECK(tone_of(desk, "smoke-c", Kind::smoke) == Tone::siren);
}

TEST_CASE("who has taken an alarm and calls the next is heard, and no siren begins",
          "[rules][unit]") {
  Staircase house;
  DutyDesk& desk = house.desk;
  const auto waiting = [&desk] {
    std::vector<bool> sounds;
    desk.judgement().for_each_waiting(
        desk.now, [&](const Judgement::Waiting& one) { sounds.push_back(one.sounds); });
    return sounds;
  };
  (void)desk.hear(said("smoke-a", Kind::smoke, DeclaredState::alarm));
  CHECK(waiting() == std::vector<bool>{true});
  REQUIRE(desk.ask(desk.wish(DutyAction::take, 1)).refusal == Refusal::none);
  CHECK(waiting().empty());
  REQUIRE(desk.ask(desk.wish(DutyAction::escalate, 1)).refusal == Refusal::none);
  CHECK(waiting() == std::vector<bool>{false});
  desk.restart(std::chrono::seconds{20});
  CHECK(waiting() == std::vector<bool>{false});
  // Somebody else has come.
  REQUIRE(desk.ask(desk.wish(DutyAction::take, 1)).refusal == Refusal::none);
  CHECK(waiting().empty());
  // A shelved one calls too; one that is over calls nobody.
  Command shelve = desk.wish(DutyAction::shelve, 1);
  shelve.note = "painting";
  shelve.lasts = std::chrono::minutes{60};
  REQUIRE(desk.ask(shelve).refusal == Refusal::none);
  REQUIRE(desk.ask(desk.wish(DutyAction::escalate, 1)).refusal == Refusal::none);
  CHECK(waiting() == std::vector<bool>{false});
  (void)desk.hear(said("smoke-a", Kind::smoke, DeclaredState::normal));
  CHECK(waiting().empty());
}
