// Disk: what the filesystem of a folder says about its room.
// Promise: a filesystem that cannot be asked counts as one with room: writing will tell. Any
// thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/strong.hpp"

namespace watchpost::spool {

struct Disk {
  ByteCount free;  // for the user the daemon runs as
  ByteCount size;
  // While the disk is low, telemetry and status may only use pages that the store's file already
  // has.
  [[nodiscard]] bool is_low() const;
};
// The filesystem of `folder`; where `folder` does not exist yet, of the nearest folder above it.
[[nodiscard]] Disk disk_of(const std::filesystem::path& folder);

// "512 KiB", "64 MiB", "1.9 GiB".
[[nodiscard]] std::string text_of(ByteCount bytes);

// The largest quota that leaves the disk a fifth of its size; nothing where that is less than a
// quota can be.
[[nodiscard]] std::optional<ByteCount> quota_for(ByteCount disk_size);
// "Set store.quota to at most 819 MiB", or what else helps.
[[nodiscard]] std::string advice_on_quota(ByteCount disk_size);

// A quota that the whole disk cannot hold, in words with what to do; nothing where it can. A store
// under such a quota meets the full disk first: then new telemetry is refused, where under a quota
// the oldest would go.
[[nodiscard]] std::optional<std::string> remark_on_quota(const std::filesystem::path& folder,
                                                         ByteCount quota);

}  // namespace watchpost::spool
