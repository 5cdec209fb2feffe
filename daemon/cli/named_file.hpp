// Files that a person names on the command line of watchpost.
// Promise: whatever the path names, nothing waits and nothing is changed: only a regular file that
// may be read is opened. Used by the commands, on the main thread.
#pragma once

#include <string>

#include "base/result.hpp"

namespace watchpost::cli {

// Fails for a folder, a pipe, an empty file, and what may not be read or does not exist.
[[nodiscard]] Result<void> must_be_readable(const std::string& file);
[[nodiscard]] Result<std::string> content_of(const std::string& file);

}  // namespace watchpost::cli
