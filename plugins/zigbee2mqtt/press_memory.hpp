// PressMemory: tells the second announcement of one button press from a second press.
// Promise: Zigbee2MQTT announces a press on two topics (the state with "action", and
// <device>/action). An announcement on the other topic, of the same action, within 30 s of received
// time and not yet paired is the same press. Any other is a new press; repeats on one topic are
// never dropped. Remembers the 1024 devices that pressed last; when a device was forgotten its
// press counts as new.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace watchpost::zigbee2mqtt {

enum class Announcement : std::uint8_t { state, action_topic };

struct Press {
  std::string_view action;
  Announcement by = Announcement::state;
  std::int64_t received_unix_ns = 0;
};

class PressMemory {
 public:
  // True for a press not yet announced.
  bool is_new(std::string_view device, const Press& press);

 private:
  struct Last {
    std::string action;
    Announcement by = Announcement::state;
    std::int64_t received_unix_ns = 0;
    bool paired = false;
  };
  std::unordered_map<std::string, Last> last_;
};

}  // namespace watchpost::zigbee2mqtt
