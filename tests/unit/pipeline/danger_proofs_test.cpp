#include "pipeline/danger_proofs.hpp"

#include <map>
#include <string>

#include "bench.hpp"
#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::pipeline::testing;

namespace {

using namespace std::chrono_literals;

struct House {
  DangerProofs proofs;
  DeviceRoll roll;
  std::vector<Fact> facts;
  WallTime now = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});

  void hear(const Observation& observation) {
    const auto verdict = rules::judge(observation);
    proofs.note({observation, verdict, now}, facts);
  }
  void list(const std::vector<decode::Capability>& devices) {
    const std::string bridge = "zigbee2mqtt/bridge";
    proofs.listed({bridge, devices}, now, facts);
  }
  void restart() {
    proofs = DangerProofs{};
    std::map<std::string, Remembered> rows;
    for (const Fact& fact : facts) {
      const auto& remembered = std::get<Remembered>(fact);
      rows[remembered.key] = remembered;
    }
    for (const auto& [key, row] : rows) {
      if (!row.value.empty()) proofs.recall(row);
    }
  }
  [[nodiscard]] std::string told() const {
    const auto trouble = proofs.trouble(now, roll);
    return trouble ? sentence_of(*trouble, Language::english) : "";
  }
};

}  // namespace

TEST_CASE("a device at rest is not proven, however often it says so", "[pipeline][unit]") {
  House house;
  for (int i = 0; i < 100; ++i) house.hear(observed(Kind::smoke, DeclaredState::normal));
  CHECK(house.told().find("1 device") == 0);
  CHECK(house.told().find("kitchen") != std::string::npos);
  CHECK(house.facts.size() == 1);  // no row for each message
  for (const auto state : {DeclaredState::cleared, DeclaredState::fault, DeclaredState::tamper,
                           DeclaredState::unknown, DeclaredState::info}) {
    house.hear(observed(Kind::smoke, state));
  }
  auto not_understood = observed(Kind::smoke, DeclaredState::unknown);
  not_understood.flags = {"not_understood"};
  house.hear(not_understood);
  auto late = observed(Kind::smoke, DeclaredState::alarm);
  late.history = true;
  house.hear(late);
  auto copy = observed(Kind::smoke, DeclaredState::alarm);
  copy.stored_copy = true;
  house.hear(copy);
  house.hear(observed(Kind::fall, DeclaredState::alarm, "bed"));  // another device, another danger
  CHECK(house.told().find("1 device") == 0);
}

TEST_CASE("an alarm proves a device, a test too, and both outlive a restart", "[pipeline][unit]") {
  for (const auto state : {DeclaredState::alarm, DeclaredState::test, DeclaredState::suspected}) {
    House house;
    house.hear(observed(Kind::smoke, DeclaredState::normal));
    house.hear(observed(Kind::smoke, state));
    CHECK(house.told().empty());
    house.restart();
    CHECK(house.told().empty());
    REQUIRE(house.proofs.of("kitchen") != nullptr);
    const bool is_test = state == DeclaredState::test;
    CHECK(house.proofs.of("kitchen")->at(0).by == (is_test ? ProvenBy::test : ProvenBy::alarm));
  }
}

TEST_CASE("each danger of a device is proven for itself", "[pipeline][unit]") {
  House house;
  house.hear(observed(Kind::smoke, DeclaredState::alarm));
  house.hear(observed(Kind::co, DeclaredState::normal));
  CHECK(house.told().find("kitchen") != std::string::npos);
  house.hear(observed(Kind::co, DeclaredState::alarm));
  CHECK(house.told().empty());
}

TEST_CASE("devices that a bridge lists are not proven before they have spoken, in one sentence",
          "[pipeline][unit]") {
  House house;
  std::vector<decode::Capability> devices;
  for (int i = 0; i < 200; ++i) devices.push_back({"d" + std::to_string(i), Kind::water_leak});
  devices.push_back({"lamp", Kind::measurement});  // no danger
  house.list(devices);
  CHECK(house.told().find("200 devices") == 0);
  CHECK(house.told().size() < 600);
  CHECK(house.facts.size() == 200);
  house.list(devices);
  CHECK(house.facts.size() == 200);  // the same list again writes nothing

  // What is listed no longer is gone; what was proven stays.
  house.hear(observed(Kind::water_leak, DeclaredState::alarm, "d0"));
  house.list({{"d1", Kind::water_leak}});
  CHECK(house.told().find("1 device") == 0);
  REQUIRE(house.proofs.of("d0") != nullptr);
  house.restart();
  CHECK(house.told().find("1 device") == 0);
}

TEST_CASE("the names that a site gives its devices are told", "[pipeline][unit]") {
  House house;
  house.roll.seen("24e1", {}).name = "3 号楼厨房";
  house.hear(observed(Kind::smoke, DeclaredState::normal, "24e1"));
  CHECK(house.told().find("3 号楼厨房 (24e1)") != std::string::npos);
}

TEST_CASE("a proof that was not committed is written with the next message", "[pipeline][unit]") {
  House house;
  house.hear(observed(Kind::smoke, DeclaredState::alarm));
  REQUIRE(house.facts.size() == 1);
  house.proofs.not_kept(std::get<Remembered>(house.facts[0]));
  house.hear(observed(Kind::smoke, DeclaredState::normal));
  CHECK(house.facts.size() == 2);
  CHECK(std::get<Remembered>(house.facts[1]).value.starts_with("alarm "));
}

TEST_CASE("what is known of dangers is bounded, and a damaged row is left out",
          "[pipeline][unit]") {
  House house;
  for (std::size_t i = 0; i < DangerProofs::kMost + 10; ++i) {
    house.hear(observed(Kind::smoke, DeclaredState::normal, "d" + std::to_string(i)));
  }
  CHECK(house.facts.size() == DangerProofs::kMost);
  DangerProofs proofs;
  for (const char* value : {"", "alarm", "maybe 1 x", "alarm x "}) {
    proofs.recall({std::string(DangerProofs::kName), "smoke\nkitchen", value});
  }
  proofs.recall({std::string(DangerProofs::kName), "smoke", "alarm 1 "});
  proofs.recall({std::string(DangerProofs::kName), "smog\nkitchen", "alarm 1 "});
  proofs.recall({"zigbee2mqtt", "smoke\nkitchen", "alarm 1 "});
  CHECK(proofs.of("kitchen") == nullptr);
}

TEST_CASE("a device that has not been heard for three months is told no longer",
          "[pipeline][unit]") {
  House house;
  house.hear(observed(Kind::smoke, DeclaredState::normal));
  house.now += 24h * 89;
  CHECK_FALSE(house.told().empty());
  house.now += 24h * 8;
  CHECK(house.told().empty());
}
