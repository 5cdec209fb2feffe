#include "decode/registry.hpp"
#include "rules/verdict.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {

TEST_CASE("an alarm is read from the hundredth large document as from the first",
          "[decode][unit]") {
  auto registry = Registry::build({default_bindings(), {}, 480, {}}).value();
  const auto topic = *Topic::parse("wp/in/fire/hall");
  const std::string payload = R"([{"bn":"hall:","n":"smoke","vb":true},{"n":"note","vs":")" +
                              std::string(60'000, 'x') + "\"}]";
  for (int i = 0; i < 100; ++i) {
    const auto decoding = registry.decode({topic, payload, false, WallTime{}});
    INFO(decoding.why);
    REQUIRE(decoding.outcome == Outcome::decoded);
    REQUIRE(rules::judge(decoding.observations.at(0)).alarm.has_value());
  }
}

}  // namespace watchpost::decode
