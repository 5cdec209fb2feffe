// Reading and printing watchpost.toml.
// Promise: every mistake of a file is reported in one run, each with its place, what was found and
// what is accepted; print_config prints TOML that reads back as the same Config (secrets left out).
// Called by main at start-up, before any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "settings/config.hpp"

namespace watchpost::settings {

struct ConfigMistake {
  std::string file;
  unsigned line = 0;  // 0: about the file as a whole
  unsigned column = 0;
  std::string key;       // "upstream.window"
  std::string found;     // what is there, or "nothing"
  std::string accepted;  // what may be there
  std::string remedy;    // a hint, where there is one

  // "file:12:10: upstream.window: found 5000; accepted is a whole number from 1 to 1000."
  [[nodiscard]] std::string sentence() const;
};

struct ConfigMistakes {
  std::vector<ConfigMistake> list;
  [[nodiscard]] std::string text() const;  // one line each
};
[[noreturn]] void throw_exception_from_error(const ConfigMistakes& mistakes,
                                             const boost::source_location& where);

using ParsedConfig = boost::system::result<Config, ConfigMistakes>;

// What the process brings along besides the file.
struct ConfigSurroundings {
  std::string host_name;
  std::optional<std::filesystem::path> store_directory;    // command line: wins over the file
  std::optional<std::filesystem::path> state_directory;    // $STATE_DIRECTORY of systemd
  std::optional<std::filesystem::path> runtime_directory;  // $RUNTIME_DIRECTORY of systemd
  std::optional<std::filesystem::path> mappings;           // installed with this program

  [[nodiscard]] static ConfigSurroundings of_process();
};

// Without any file: listens on loopback, stores locally, forwards nowhere.
[[nodiscard]] Config default_config(const ConfigSurroundings& surroundings);
[[nodiscard]] ParsedConfig parse_config(const std::filesystem::path& file,
                                        const ConfigSurroundings& surroundings);
// `file` gives messages their name and relative paths their start.
[[nodiscard]] ParsedConfig parse_config_text(std::string_view text,
                                             const std::filesystem::path& file,
                                             const ConfigSurroundings& surroundings);

// The effective configuration as TOML, each key with its sentence and limits.
[[nodiscard]] std::string print_config(const Config& config);

// The password of a link: the one in the file, or the first line of `password_file`; empty for
// none.
[[nodiscard]] Result<std::string> password_of(const LinkConfig& link);

}  // namespace watchpost::settings
