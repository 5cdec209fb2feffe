#include "decode/registry.hpp"

namespace watchpost::decode {

std::vector<DecoderBinding> default_bindings() {
  return {
      {{"wp/in/+/+"}, "senml", {}},
      {{"zigbee2mqtt/#", "+/zigbee2mqtt/#", "+/+/zigbee2mqtt/#"}, "zigbee2mqtt", {}},
      {{"application/+/device/+/event/+"}, "chirpstack4", {}},
      {{"shellies/#", "+/events/rpc", "+/status/+", "+/online"}, "shelly", {}},
      {{"tele/+/SENSOR", "tele/+/RESULT", "stat/+/RESULT", "+/tag_scanned", "+/tag", "+/scan",
        "+/rfid/read", "/rfid"},
       "tag_reader",
       {}},
  };
}

}  // namespace watchpost::decode
