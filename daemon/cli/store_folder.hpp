// store_folder_of: where the running daemon keeps its store, for commands that read that beside it.
// Promise: a daemon that does not answer is a Failure that says how to name the folder. Main
// thread.
#pragma once

#include <string>

#include "base/result.hpp"

namespace watchpost::cli {

[[nodiscard]] Result<std::string> store_folder_of(const std::string& socket);

}  // namespace watchpost::cli
