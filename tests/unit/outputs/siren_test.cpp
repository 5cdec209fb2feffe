// What one siren is told, with a hand-moved clock.
#include "outputs/siren.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::outputs;
using namespace std::chrono_literals;

namespace {

using Delivery = Siren::Delivery;
using Doing = Siren::Doing;
using Health = Siren::Health;

// A siren, its clock and what it was told, as "+3 on".
struct Stage {
  explicit Stage(bool answers, bool settled = true) : siren(SirenTerms{30s, answers}) {
    siren.call(false, now);
    siren.link(true, now);
    if (!settled) return;
    if (answers) siren.says(Order::off, now);
    pass(60s);
    told.clear();
    began = now;
  }
  void look() {
    for (int i = 0; i < 3; ++i) {
      const auto order = siren.next(now);
      if (!order) return;
      told.push_back({std::chrono::duration_cast<std::chrono::seconds>(now - began), *order});
      siren.delivered(*order, delivery, now);
    }
    FAIL("it is told something at one moment again and again");
  }
  // Looks as often as the siren asks for it, and at least once a second.
  void pass(std::chrono::seconds time) {
    look();
    for (const SteadyTime end = now + time; now < end;) {
      const SteadyTime due = siren.due_at().value_or(end);
      now = due > now ? std::min(now + 1s, due) : now + 1s;
      now = std::min(now, end);
      look();
    }
  }
  void call(bool calls) {
    siren.call(calls, now);
    look();
  }
  [[nodiscard]] std::size_t count(Order order) const {
    return static_cast<std::size_t>(std::count_if(
        told.begin(), told.end(), [order](const Told& each) { return each.order == order; }));
  }

  struct Told {
    std::chrono::seconds at;
    Order order;
  };
  SteadyTime now{};
  SteadyTime began{};
  Siren siren;
  Delivery delivery = Delivery::taken;
  std::vector<Told> told;
};

}  // namespace

TEST_CASE("a siren is told to sound at once, and again before its command ends",
          "[outputs][unit]") {
  Stage stage(false);
  stage.call(true);
  REQUIRE(stage.told.size() == 1);
  CHECK(stage.told[0].order == Order::on);
  CHECK(stage.told[0].at == 0s);
  stage.pass(61s);
  REQUIRE(stage.told.size() == 4);
  CHECK(stage.told[1].at == 20s);
  CHECK(stage.told[3].at == 60s);
  CHECK(stage.count(Order::off) == 0);
}

TEST_CASE("one that does not answer is told to stop five times", "[outputs][unit]") {
  Stage stage(false);
  stage.call(true);
  stage.pass(5s);
  stage.told.clear();
  stage.call(false);
  CHECK(stage.count(Order::off) == 1);
  stage.pass(300s);
  CHECK(stage.count(Order::off) == 5);
  CHECK(stage.count(Order::on) == 0);
  CHECK(stage.siren.doing() == Doing::silent);
  CHECK(stage.siren.health(stage.now) == Health::well);
}

TEST_CASE("one that answers is told to stop until it says that it is off", "[outputs][unit]") {
  Stage stage(true);
  stage.call(true);
  stage.siren.says(Order::on, stage.now);
  stage.pass(5s);
  stage.told.clear();
  stage.call(false);
  stage.pass(3s);
  CHECK(stage.count(Order::off) == 2);
  stage.siren.says(Order::off, stage.now);
  stage.pass(60s);
  CHECK(stage.count(Order::off) == 2);
  CHECK(stage.siren.health(stage.now) == Health::well);
}

TEST_CASE("that it was off before it was told to sound is no answer to being told to stop",
          "[outputs][unit]") {
  Stage stage(true);  // it says off
  stage.call(true);
  stage.pass(2s);
  stage.call(false);
  stage.pass(3s);
  CHECK(stage.siren.doing() == Doing::stopping);
}

TEST_CASE("what a siren says of itself never makes it silent", "[outputs][unit]") {
  Stage stage(true);
  stage.call(true);
  stage.siren.says(Order::on, stage.now);
  stage.pass(1s);
  stage.told.clear();
  stage.siren.says(Order::off, stage.now);  // somebody pressed its button
  stage.pass(3s);
  CHECK(stage.siren.doing() == Doing::sounding);
  CHECK(stage.count(Order::on) == 1);
  CHECK(stage.count(Order::off) == 0);
}

TEST_CASE("a link that comes back sounds what is to sound, at once", "[outputs][unit]") {
  Stage stage(false);
  stage.call(true);
  stage.siren.link(false, stage.now);
  stage.told.clear();
  stage.pass(15s);
  CHECK(stage.told.empty());
  stage.siren.link(true, stage.now);
  stage.look();
  CHECK(stage.count(Order::on) == 1);
}

