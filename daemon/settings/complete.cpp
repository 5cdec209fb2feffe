// Fills the values of a Config that the file leaves open and that depend on other values or on the
// process.
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "settings/places.hpp"
#include "settings/values.hpp"
#include "spool/room/disk.hpp"

namespace watchpost::settings {
namespace {

// Registered for MQTT over TLS (IANA: secure-mqtt).
constexpr std::uint16_t kMqttTlsPort = 8883;

void complete_link(LinkConfig& link, const std::string& gateway) {
  if (link.name.empty() && !link.url.host.empty()) {
    link.name = to_label(fmt::format("{}-{}", link.url.host, link.url.port));
  }
  if (link.client_id.empty()) link.client_id = fmt::format("watchpost-{}-{}", gateway, link.name);
}

std::filesystem::path store_directory(const ConfigSurroundings& surroundings) {
  if (surroundings.state_directory) return *surroundings.state_directory;
  // Started by hand with the configuration of the service, watchpostd uses the store of the
  // service.
  if (surroundings.is_installed_config) return kServiceStore;
  return std::filesystem::absolute("watchpost-data");
}

// A default is lowered where it would contradict a key that the file gives.
void complete_store(StoreConfig& store, const Places& places) {
  const auto given = [&places](std::string_view key) { return places.given({"store"}, key); };
  if (!given("history")) store.history = std::min(store.history, ByteCount{store.quota.value / 2});
  if (!given("reserve")) store.reserve = std::min(store.reserve, ByteCount{store.quota.value / 4});
  if (!given("client_queues")) {
    store.client_queues = std::min(store.client_queues, ByteCount{store.quota.value / 4});
  }
  if (!given("client_queue")) {
    store.client_queue = std::min(store.client_queue, store.client_queues);
  }
}

void complete_waits(LinkConfig& link, const Places& places, SectionRef here) {
  if (places.given(here, "reconnect_ceiling")) return;
  link.reconnect_ceiling = std::max(link.reconnect_ceiling, link.reconnect_first);
}

void complete_window(UpstreamConfig& upstream, const Places& places, SectionRef here) {
  if (places.given(here, "alarm_slots")) return;
  upstream.alarm_slots = std::min(upstream.alarm_slots, upstream.window / 2);
}

std::optional<std::filesystem::path> folder_in(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  // systemd separates several folders by colons; the first is the one meant for watchpostd.
  const std::string_view all = value;
  return std::filesystem::path(all.substr(0, all.find(':')));
}

// The folder is found from the running program, so that any prefix and a staged installation work.
std::optional<std::filesystem::path> installed_mappings(const std::filesystem::path& prefix) {
  auto folder = prefix / "share/watchpost/mappings";
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return std::nullopt;
  return folder;
}

// The path where cmake --install puts the configuration (config/install_once.cmake).
std::filesystem::path config_below(const std::filesystem::path& prefix) {
  const bool system = prefix == "/usr" || prefix == "/usr/local" || prefix == "/";
  return (system ? std::filesystem::path("/") : prefix) / "etc/watchpost/watchpost.toml";
}

std::string name_of_user() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : fmt::format("number {}", ::geteuid());
}

std::optional<ByteCount> disk_size_at(const std::filesystem::path& path) {
  const ByteCount size = spool::disk_of(path).size;
  if (size == ByteCount{}) return std::nullopt;
  return size;
}

std::vector<std::string> addresses_of_this_machine() {
  std::vector<std::string> addresses;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return addresses;
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) !=
        0) {
      continue;
    }
    // A link-local address ends with '%' and the name of its interface.
    const std::string_view name = text.data();
    addresses.emplace_back(name.substr(0, name.find('%')));
  }
  ::freeifaddrs(all);
  return addresses;
}

}  // namespace

void complete_config(Config& config, const Places& places, const ConfigSurroundings& surroundings) {
  if (config.gateway.id.empty()) config.gateway.id = to_label(surroundings.host_name);
  if (config.gateway.id.empty()) config.gateway.id = "gateway";
  auto& directory = config.store.directory;
  if (surroundings.store_directory) {
    directory = std::filesystem::absolute(*surroundings.store_directory).lexically_normal();
  }
  if (directory.empty()) directory = store_directory(surroundings);
  if (config.local.socket.empty()) {
    config.local.socket = surroundings.runtime_directory.value_or(directory) / "watchpost.sock";
  }
  complete_store(config.store, places);
  for (std::size_t i = 0; i < config.listeners.size(); ++i) {
    auto& listener = config.listeners[i];
    if (listener.has_tls() && !places.given({"listener", i}, "port")) listener.port = kMqttTlsPort;
    if (!places.given({"listener", i}, "anonymous")) {
      // The protocols of wired stations have no names and passwords.
      listener.anonymous = is_loopback(listener.address) || !listener.is_mqtt();
    }
    // A packet that is larger than the commit queue would never be taken.
    if (!places.given({"listener", i}, "max_packet_size")) {
      listener.max_packet_size = std::min(listener.max_packet_size, config.store.commit_queue);
    }
  }
  for (std::size_t i = 0; i < config.upstreams.size(); ++i) {
    auto& upstream = config.upstreams[i];
    complete_link(upstream.link, config.gateway.id);
    complete_waits(upstream.link, places, {"upstream", i});
    complete_window(upstream, places, {"upstream", i});
  }
  for (std::size_t i = 0; i < config.brokers.size(); ++i) {
    complete_link(config.brokers[i].link, config.gateway.id);
    complete_waits(config.brokers[i].link, places, {"broker", i});
  }
}

ConfigSurroundings ConfigSurroundings::of_process() {
  ConfigSurroundings surroundings;
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) surroundings.host_name = name.data();
  surroundings.state_directory = folder_in("STATE_DIRECTORY");
  surroundings.runtime_directory = folder_in("RUNTIME_DIRECTORY");
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  // <prefix>/bin/watchpostd; in a build folder there is no bin.
  if (const auto folder = program.parent_path(); !error && folder.filename() == "bin") {
    surroundings.mappings = installed_mappings(folder.parent_path());
    surroundings.installed_config = config_below(folder.parent_path());
  }
  surroundings.user_name = name_of_user();
  surroundings.own_addresses = addresses_of_this_machine();
  surroundings.disk_size = disk_size_at;
  return surroundings;
}

}  // namespace watchpost::settings
