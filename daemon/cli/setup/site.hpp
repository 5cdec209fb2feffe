// Site: what a site says of itself, and the configuration that is made of it.
// Promise: the text reads back as what was given, or is refused with the sentences of
// --check-config. Pure but for the files that it names.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "settings/config_file.hpp"

namespace watchpost::cli {

struct Site {
  std::string id;
  std::string area;
  std::string street;    // empty: none yet
  std::string username;  // empty: none
  std::string password;  // goes into a file of its own
  std::string ca_file;
  bool is_old_protocol = false;  // the street speaks MQTT 3.1.1 only
};

// The file beside the configuration in which the street's password stands.
inline constexpr const char* kPasswordFile = "street.password";

[[nodiscard]] std::string config_text(const Site& site);
// The configuration as the daemon would read it; the password file need not be there yet.
[[nodiscard]] settings::ParsedConfig config_of(const Site& site, const std::filesystem::path& file);

}  // namespace watchpost::cli
