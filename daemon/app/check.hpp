// check: what --check-config says about a configuration that was read without a mistake.
// Promise: ends with 0 only where a file was read and the service could use it; every report names
// the file. Called by main, before any thread.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "app/service_unit.hpp"
#include "settings/config.hpp"
#include "settings/words.hpp"

namespace watchpost::app {

struct CheckedFile {
  const settings::Config& config;
  std::filesystem::path path;
  Language language = Language::english;
};

// What the service would find wrong with the configuration: checked with the rights of the
// service's user. Empty where the file is not the service's.
struct ServiceView {
  std::vector<settings::Words> mistakes;
  std::vector<settings::Words> notes;
};
[[nodiscard]] ServiceView view_of_service(const CheckedFile& file, const ServiceUnit& unit);

// With a full stop, except behind a path: people copy the command that it ends.
[[nodiscard]] std::string with_full_stop(const std::string& sentence);

// Writes each sentence as a line to `out`; returns true where there is no mistake.
[[nodiscard]] bool check(const CheckedFile& file, std::ostream& out);

}  // namespace watchpost::app
