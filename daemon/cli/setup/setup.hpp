// watchpost setup: makes the configuration of the site, and has the service use it.
// Promise: nothing is written before every value was checked, and a configuration that is there is
// left alone unless --replace is given, which keeps the old one. What was not given as an option is
// asked where a person sits at a terminal. Called once, from main, on the main thread. The exit
// code: 0 = set up, 1 = not, because a check failed, 2 = could not begin.
#pragma once

#include <filesystem>
#include <string>

namespace watchpost::cli {

struct SetupOptions {
  std::filesystem::path config = "/etc/watchpost/watchpost.toml";
  std::string id;             // --id
  std::string area;           // --area
  std::string street;         // --street: mqtt(s)://host:port
  std::string username;       // --username
  std::string password_file;  // --password-file: its first line is the password
  std::string ca_file;        // --ca-file: of the street's authority
  bool no_street = false;     // --no-street: set up without a street
  bool no_check = false;      // --no-check: the street is not asked
  bool replace = false;       // --replace
  bool no_restart = false;    // --no-restart
  std::string language;       // --lang
};

[[nodiscard]] int run_setup(const SetupOptions& options);

}  // namespace watchpost::cli
