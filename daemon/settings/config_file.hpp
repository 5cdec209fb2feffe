// Reading and printing watchpost.toml and what is added to it in conf.d.
// Promise: every mistake of a file is reported in one run, each with its place, what is wrong and
// what to write instead, in English and Chinese; print_config prints TOML that reads back as the
// same Config (secrets left out). Called by main at start-up, before any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "settings/config.hpp"

namespace watchpost::settings {

struct ConfigMistake {
  std::string file{};
  unsigned line = 0;  // 0: about the file as a whole
  unsigned column = 0;
  unsigned part = 0;  // which of the files, while they are read; `file` is its name
  std::string key{};  // "upstream.window"; empty: about a line
  Words what{};       // what is wrong: "5000 cannot be used; write a whole number from 1 to 1000"
  Words next{};       // what to do, where `what` does not say it

  // "file:12:10: upstream.window: 5000 cannot be used; write a whole number from 1 to 1000."
  [[nodiscard]] std::string sentence(Language language = Language::english) const;
};

struct ConfigMistakes {
  std::vector<ConfigMistake> list;
  [[nodiscard]] std::string text(Language language = Language::english) const;  // a line each
};
[[noreturn]] void throw_exception_from_error(const ConfigMistakes& mistakes,
                                             const boost::source_location& where);

using ParsedConfig = boost::system::result<Config, ConfigMistakes>;

// The folder in which the systemd unit keeps the store (StateDirectory=).
inline constexpr std::string_view kServiceStore = "/var/lib/watchpost";

// What the process knows besides the file.
struct ConfigSurroundings {
  std::string host_name;
  std::optional<std::filesystem::path> store_directory;    // command line: wins over the file
  std::optional<std::filesystem::path> state_directory;    // $STATE_DIRECTORY of systemd
  std::optional<std::filesystem::path> runtime_directory;  // $RUNTIME_DIRECTORY of systemd
  std::optional<std::filesystem::path> mappings;           // installed with this program
  // The configuration as it is installed with this program; used where no file is named. It need
  // not exist.
  std::optional<std::filesystem::path> installed_config;
  bool is_installed_config = false;        // the file to be read is installed_config
  std::string user_name;                   // the user who must be able to read the files
  std::vector<std::string> own_addresses;  // of this machine's network interfaces
  // The size of the disk that holds this path, or will hold it; nothing where the size is not
  // known.
  std::function<std::optional<ByteCount>(const std::filesystem::path&)> disk_size;

  [[nodiscard]] static ConfigSurroundings of_process();
};

// The configuration of a gateway without a file: it listens on loopback, stores locally and
// forwards nowhere.
[[nodiscard]] Config default_config(const ConfigSurroundings& surroundings);
// `file` and behind it, in the order of their names, conf.d/*.toml beside it: a key that stands
// again counts anew, sections in double brackets are added. The installed configuration need not
// exist; then the box is not set up, and the defaults hold.
[[nodiscard]] ParsedConfig parse_config(const std::filesystem::path& file,
                                        const ConfigSurroundings& surroundings);
// The conf.d/*.toml that belong to `file`, in the order in which they are read.
[[nodiscard]] std::vector<std::filesystem::path> additions_to(const std::filesystem::path& file);
struct ConfigText {
  std::string_view text;
};
// `file` is the name that mistakes show, and relative paths start in its folder.
[[nodiscard]] ParsedConfig parse_config_text(ConfigText text, const std::filesystem::path& file,
                                             const ConfigSurroundings& surroundings);
// A file that was read, of several that are one configuration.
struct ConfigPart {
  std::filesystem::path file;
  std::string text{};
};
// Relative paths start in the folder of the first.
[[nodiscard]] ParsedConfig parse_config_parts(const std::vector<ConfigPart>& parts,
                                              const ConfigSurroundings& surroundings);

// The effective configuration as TOML; above each key stand its sentence and its limits.
[[nodiscard]] std::string print_config(const Config& config);

// The password of a link: the one in the file, or the first line of `password_file`; empty for
// none.
[[nodiscard]] Result<std::string> password_of(const LinkConfig& link);
// Of a file that holds a secret.
[[nodiscard]] Result<std::string> first_line_of(const std::filesystem::path& file);

}  // namespace watchpost::settings
