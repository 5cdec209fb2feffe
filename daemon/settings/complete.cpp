// What a Config has where the file is silent: values that depend on others or on the process.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "settings/places.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

void complete_link(LinkConfig& link, const std::string& gateway) {
  if (link.name.empty() && !link.url.host.empty()) {
    link.name = to_label(fmt::format("{}-{}", link.url.host, link.url.port));
  }
  if (link.client_id.empty()) link.client_id = fmt::format("watchpost-{}-{}", gateway, link.name);
}

std::filesystem::path store_directory(const ConfigSurroundings& surroundings) {
  if (surroundings.state_directory) return *surroundings.state_directory;
  return std::filesystem::absolute("watchpost-data");
}

std::optional<std::filesystem::path> folder_in(const char* variable) {
  const char* value = std::getenv(variable);
  if (value == nullptr || *value == '\0') return std::nullopt;
  // systemd separates several folders by colons; the first is ours.
  const std::string_view all = value;
  return std::filesystem::path(all.substr(0, all.find(':')));
}

// <prefix>/bin/watchpostd has its mappings in <prefix>/share: found from the running program, so
// that any prefix and a staged installation work.
std::optional<std::filesystem::path> installed_mappings() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  auto folder = program.parent_path().parent_path() / "share/watchpost/mappings";
  if (!std::filesystem::is_directory(folder, error)) return std::nullopt;
  return folder;
}

}  // namespace

void complete_config(Config& config, const Places& places, const ConfigSurroundings& surroundings) {
  if (config.gateway.id.empty()) config.gateway.id = to_label(surroundings.host_name);
  auto& directory = config.store.directory;
  if (surroundings.store_directory) {
    directory = std::filesystem::absolute(*surroundings.store_directory).lexically_normal();
  }
  if (directory.empty()) directory = store_directory(surroundings);
  if (config.local.socket.empty()) {
    config.local.socket = surroundings.runtime_directory.value_or(directory) / "watchpost.sock";
  }
  for (std::size_t i = 0; i < config.listeners.size(); ++i) {
    auto& listener = config.listeners[i];
    if (!places.given({"listener", i}, "anonymous")) {
      listener.anonymous = is_loopback(listener.address);
    }
    // A packet that does not fit in the queue of what waits for the disk is never taken.
    if (!places.given({"listener", i}, "max_packet_size")) {
      listener.max_packet_size = std::min(listener.max_packet_size, config.store.commit_queue);
    }
  }
  for (auto& upstream : config.upstreams) complete_link(upstream.link, config.gateway.id);
  for (auto& broker : config.brokers) complete_link(broker.link, config.gateway.id);
}

ConfigSurroundings ConfigSurroundings::of_process() {
  ConfigSurroundings surroundings;
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) surroundings.host_name = name.data();
  surroundings.state_directory = folder_in("STATE_DIRECTORY");
  surroundings.runtime_directory = folder_in("RUNTIME_DIRECTORY");
  surroundings.mappings = installed_mappings();
  return surroundings;
}

}  // namespace watchpost::settings
