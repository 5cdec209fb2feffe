#include "decode/registry.hpp"

namespace watchpost::decode {
namespace {

std::vector<std::string> chirpstack_topics() {
  return {"+/+/device/+/event/+", "+/+/+/device/+/event/+", "+/+/+/+/device/+/event/+",
          "application/+/device/+/rx"};
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
      {{"shellies/#", "+/events/rpc", "+/status/+", "+/online"}, "shelly", {}},
      {{"tele/+/SENSOR", "tele/+/RESULT", "stat/+/RESULT", "+/tag_scanned", "+/tag", "+/scan",
        "+/rfid/read", "/rfid", "watchpost/+/patrol/+/scan"},
       "tag_reader",
       {}},
  };
}

}  // namespace watchpost::decode
