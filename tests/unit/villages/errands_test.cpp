// A command on its way to a village: sent again until it is answered, told once.
#include "villages/errands.hpp"

#include <fmt/format.h>

#include "support/catch.hpp"

namespace watchpost::villages {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAsked = "wp/v1/310118/106/203/zhaoxiang-03/";
constexpr const char* kResults = "wp/v1/310118/106/203/zhaoxiang-03/cmd/result";

struct Desk {
  Errands errands;
  SteadyTime now{1h};
  std::vector<std::string> sent;
  std::vector<CommandResult> told;

  bool begin(const std::string& key) {
    return errands.begin({kAsked, key, {0, AlarmSerial{37}}, "wish " + key}, now,
                         [this](const CommandResult& result) { told.push_back(result); });
  }
  void pass(std::chrono::milliseconds time) {
    now += time;
    errands.look(now, [this](const Errands::Errand& errand) {
      sent.push_back(errand.prefix + " " + errand.text);
    });
  }
  void answer(std::string_view key, std::string_view rest, std::string_view topic = kResults) {
    const auto text = fmt::format(R"({{"key":"{}","action":"take",{}}})", key, rest);
    errands.heard({topic, text});
  }
};

}  // namespace

TEST_CASE("an errand is sent at once, and again until the village answers", "[villages][unit]") {
  Desk desk;
  REQUIRE(desk.begin("k1"));
  desk.pass(0ms);
  CHECK(desk.sent == std::vector<std::string>{std::string(kAsked) + " wish k1"});
  desk.pass(900ms);
  CHECK(desk.sent.size() == 1);
  desk.pass(100ms);
  CHECK(desk.sent.size() == 2);
  desk.answer("k1", R"("done":true,"repeat":true,"alarm":{"number":37,"epoch":"7f3a0001",)"
                    R"("state":"ACK","revision":2})");
  REQUIRE(desk.told.size() == 1);
  CHECK(desk.told[0].refusal == Refusal::none);
  CHECK(desk.told[0].is_repeat);
  CHECK(desk.told[0].alarm == AlarmNumber{0x7f3a0001, AlarmSerial{37}});
  CHECK(desk.told[0].state == AlarmState::ack);
  CHECK(desk.told[0].revision == 2);
  desk.pass(10s);
  CHECK(desk.sent.size() == 2);
  CHECK(desk.told.size() == 1);
}

TEST_CASE("the village's refusal is told as it is", "[villages][unit]") {
  Desk desk;
  REQUIRE(desk.begin("k1"));
  desk.answer("k1", R"("done":false,"reason":"field_too_long","field":"note","most":2000)");
  REQUIRE(desk.told.size() == 1);
  CHECK(desk.told[0].refusal == Refusal::field_too_long);
  CHECK(desk.told[0].field == "note");
  CHECK(desk.told[0].most == 2000);
  REQUIRE(desk.begin("k2"));
  desk.answer("k2", R"("done":false,"reason":"of a later version")");
  CHECK(desk.told.at(1).refusal == Refusal::refused_there);
}

TEST_CASE("without an answer in time that is told", "[villages][unit]") {
  Desk desk;
  REQUIRE(desk.begin("k1"));
  for (int i = 0; i < 7; ++i) desk.pass(999ms);
  CHECK(desk.told.empty());
  desk.pass(10ms);
  REQUIRE(desk.told.size() == 1);
  CHECK(desk.told[0].refusal == Refusal::no_answer);
  CHECK(desk.told[0].alarm.serial == AlarmSerial{37});
  CHECK_FALSE(desk.errands.any());
}

TEST_CASE("only the village that was asked can answer", "[villages][unit]") {
  Desk desk;
  REQUIRE(desk.begin("k1"));
  desk.answer("k1", R"("done":true)", "wp/v1/310118/106/203/zhaoxiang-04/cmd/result");
  desk.answer("k1", R"("done":true)", "wp/v1/310118/106/203/zhaoxiang-03/cmd");
  desk.answer("k1", R"("done":true)", "wp/v1/310118/106/203/zhaoxiang-03/alarm/fire/x");
  desk.answer("k2", R"("done":true)");
  for (const auto* rubbish : {"", "{", "[]", "{\"key\":1}", "\xff", R"({"key":"k1"})"})
    desk.errands.heard({kResults, rubbish});
  CHECK(desk.told.empty());
  desk.answer("k1", R"("done":true)");
  CHECK(desk.told.size() == 1);
}

TEST_CASE("errands are bounded", "[villages][unit]") {
  Desk desk;
  for (std::size_t i = 0; i < Errands::kMost; ++i) CHECK(desk.begin("k" + std::to_string(i)));
  CHECK_FALSE(desk.begin("one more"));
}

}  // namespace watchpost::villages
