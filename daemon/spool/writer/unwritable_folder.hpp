// unwritable_folder: why the store folder cannot be written, and where that is changed.
// Promise: tells a disk that is read-only from a folder that only this process may not write, as
// the systemd unit does it (ProtectSystem=strict), because what to do differs. Called when a store
// is opened.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::spool {

enum class ReadOnly : std::uint8_t {
  no,
  everybody,     // the file system itself: a failing disk, or mounted so
  this_process,  // the file system can be written, but not from here
};
// The text of /proc/self/mountinfo.
struct MountTable {
  std::string_view text;
};
// `folder` is absolute.
[[nodiscard]] ReadOnly read_only_at(const std::filesystem::path& folder, MountTable mounts);

// `error` is the errno of the attempt.
[[nodiscard]] Failure unwritable_folder(const std::filesystem::path& folder, int error);

}  // namespace watchpost::spool
