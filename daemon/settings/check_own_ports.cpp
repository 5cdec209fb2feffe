#include "settings/check_own_ports.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

namespace watchpost::settings {
namespace {

struct OwnPort {
  SectionRef section;
  std::string title;  // "[[listener]]"
  std::string address;
  std::uint16_t port = 0;
};

// An IPv4 or IPv6 address as the network has it; of neither, nothing.
std::vector<unsigned char> bytes_of(const std::string& address) {
  for (const auto& [family, size] :
       {std::pair{AF_INET, sizeof(in_addr)}, std::pair{AF_INET6, sizeof(in6_addr)}}) {
    std::vector<unsigned char> bytes(size);
    if (::inet_pton(family, address.c_str(), bytes.data()) == 1) return bytes;
  }
  return {};
}

bool is_all_zero(const std::vector<unsigned char>& bytes) {
  return !bytes.empty() &&
         std::all_of(bytes.begin(), bytes.end(), [](unsigned char each) { return each == 0; });
}

// Our acceptors of IPv6 take no IPv4 (net::Acceptor), so the two families never meet.
bool is_same_socket(const OwnPort& a, const OwnPort& b) {
  if (a.port != b.port) return false;
  const auto left = bytes_of(a.address);
  const auto right = bytes_of(b.address);
  if (left.size() != right.size()) return false;
  return left == right || is_all_zero(left) || is_all_zero(right);
}

std::vector<OwnPort> own_ports(const Config& config) {
  std::vector<OwnPort> all;
  for (std::size_t i = 0; i < config.listeners.size(); ++i) {
    const ListenerConfig& one = config.listeners[i];
    all.push_back({{"listener", i}, "[[listener]]", one.address, one.port});
  }
  if (config.metrics.port != 0) {
    all.push_back({{"metrics"}, "[metrics]", config.metrics.address, config.metrics.port});
  }
  return all;
}

// Where a default makes the port, the section itself.
FilePosition place_of(const Places& places, const SectionRef& section) {
  return places.find(section, places.given(section, "port") ? "port" : "");
}

}  // namespace

bool is_every_network(const std::string& address) {
  return is_all_zero(bytes_of(address));
}

std::vector<PortMistake> check_own_ports(const Config& config, const Places& places) {
  std::vector<PortMistake> mistakes;
  std::vector<OwnPort> earlier;
  for (OwnPort& one : own_ports(config)) {
    const auto other = std::find_if(earlier.begin(), earlier.end(), [&one](const OwnPort& each) {
      return is_same_socket(each, one);
    });
    if (other == earlier.end()) {
      earlier.push_back(std::move(one));
      continue;
    }
    const Words line =
        places.line_in_words({place_of(places, other->section), place_of(places, one.section)});
    mistakes.push_back({one.section, "port",
                        say("{} in {} has {} port {} already", "{1}的 {0} 已经用了 {2} 端口 {3}",
                            other->title, line, other->address, other->port),
                        say("Change the port of one of the two", "请修改其中一个的端口")});
  }
  return mistakes;
}

}  // namespace watchpost::settings
