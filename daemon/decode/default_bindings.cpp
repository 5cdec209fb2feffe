#include "decode/registry.hpp"

namespace watchpost::decode {
namespace {

std::vector<std::string> chirpstack_topics() {
  return {"+/+/device/+/event/+", "+/+/+/device/+/event/+", "+/+/+/+/device/+/event/+",
          "application/+/device/+/rx"};
}

// With up to two levels before what the device calls itself.
std::vector<std::string> shelly_topics() {
  return {"shellies/#",     "+/shellies/#",     "+/+/shellies/#", "+/events/rpc",
          "+/+/events/rpc", "+/+/+/events/rpc", "+/status/+",     "+/+/status/+",
          "+/+/+/status/+", "+/online",         "+/+/online",     "+/+/+/online"};
}

// As FullTopic may put the prefix: before the device, behind it, or below a level of its own.
std::vector<std::string> tasmota_topics() {
  return {"tele/#",   "stat/#",     "+/tele/+",           "+/+/tele/+",
          "+/stat/+", "+/+/stat/+", "tasmota/discovery/#"};
}

}  // namespace

std::vector<DecoderBinding> default_bindings() {
  return {
      {{"wp/in/+/+"}, "senml", {}},
      {{"zigbee2mqtt/#", "+/zigbee2mqtt/#", "+/+/zigbee2mqtt/#"}, "zigbee2mqtt", {}},
      // ChirpStack and The Things Stack with up to two levels before their own topic.
      {chirpstack_topics(), "chirpstack4", {}},
      {chirpstack_topics(), "chirpstack3", {}},
      {{"v3/+/devices/#", "+/v3/+/devices/#", "+/+/v3/+/devices/#"}, "things_stack", {}},
      {shelly_topics(), "shelly", {}},
      {{"tele/+/SENSOR", "tele/+/RESULT", "stat/+/RESULT", "+/tele/SENSOR", "+/+/tele/SENSOR",
        "+/tag_scanned", "+/tag", "+/scan", "+/rfid/read", "/rfid", "watchpost/+/patrol/+/scan"},
       "tag_reader",
       {}},
      // The first are the topics of our own listeners (wired/make_line.hpp).
      {{"gb26875/+", "watchpost/raw/gb26875/+"}, "gb26875", {}},
      {{"sl651/+", "watchpost/raw/sl651/+"}, "sl651", {}},
      {{"gst9000/+", "watchpost/raw/gst9000/+"}, "gst9000", {}},
      {tasmota_topics(), "tasmota", {}},
      {{"rtl_433/#", "+/rtl_433/#", "+/+/433toMQTT", "+/+/+/433toMQTT"}, "rf_codes", {}},
      {{"zwave/#", "zwavejs/#", "zwave-js-ui/#", "zwavejs2mqtt/#", "+/zwave/#"}, "zwave_js", {}},
      {{"GIOT-GW/UL/#", "+/GIOT-GW/UL/#"}, "meokon", {}},
      {{"/xm/sh/response/mqtt/+/+/v2"}, "key_numbers", {}},
      // Bytes that a serial bridge passes on: the topic says whose they are.
      {{"watchpost/raw/mr60fda1/+"}, "mr60fda1", {}},
      {{"watchpost/raw/milesight_nbiot/+"}, "milesight_nbiot", {}},
      // Where a device speaks is in what it told of itself, so this one is asked about everything
      // that no other has taken.
      {{"#"}, "home_assistant", {}},
      // No wildcard stands for a level that begins with $ (MQTT 5.0 section 4.7.2); devices that
      // were made for a cloud publish on such topics ("$oc/devices/...").
      {.topics = {"#"}, .use = "by_name", .options_json = {}, .also_dollar = true},
  };
}

}  // namespace watchpost::decode
