// Sirens at our own listener, and what they say.
#include "outputs/outputs.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <set>

#include "outputs/state_text.hpp"
#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "support/recording_log.hpp"

using namespace watchpost;
using namespace watchpost::outputs;
using namespace std::chrono_literals;

namespace {

class FakeClients final : public OwnClients {
 public:
  bool tell(const Words& words) override {
    told.push_back(words.topic + " " + words.payload);
    return listening.contains(words.topic);
  }
  bool are_listening(const std::string& topic) override { return listening.contains(topic); }

  std::set<std::string> listening{"a/set", "b/set"};
  std::vector<std::string> told;
};

struct OfficeStage {
  OfficeStage() {
    OutputOptions a{"a", "", "a/set", "ON", "OFF", "a/state", "ON", "OFF"};
    OutputOptions b{"b", "", "b/set", "1", "0", "", "", ""};
    b.place = 1;
    outputs.emplace(OutputLink::Surroundings{io.get_executor(), clock, log, random}, clients,
                    std::vector{a, b}, std::vector<Outputs::Broker>{});
  }
  boost::asio::io_context io;
  support::ManualClock clock;
  support::RecordingLog log;
  std::mt19937_64 random{1};
  FakeClients clients;
  std::optional<Outputs> outputs;
};

}  // namespace

TEST_CASE("all sirens sound with an alarm, and stop when it is taken", "[outputs][unit]") {
  OfficeStage stage;
  stage.outputs->sound(0b11);
  CHECK(stage.clients.told.empty());  // not before the start
  stage.outputs->start();
  CHECK(stage.clients.told == std::vector<std::string>{"a/set ON", "b/set 1"});
  stage.clients.told.clear();
  stage.outputs->heard({"a/state", "ON"});
  stage.outputs->sound({});
  CHECK(stage.clients.told == std::vector<std::string>{"a/set OFF", "b/set 0"});
  stage.outputs->heard({"a/state", "OFF"});
  stage.outputs->heard({"b/state", "OFF"});  // nobody's
  stage.clock.advance(2s);
  stage.clients.told.clear();
  stage.outputs->sound({});
  CHECK(stage.clients.told == std::vector<std::string>{"b/set 0"});
}

TEST_CASE("only the siren that is called sounds", "[outputs][unit]") {
  OfficeStage stage;
  stage.outputs->sound(0b01);
  stage.outputs->start();
  CHECK(std::ranges::count(stage.clients.told, "b/set 1") == 0);
  stage.outputs->sound(0b11);
  CHECK(std::ranges::count(stage.clients.told, "b/set 1") == 1);
  CHECK(std::ranges::count(stage.clients.told, "a/set ON") == 1);
}

TEST_CASE("a siren that is not there is a trouble of its own", "[outputs][unit]") {
  OfficeStage stage;
  stage.clients.listening.erase("a/set");
  stage.outputs->sound(0b11);
  stage.outputs->start();
  const auto all = stage.outputs->status();
  REQUIRE(all.size() == 2);
  REQUIRE(all[0].trouble);
  CHECK(all[0].trouble->code == TroubleCode::output_not_heard);
  CHECK(all[0].doing == "sounding");
  CHECK_FALSE(all[1].trouble);
}

TEST_CASE("a siren under test sounds and stops, and passes where it says that it sounds",
          "[outputs][unit]") {
  OfficeStage stage;
  stage.outputs->start();
  stage.outputs->sound({});
  std::optional<ToldHow> ended;
  const auto done = [&ended](ToldHow how) { ended = how; };
  CHECK_FALSE(stage.outputs->test(7, done));
  stage.clients.told.clear();
  REQUIRE(stage.outputs->test(0, done));
  stage.outputs->sound({});
  CHECK(stage.clients.told == std::vector<std::string>{"a/set ON"});
  stage.outputs->heard({"a/state", "ON"});
  stage.clock.advance(4s);
  stage.outputs->sound({});
  CHECK_FALSE(ended);
  stage.clock.advance(1s);
  stage.outputs->sound({});
  CHECK(ended == ToldHow::accepted);
  CHECK(stage.clients.told.back() == "a/set OFF");
}

