// Files that cannot be read: which folder or file is closed, and what opens it.
// Promise: nobody is told to open the home of root or of a person; there the file has to move.
// Used by the configuration and its check, at start-up; way_to_read() looks with the rights of the
// process.
#pragma once

#include <filesystem>
#include <string>

#include "settings/words.hpp"

namespace watchpost::settings {

// Below /home or /root, which the unit keeps from the service (ProtectHome=).
[[nodiscard]] bool is_hidden_from_service(const std::filesystem::path& path);

// The name of the user as whom the process runs.
struct RunningAs {
  const std::string& user;
};
// For a file that the process may not read.
[[nodiscard]] Words way_to_read(const std::filesystem::path& file, RunningAs who);

}  // namespace watchpost::settings
