// store_check: whether the service could use the store folder, before it is started.
// Promise: nothing is created or changed. A folder that is not there yet is good where it may be
// made. Used by --check-config.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "settings/words.hpp"

namespace watchpost::app {

struct StoreFolder {
  std::filesystem::path path;
  bool is_made_by_systemd = false;  // StateDirectory=: where it is not there, systemd makes it
};

// What keeps everybody from using it: a file in its place, a file system that is read-only.
[[nodiscard]] std::optional<settings::Words> unusable_store(const StoreFolder& folder);
// What keeps `user` from using it, too. Only root may ask.
[[nodiscard]] std::optional<settings::Words> unusable_store_for(const std::string& user,
                                                                const StoreFolder& folder);

}  // namespace watchpost::app
