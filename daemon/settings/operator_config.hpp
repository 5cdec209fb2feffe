// BackupConfig and MetricsConfig: what operators of many boxes set. Part of Config; plain values.
// Promise: as Config's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace watchpost::settings {

// Where `watchpost backup --scheduled` puts backups; the daemon itself makes none.
struct BackupConfig {
  std::filesystem::path folder;  // empty: none are made
  std::uint32_t keep = 14;       // the newest so many stay
  friend bool operator==(const BackupConfig&, const BackupConfig&) = default;
};

// Where Prometheus asks.
struct MetricsConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: nobody can ask
  friend bool operator==(const MetricsConfig&, const MetricsConfig&) = default;
};

}  // namespace watchpost::settings
