// BrokerAddress: mqtt://host:port or mqtts://host:port, as typed on a command line. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::client {

struct BrokerAddress {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
};

// "mqtt://host:port", "mqtt://[::1]:1883", "mqtts://host"; ports are 1883 and 8883 if not named.
[[nodiscard]] Result<BrokerAddress> broker_address_from(std::string_view url);

}  // namespace watchpost::client
