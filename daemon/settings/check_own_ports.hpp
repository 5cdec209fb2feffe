// check_own_ports: ports of ours that two sections of the configuration want.
// Promise: an address is compared as the kernel does, whatever its spelling, and "every network"
// with each address of its family; the sentence names both places. Pure; used by the configuration
// only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/places.hpp"

namespace watchpost::settings {

struct PortMistake {
  SectionRef section;
  std::string_view key;
  Words what;
  Words next;
};
[[nodiscard]] std::vector<PortMistake> check_own_ports(const Config& config, const Places& places);

// "0.0.0.0" or "::", however it is written.
[[nodiscard]] bool is_every_network(const std::string& address);

}  // namespace watchpost::settings