TEST_CASE("an alarm that ends while the link is down leaves no siren sounding", "[outputs][unit]") {
  Stage stage(false);
  stage.call(true);
  stage.siren.link(false, stage.now);
  stage.call(false);
  stage.pass(100s);
  stage.told.clear();
  stage.siren.link(true, stage.now);
  stage.pass(60s);
  CHECK(stage.count(Order::off) == 5);
  CHECK(stage.count(Order::on) == 0);
}

TEST_CASE("stops that nobody took before the link ended are repeated on the next one",
          "[outputs][unit]") {
  Stage stage(false);
  stage.call(true);
  (void)stage.siren.next(stage.now);
  stage.siren.call(false, stage.now);
  for (int i = 0; i < 8; ++i) {  // sent into a link that is dead already: no answer
    (void)stage.siren.next(stage.now);
    stage.now += 2s;
  }
  CHECK(stage.siren.doing() == Doing::silent);
  stage.siren.link(false, stage.now);
  stage.siren.link(true, stage.now);
  stage.told.clear();
  stage.look();
  CHECK(stage.count(Order::off) == 1);
}

TEST_CASE("a link that comes back tells a siren that is silent nothing", "[outputs][unit]") {
  for (const bool answers : {false, true}) {
    Stage stage(answers);
    for (int i = 0; i < 10; ++i) {
      stage.siren.link(false, stage.now);
      stage.pass(1s);
      stage.siren.link(true, stage.now);
      stage.pass(10s);
    }
    CHECK(stage.told.empty());
  }
}

TEST_CASE("a daemon that starts has its siren stopped unless an alarm calls", "[outputs][unit]") {
  Stage fresh(false, false);
  fresh.pass(60s);
  CHECK(fresh.count(Order::off) == 5);
  CHECK(fresh.count(Order::on) == 0);

  Stage calling(false, false);
  calling.call(true);
  CHECK(calling.told.back().order == Order::on);

  Stage known(true, false);
  known.siren.says(Order::off, known.now);  // its retained word
  known.pass(60s);
  CHECK(known.told.empty());
}

TEST_CASE("one that does not answer though it could is a trouble, until it does",
          "[outputs][unit]") {
  Stage stage(true);
  stage.call(true);
  stage.pass(9s);
  CHECK(stage.siren.health(stage.now) == Health::well);
  stage.pass(2s);
  CHECK(stage.siren.health(stage.now) == Health::no_answer);
  stage.siren.says(Order::on, stage.now);
  CHECK(stage.siren.health(stage.now) == Health::well);
  stage.call(false);
  stage.pass(20s);
  CHECK(stage.count(Order::off) == 5);
  CHECK(stage.siren.health(stage.now) == Health::no_answer);
  stage.siren.says(Order::on, stage.now);  // it is there again, and still sounds
  stage.pass(1s);
  CHECK(stage.count(Order::off) == 6);
  stage.siren.says(Order::off, stage.now);
  stage.pass(1s);
  CHECK(stage.siren.health(stage.now) == Health::well);
}

TEST_CASE("one that nobody heard being told is asked again each minute until it is there",
          "[outputs][unit]") {
  Stage stage(false, false);
  stage.delivery = Delivery::heard_by_nobody;
  stage.pass(10s);
  CHECK(stage.siren.health(stage.now) == Health::heard_by_nobody);
  stage.told.clear();
  stage.pass(180s);
  CHECK(stage.count(Order::off) == 3);
  stage.delivery = Delivery::taken;
  stage.pass(61s);
  CHECK(stage.siren.health(stage.now) == Health::well);
  stage.told.clear();
  stage.pass(600s);
  CHECK(stage.told.empty());
}

TEST_CASE("one that is to sound and was not heard is told again soon", "[outputs][unit]") {
  Stage stage(false);
  stage.delivery = Delivery::heard_by_nobody;
  stage.call(true);
  stage.pass(3s);
  CHECK(stage.count(Order::on) == 2);
}

TEST_CASE("one for which nobody listens is a trouble after a minute, before any alarm",
          "[outputs][unit]") {
  Stage stage(false);
  stage.siren.listened_to(false, stage.now);
  stage.pass(59s);
  CHECK(stage.siren.health(stage.now) == Health::well);
  stage.pass(1s);
  CHECK(stage.siren.health(stage.now) == Health::heard_by_nobody);
  stage.siren.listened_to(true, stage.now);
  CHECK(stage.siren.health(stage.now) == Health::well);
}
