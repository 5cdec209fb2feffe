// Local client: asks the running daemon over its Unix socket.
// Promise: blocks until answered, refused, or the deadline; a daemon that is not running is a
// Failure that says how to start it. Used by the watchpost command, one call at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::cli {

// The body of GET `target`.
[[nodiscard]] Result<std::string> get(const std::filesystem::path& socket, std::string_view target);

// Calls `line` for each line of GET `target` until `line` returns false. A stream that the daemon
// ends earlier is a Failure.
[[nodiscard]] Result<void> follow(const std::filesystem::path& socket, std::string_view target,
                                  const std::function<bool(std::string_view)>& line);
// Calls `line` in the same way for an answer with an end; that the daemon ends it is no Failure.
[[nodiscard]] Result<void> read_lines(const std::filesystem::path& socket, std::string_view target,
                                      const std::function<bool(std::string_view)>& line);

}  // namespace watchpost::cli
