// ServiceUnit: what the installed systemd unit lets watchpostd do; a person who checks the
// configuration as root does not see these limits.
// Promise: reads the unit and its drop-ins as systemd does, as far as the members below go; nothing
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
  std::filesystem::path config_file;  // that ExecStart names; empty: none
  std::vector<std::filesystem::path> state_directories;
  std::vector<std::filesystem::path> read_write_paths;
  std::vector<std::filesystem::path> bind_paths;  // where the service finds them
  bool may_write_elsewhere = true;                // true without ProtectSystem=strict

  // `root`: the folder that contains etc, run and usr.
  [[nodiscard]] static std::optional<ServiceUnit> installed(const std::filesystem::path& root);
  [[nodiscard]] bool may_write(const std::filesystem::path& folder) const;
  // True for a folder that systemd makes for the service before it starts.
  [[nodiscard]] bool makes(const std::filesystem::path& folder) const;
};

// A file that the configuration names.
struct NamedFile {
  std::string key;  // "upstream.password_file"
  std::filesystem::path path;
  bool is_run = false;  // a program: it need not be read
};
[[nodiscard]] std::vector<NamedFile> files_of(const settings::Config& config);
// What sounds or tells by running a program: the programs of every [[output]].
[[nodiscard]] std::vector<NamedFile> programs_of(const settings::Config& config);

// The files that `user` cannot read, and the programs that it cannot run, or all files where there
// is no such user. Only root may call it: a child process becomes that user and tries to read.
struct Unreadable {
  NamedFile file;
  std::filesystem::path closed_folder;  // closed to the user; empty: the file itself is closed
};
[[nodiscard]] std::vector<Unreadable> unreadable_for(const std::string& user,
                                                     const std::vector<NamedFile>& files);

}  // namespace watchpost::app
