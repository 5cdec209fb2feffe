#include "app/config_changes.hpp"

#include "app/registry_decoder.hpp"
#include "settings/config_file.hpp"
#include "settings/decoding.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::app;

namespace {

settings::Config config_of(std::string_view text) {
  return settings::parse_config_text(settings::ConfigText{text}, "watchpost.toml", {}).value();
}

constexpr std::string_view kBefore = R"(
[store]
directory = "/tmp/x"
[[listener]]
port = 1883
[[listener]]
port = 1884
[[upstream]]
name = "street"
url = "mqtt://street.example"
password = "one"
[[device]]
id = "a"
)";

std::string replaced(std::string text, std::string_view old, std::string_view fresh) {
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), fresh);
}

}  // namespace

TEST_CASE("what is used at once and what after a restart is said key by key", "[app][unit]") {
  using List = std::vector<std::string>;
  const auto before = config_of(kBefore);
  const auto changes = [&](std::string_view old, std::string_view fresh) {
    const auto wanted = config_of(replaced(std::string(kBefore), old, fresh));
    return changes_in({before, wanted});
  };
  CHECK(changes_in({before, before}).used.empty());
  CHECK(changes_in({before, before}).waiting.empty());
  CHECK(changes_in({before, before}).in_use == before);

  const auto log = changes("[store]", "[log]\nlevel = \"debug\"\nsink = \"stderr\"\n[store]");
  CHECK(log.used == List{"log.level"});
  CHECK(log.waiting == List{"log.sink"});
  CHECK(log.in_use.log.level == LogLevel::debug);
  CHECK(log.in_use.log.sink == LogSink::automatic);

  const std::string siren = "[[output]]\nname = \"yard\"\ntopic = \"a\"\non = \"1\"\noff = \"0\"\n";
  const auto with_siren = config_of(siren + std::string(kBefore));
  const auto told =
      config_of(replaced(siren, "off", "step = 2\nlevels = [\"red\"]\nlasts = \"1 min\"\noff") +
                "[[escalation]]\nstep_1 = [\"yard\"]\n" + std::string(kBefore));
  const auto escalation = changes_in({with_siren, told});
  CHECK(escalation.used == List{"output yard: step", "output yard: levels", "escalation"});
  CHECK(escalation.waiting == List{"output yard: lasts"});
  CHECK(escalation.in_use.escalations == told.escalations);
  CHECK(escalation.in_use.outputs[0].step == 2);
  CHECK(escalation.in_use.outputs[0].lasts == with_siren.outputs[0].lasts);

  const auto listener =
      changes("port = 1884", "port = 1884\nreaders = [\"ha\"]\nmax_connections = 7");
  CHECK(listener.used == List{"listener 1884: readers"});
  CHECK(listener.waiting == List{"listener 1884: max_connections"});
  CHECK(listener.in_use.listeners[1].readers == List{"ha"});
  CHECK(listener.in_use.listeners[1].max_connections == 5'000);
  CHECK(changes("port = 1884", "port = 1885").waiting ==
        List{"listener 1885 (new)", "listener 1884 (removed)"});

  // Which pages may open a WebSocket follows from it when the port is opened.
  const auto socket = config_of("[[listener]]\nprotocol = \"websocket\"\nport = 9001\n");
  auto closed = socket;
  closed.listeners[0].anonymous = false;
  CHECK(changes_in({socket, closed}).waiting == List{"listener 9001: anonymous"});
  CHECK(changes_in({socket, closed}).in_use.listeners[0].anonymous);

  const auto upstream = changes("password = \"one\"", "password = \"two\"\nmax_rate = 7");
  CHECK(upstream.waiting == List{"upstream street: password", "upstream street: max_rate"});
  CHECK(upstream.in_use.upstreams == before.upstreams);
  CHECK(changes("name = \"street\"", "name = \"district\"").waiting ==
        List{"upstream district (new)", "upstream street (removed)"});

  const auto device = changes("id = \"a\"", "id = \"b\"");
  CHECK(device.used == List{"device"});
  CHECK(device.in_use.devices[0].id == "b");
  CHECK(changes("id = \"a\"", "id = \"0012345678\"\nstation_mode = \"m3\"").waiting ==
        List{"device: station_mode, station_ending"});
  CHECK(changes("[store]", "[service]\nstop_deadline = \"9 s\"\n[store]").used ==
        List{"service.stop_deadline"});
  CHECK(changes("[store]", "[gateway]\nid = \"other\"\n[store]").waiting.front() == "gateway.id");
}

TEST_CASE("a new registry knows what the old one had learnt", "[app][unit]") {
  // Only the list of the bridge tells that the alarm of this device is one of heat.
  const auto registry = [] {
    return decode::Registry::build(settings::registry_options(config_of(kBefore))).value();
  };
  const auto decode = [](RegistryDecoder& decoder, std::string_view topic,
                         std::string_view payload) {
    const auto parsed = Topic::parse(topic).value();
    return decoder.decode({.topic = parsed, .payload = payload});
  };
  const auto sees_heat = [&](RegistryDecoder& decoder) {
    const auto decoding = decode(decoder, "zigbee2mqtt/hall", R"({"alarm":true})");
    for (const Observation& one : decoding.observations) {
      if (one.kind == Kind::heat) return true;
    }
    return false;
  };
  RegistryDecoder knows(registry());
  const auto learnt = decode(knows, "zigbee2mqtt/bridge/devices",
                             R"([{"friendly_name":"hall","type":"EndDevice",
      "definition":{"model":"M","vendor":"V","description":"Smart heat alarm","exposes":[
      {"type":"binary","name":"alarm","property":"alarm","value_on":true,"value_off":false,
      "access":1}]}}])");
  REQUIRE_FALSE(learnt.remembered.empty());
  REQUIRE(sees_heat(knows));
  RegistryDecoder knows_nothing(registry());
  REQUIRE_FALSE(sees_heat(knows_nothing));
  knows.use(registry());
  CHECK(sees_heat(knows));
  // What was not kept is not known any more.
  for (const Remembered& one : learnt.remembered) knows.not_kept(one);
  knows.use(registry());
  CHECK_FALSE(sees_heat(knows));
}
