#include "accounts/guess_brake.hpp"

#include "support/catch.hpp"

namespace watchpost::accounts {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Door {
  GuessBrake brake{7};
  SteadyTime now{};

  // Waits as it is told, then is wrong. Returns how long it had to wait.
  SteadyDuration guesses(const std::string& address, const std::string& user,
                         const std::string& password) {
    const auto wait = brake.wait({address, user, password}, now);
    REQUIRE(wait.has_value());
    now += *wait;
    brake.was_wrong({address, user, password}, now);
    return *wait;
  }
  SteadyDuration wait(const std::string& address, const std::string& user,
                      const std::string& password) {
    return brake.wait({address, user, password}, now).value_or(SteadyDuration::max());
  }
};

TEST_CASE("each further guess waits twice as long, up to eight seconds", "[accounts][unit]") {
  Door door;
  std::vector<long> waits;
  for (int i = 0; i < 11; ++i) {
    waits.push_back(std::chrono::duration_cast<milliseconds>(
                        door.guesses("10.0.0.9", "office", "guess" + std::to_string(i)))
                        .count());
  }
  CHECK(waits == std::vector<long>{0, 0, 0, 250, 500, 1'000, 2'000, 4'000, 8'000, 8'000, 8'000});
}

TEST_CASE("nobody is locked out by the guesses of another", "[accounts][unit]") {
  Door door;
  for (int i = 0; i < 100; ++i) {
    door.guesses("10.0.0." + std::to_string(i % 50), "office", "guess" + std::to_string(i));
  }
  // Another address, the same user; the same address, another user.
  CHECK(door.wait("10.0.9.9", "office", "right") == SteadyDuration{0});
  CHECK(door.wait("10.0.0.9", "tank", "right") == SteadyDuration{0});
}

TEST_CASE("guesses for one user from many addresses wait the longest from their second on",
          "[accounts][unit]") {
  Door door;
  for (int i = 0; i < 30; ++i) door.guesses("10.0.1." + std::to_string(i), "office", "g");
  CHECK(door.guesses("10.0.2.1", "office", "a") == SteadyDuration{0});
  CHECK(door.wait("10.0.2.1", "office", "b") == seconds(8));
}

TEST_CASE("one address that tries many users waits too", "[accounts][unit]") {
  Door door;
  for (int i = 0; i < 30; ++i) {
    CHECK(door.guesses("10.0.0.9", "user" + std::to_string(i), "123456") == SteadyDuration{0});
  }
  CHECK(door.wait("10.0.0.9", "user31", "123456") == SteadyDuration{0});
  CHECK(door.wait("10.0.0.9", "user32", "123456") == milliseconds(250));
  CHECK(door.wait("10.0.0.10", "user32", "123456") == SteadyDuration{0});
}

TEST_CASE("guesses at the same time take turns, and too many are turned away", "[accounts][unit]") {
  Door door;
  for (int i = 0; i < 8; ++i) door.guesses("10.0.0.9", "office", std::to_string(i));
  // The next has to wait 8 s (since the last guess), so nothing is left for the one behind it.
  CHECK(door.brake.wait({"10.0.0.9", "office", "x"}, door.now) == SteadyDuration(seconds(8)));
  CHECK_FALSE(door.brake.wait({"10.0.0.9", "office", "y"}, door.now).has_value());
}

TEST_CASE("a device with a wrong password that tries again and again is no guesser",
          "[accounts][unit]") {
  Door door;
  for (int i = 0; i < 1'000; ++i) {
    CHECK(door.guesses("10.0.0.9", "office", "old password") == SteadyDuration{0});
  }
  CHECK(door.brake.guessers(door.now).empty());
}

TEST_CASE("who was right before does not wait behind a guesser of its own address",
          "[accounts][unit]") {
  Door door;
  door.brake.was_right({"10.0.0.9", "office", "secret"});
  for (int i = 0; i < 10; ++i) door.guesses("10.0.0.9", "office", std::to_string(i));
  CHECK(door.wait("10.0.0.9", "office", "secret") == SteadyDuration{0});
  CHECK(door.wait("10.0.0.9", "office", "other") > SteadyDuration{0});
}

TEST_CASE("guesses fade, and the guesser is named until then", "[accounts][unit]") {
  Door door;
  for (int i = 0; i < 5; ++i) door.guesses("10.0.0.9", "office", std::to_string(i));
  REQUIRE(door.brake.guessers(door.now).size() == 1);
  CHECK(door.brake.guessers(door.now)[0].address == "10.0.0.9");
  CHECK(door.brake.guessers(door.now)[0].user == "office");
  CHECK(door.brake.guessers(door.now)[0].guesses == 5);
  door.now += GuessBrake::kFades;
  CHECK(door.brake.guessers(door.now).empty());
  CHECK(door.guesses("10.0.0.9", "office", "x") == SteadyDuration{0});
}

TEST_CASE("the tables are bounded, and the oldest makes room", "[accounts][unit]") {
  Door door;
  for (int i = 0; i < 5; ++i) door.guesses("10.9.9.9", "first", std::to_string(i));
  for (std::size_t i = 0; i < GuessBrake::kMost; ++i) {
    door.now += milliseconds(1);
    door.guesses("a" + std::to_string(i), "u" + std::to_string(i), "x");
  }
  CHECK(door.wait("10.9.9.9", "first", "y") == SteadyDuration{0});
  CHECK(door.brake.guessers(door.now).size() <= GuessBrake::kMostNamed);
}

TEST_CASE("the addresses of one house count as one", "[accounts][unit]") {
  CHECK(house_of("2001:db8:1:2:3:4:5:6") == house_of("2001:db8:1:2::9"));
  CHECK(house_of("2001:db8:1:2::9") != house_of("2001:db8:1:3::9"));
  CHECK(house_of("[fe80::1%eth0]") == house_of("fe80::2"));
  CHECK(house_of("10.0.0.1") == "10.0.0.1");
  CHECK(house_of("::ffff:10.0.0.1") != house_of("::ffff:10.0.0.2"));
}

}  // namespace
}  // namespace watchpost::accounts