TEST_CASE("a siren that says nothing, or is not there, fails its test", "[outputs][unit]") {
  OfficeStage stage;
  stage.outputs->start();
  std::optional<ToldHow> ended;
  const auto done = [&ended](ToldHow how) { ended = how; };
  REQUIRE(stage.outputs->test(0, done));
  stage.outputs->sound({});
  stage.clock.advance(11s);
  stage.outputs->sound({});
  CHECK_FALSE(ended);
  stage.clock.advance(1s);
  stage.outputs->sound({});
  CHECK(ended == ToldHow::no_answer);

  stage.clients.listening.clear();
  ended.reset();
  REQUIRE(stage.outputs->test(1, done));
  stage.outputs->sound({});
  stage.clock.advance(12s);
  stage.outputs->sound({});
  CHECK(ended == ToldHow::unreached);
}

TEST_CASE("an alarm in a siren's test keeps it sounding", "[outputs][unit]") {
  OfficeStage stage;
  stage.outputs->start();
  std::optional<ToldHow> ended;
  REQUIRE(stage.outputs->test(1, [&ended](ToldHow how) { ended = how; }));
  stage.outputs->sound(0b10);
  stage.clock.advance(5s);
  stage.clients.told.clear();
  stage.outputs->sound(0b10);
  CHECK(ended == ToldHow::accepted);
  CHECK(stage.outputs->status()[1].doing == "sounding");
  CHECK(std::ranges::count(stage.clients.told, "b/set 0") == 0);
}

TEST_CASE("what became of telling a siren is to be kept with the alarm, once", "[outputs][unit]") {
  OfficeStage stage;
  Alarm alarm;
  alarm.number.serial = AlarmSerial{37};
  alarm.waiting_since = ServiceTime{5s};
  const auto look = [&](std::size_t place) {
    stage.outputs->want({place, 1}, alarm);
    auto told = stage.outputs->take_told();
    if (!told.empty()) keep_told(alarm, told.front().telling);
    return told;
  };
  CHECK(look(1).empty());  // it does not sound yet
  stage.outputs->sound(0b11);
  stage.outputs->start();
  CHECK(look(0).empty());  // it says how it is, and has not yet
  auto told = look(1);
  REQUIRE(told.size() == 1);
  CHECK(told[0].alarm == AlarmSerial{37});
  CHECK(told[0].telling.output == "b");
  CHECK(told[0].telling.how == ToldHow::accepted);
  CHECK(told[0].telling.stage == 1);
  CHECK(told[0].telling.attempts == 1);
  CHECK(look(1).empty());
  stage.outputs->heard({"a/state", "ON"});
  told = look(0);
  REQUIRE(told.size() == 1);
  CHECK(told[0].telling.output == "a");
  // Somebody is waited for anew.
  alarm.waiting_since = ServiceTime{500s};
  CHECK(look(1).size() == 1);
}

TEST_CASE("a siren that nobody hears, or that does not answer, is kept as such",
          "[outputs][unit]") {
  OfficeStage stage;
  stage.clients.listening.erase("b/set");
  stage.outputs->sound(0b11);
  stage.outputs->start();
  const auto how = [&](std::size_t place) -> std::optional<ToldHow> {
    stage.outputs->want({place, 0}, Alarm{});
    const auto told = stage.outputs->take_told();
    return told.empty() ? std::nullopt : std::optional(told.front().telling.how);
  };
  CHECK(how(1) == ToldHow::unreached);
  CHECK_FALSE(how(0));
  stage.clock.advance(Siren::kAnswers);
  stage.outputs->sound(0b11);
  CHECK(how(0) == ToldHow::no_answer);
  for (std::size_t i = 0; i < 2 * Outputs::kMostToldAtOnce; ++i)
    stage.outputs->want({1, 0}, Alarm{});
  CHECK(stage.outputs->take_told().size() == Outputs::kMostToldAtOnce);
}

TEST_CASE("a state is its text, or a part of a JSON object", "[outputs][unit]") {
  CHECK(says_so("on", {"on"}));
  CHECK(says_so(" ON\n", {"ON"}));
  CHECK_FALSE(says_so("on", {"ON"}));
  CHECK_FALSE(says_so("once", {"on"}));
  CHECK(says_so(R"({"id":0, "output": false, "apower":0.0})", {R"("output":false)"}));
  CHECK_FALSE(says_so(R"({"id":0, "output": true})", {R"("output":false)"}));
}

TEST_CASE("a state is looked for in 64 KiB at most", "[outputs][unit]") {
  const std::string on = R"({"output":true})";
  const std::string blanks(64 * 1'024 - on.size(), ' ');
  CHECK(says_so(blanks + on, {R"("output":true)"}));
  CHECK_FALSE(says_so(blanks + " " + on, {R"("output":true)"}));
}
