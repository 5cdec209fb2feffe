#include "decode/local_traffic.hpp"

#include <string>

#include "support/catch.hpp"

using namespace watchpost::decode;
using Kind = LocalTraffic::Kind;

TEST_CASE("what the well-known programs tell devices to do is a command", "[decode][unit]") {
  const LocalTraffic local(usual_local_topics(), {});
  const std::string topic = GENERATE(
      "zigbee2mqtt/siren/set", "zigbee2mqtt/hall/siren/set", "village/zigbee2mqtt/siren/set/alarm",
      "zigbee2mqtt/siren/get", "zigbee2mqtt/hall/siren/get/state",
      "zigbee2mqtt/bridge/request/permit_join", "cmnd/siren/POWER", "village/cmnd/siren/Backlog",
      "siren/cmnd/POWER", "shellies/shelly1-aabbcc/relay/0/command", "shellies/command",
      "shellies/shellytrv-1/thermostat/0/command/target_t", "shelly1pmg4-aabbcc/command/switch:0",
      "shelly1pmg4-aabbcc/command", "hall/switch/siren/command",
      "esphome/hall/switch/siren/command", "homie/siren/relay/on/set",
      "zwave/hall/siren/37/0/targetValue/set",
      "zwave/_CLIENTS/ZWAVE_GATEWAY-zwavejs/api/getNodes/set", "obk/1/set",
      "home/OpenMQTTGateway/commands/MQTTto433",
      "application/7/device/24e124713b493814/command/down",
      "v3/village@ttn/devices/siren/down/push", "eu868/gateway/24e124fffef0a1b2/command/down",
      "wp/v1/310118/106/203/zhaoxiang-03/cmd", "wp/v1/310118/106/203/zhaoxiang-03/cmd/result",
      "wp/v1/310118/106/203/zhaoxiang-03/cmd/result/desk-7");
  CAPTURE(topic);
  CHECK(local.kind_of(topic) == Kind::command);
}

TEST_CASE("lists and discovery are lists", "[decode][unit]") {
  const LocalTraffic local(usual_local_topics(), {});
  const std::string topic = GENERATE(
      "zigbee2mqtt/bridge/devices", "village/hall/zigbee2mqtt/bridge/groups",
      "zigbee2mqtt/bridge/info", "zigbee2mqtt/bridge/logging",
      "zigbee2mqtt/bridge/response/permit_join", "homeassistant/sensor/kitchen/config",
      "homeassistant/binary_sensor/attic/smoke/config", "homeassistant/device/attic/config",
      "homeassistant/status", "$SYS/broker/connection/village.bridge/state",
      "tasmota/discovery/B4E62DAABBCC/config", "zwave/_CLIENTS/ZWAVE_GATEWAY-zwavejs/api/getNodes");
  CAPTURE(topic);
  CHECK(local.kind_of(topic) == Kind::list);
}

TEST_CASE("what sensors report on is never local", "[decode][unit]") {
  const LocalTraffic local(usual_local_topics(), {});
  const std::string topic = GENERATE(
      "zigbee2mqtt/kitchen", "zigbee2mqtt/kitchen/smoke", "zigbee2mqtt/kitchen/availability",
      "zigbee2mqtt/bridge/state", "zigbee2mqtt/bridge/event", "obk/1/get", "tele/kitchen/SENSOR",
      "tele/kitchen/LWT", "stat/kitchen/RESULT", "kitchen/tele/SENSOR",
      "shellies/shellysmoke-1/sensor/smoke", "shellyplussmoke-1/events/rpc",
      "shellyplussmoke-1/status/smoke:0", "shellyplussmoke-1/rpc", "shellyplussmoke-1/online",
      "homeassistant/binary_sensor/kitchen/state",
      "zwave/hall/smoke/113/0/Smoke_Alarm/Sensor_status", "zwave/hall/smoke/status",
      "rtl_433/gateway/events", "home/OpenMQTTGateway/433toMQTT",
      "application/7/device/24e124713b493814/event/up", "v3/village@ttn/devices/smoke/up",
      "v3/village@ttn/devices/smoke/down/failed", "wp/in/fire/kitchen", "command", "set",
      "kitchen/commander", "kitchen/offset", "gb26875/320102000001");
  CAPTURE(topic);
  CHECK(local.kind_of(topic) == Kind::no);
}

TEST_CASE("a site's own rules come besides, and what its decoders name stays a sensor's",
          "[decode][unit]") {
  LocalTopics topics = usual_local_topics();
  topics.commands.emplace_back("siren/+/order");
  topics.lists.emplace_back("panel/#");
  topics.lists.emplace_back("+/all/orders/#");
  topics.commands.emplace_back("+/+/orders/+");
  topics.commands.emplace_back("+//#");
  const LocalTraffic local(topics, {"plc/+/command"});
  CHECK(local.kind_of("siren/hall/order") == Kind::command);
  CHECK(local.kind_of("panel/1/inventory") == Kind::list);
  CHECK(local.kind_of("plc/7/command") == Kind::no);
  CHECK(local.kind_of("plc/7/more/command") == Kind::command);
  CHECK(local.kind_of("siren/all/orders/1") == Kind::command);  // which is no list
  CHECK(local.kind_of("siren/all/orders/1/2") == Kind::list);
  CHECK(local.kind_of("siren/orders/all/1") == Kind::no);
  CHECK(local.kind_of("siren//1") == Kind::command);
  CHECK(local.kind_of("siren/") == Kind::command);
  CHECK(LocalTraffic().kind_of("zigbee2mqtt/siren/set") == Kind::no);
}
