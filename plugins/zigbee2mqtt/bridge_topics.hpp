// BridgeTopics: the topics below <base>/bridge, and what was learnt there of every base.
// Promise: a list of devices is handed to the host to be remembered before the sender is told that
// it was kept, and comes back by recall() after a restart; see decision 0027. Bounded: kMost
// bridges. I/O thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sdk/decoder.hpp"
#include "sdk/json.hpp"
#include "zigbee2mqtt/bridge.hpp"

namespace watchpost::zigbee2mqtt {

class BridgeTopics {
 public:
  static constexpr std::size_t kMost = 64;

  // A topic below `base` that begins with bridge/.
  sdk::Verdict decode(const sdk::Frame& frame, std::string_view base, sdk::Sink& sink);
  // What remember() of an earlier life was given.
  void recall(const sdk::Remembered& learnt);
  // Null where the bridge of this base has said nothing.
  [[nodiscard]] Bridge* find(std::string_view base);
  // How the device `name` of this base is called: by its name alone, but where another bridge,
  // whose base is shorter, lists the same name: two devices under one name would end each other's
  // alarms.
  struct Named {
    std::string_view base;
    std::string_view name;
  };
  [[nodiscard]] std::string device_name(const Named& device) const;
  // A device of this base has spoken for the first time.
  void remember_heard(sdk::Sink& sink, std::string_view base);

 private:
  Bridge* place(std::string_view base);
  sdk::Verdict devices(const sdk::Frame& frame, std::string_view base, sdk::Sink& sink);
  sdk::Verdict groups(const sdk::Frame& frame, std::string_view base, sdk::Sink& sink);

  std::map<std::string, Bridge, std::less<>> bridges_;  // by base topic
  sdk::JsonDocument json_;
};

// "online" or "offline", as a text or as {"state": ...}.
sdk::Verdict say_availability(const sdk::Frame& frame, sdk::Sink& sink, std::string_view device,
                              sdk::JsonDocument& json);

}  // namespace watchpost::zigbee2mqtt
