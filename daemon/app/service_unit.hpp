// ServiceUnit: what the installed systemd unit lets watchpostd do, which a person who checks the
// configuration as root does not see.
// Promise: reads the unit and its drop-ins as systemd does, as far as the keys here go; nothing
// where no unit is installed. Used by --check-config.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "settings/config.hpp"

namespace watchpost::app {

struct ServiceUnit {
  std::string user;
  std::filesystem::path config_file;            // of its ExecStart
  std::vector<std::filesystem::path> writable;  // StateDirectory and ReadWritePaths
  bool may_write_elsewhere = true;              // without ProtectSystem=strict

  // `root`: the folder that has etc, run and usr.
  [[nodiscard]] static std::optional<ServiceUnit> installed(const std::filesystem::path& root);
  [[nodiscard]] bool may_write(const std::filesystem::path& folder) const;
};

// A file that the configuration names.
struct NamedFile {
  std::string key;  // "upstream.password_file"
  std::filesystem::path path;
};
[[nodiscard]] std::vector<NamedFile> files_of(const settings::Config& config);

// Those that `user` cannot read, or all where there is no such user. For root only: a child process
// becomes that user and tries.
struct Unreadable {
  NamedFile file;
  std::filesystem::path closed_folder;  // that the user cannot enter; empty: the file itself
};
[[nodiscard]] std::vector<Unreadable> unreadable_for(const std::string& user,
                                                     const std::vector<NamedFile>& files);

}  // namespace watchpost::app
