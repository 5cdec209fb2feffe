#include "accounts/device_default.hpp"

#include "support/catch.hpp"

namespace watchpost::accounts {
namespace {

TEST_CASE("commands of the usual families are told to devices, states are not",
          "[accounts][unit]") {
  for (const char* topic :
       {"zigbee2mqtt/lamp/set", "zigbee2mqtt/floor/lamp/set/state", "zigbee2mqtt/lamp/get",
        "zigbee2mqtt/bridge/request/restart", "cmnd/tasmota_A1/POWER", "tasmota_A1/cmnd/POWER",
        "shellies/command", "shellies/plug-1/relay/0/command", "shellyplus1-a8/rpc",
        "shellyplus1-a8/command/switch:0", "porch/light/lamp/command", "homeassistant/status",
        "homeassistant/sensor/a/config", "homeassistant/sensor/a/b/config",
        "local/siren/hall/set"}) {
    INFO(topic);
    CHECK(is_told_to_devices(topic));
  }
  for (const char* topic :
       {"zigbee2mqtt/bedroom_radar", "zigbee2mqtt/bridge/devices", "tele/tasmota_A1/SENSOR",
        "stat/tasmota_A1/RESULT", "shellies/plug-1/sensor/flood", "shellyplus1-a8/events/rpc",
        "porch/sensor/fall/state", "homeassistant/sensor/a/state", "wp/in/fall/room-3",
        "wp/v1/310118/106/203/g/alarm/fall/d", "settings/x", "status", "config"}) {
    INFO(topic);
    CHECK_FALSE(is_told_to_devices(topic));
  }
}

TEST_CASE("a device reads its own topics and what it sent itself", "[accounts][unit]") {
  const Actor actor{"room-3", "radar-77"};
  CHECK(device_may_get(actor, {"wp/in/fall/room-3", ""}));
  CHECK(device_may_get(actor, {"x/radar-77/y", ""}));
  CHECK_FALSE(device_may_get(actor, {"wp/in/fall/room-4", ""}));
  CHECK_FALSE(device_may_get(actor, {"wp/in/fall/room-33", ""}));
  CHECK(device_may_get(actor, {"wp/in/fall/room-4", "radar-77"}));
  CHECK_FALSE(device_may_get({"", ""}, {"a//b", ""}));
  CHECK_FALSE(device_may_get({"", ""}, {"a/b", ""}));
  CHECK(device_may_subscribe(actor, "#"));
  CHECK(device_may_subscribe(actor, "wp/in/fall/room-3"));
  CHECK_FALSE(device_may_subscribe(actor, "wp/in/fall/room-4"));
}

}  // namespace
}  // namespace watchpost::accounts
