// The mark of a copy made by `watchpost backup`, in SQLite's application_id: it is a part of the
// file, so it is there whole or not, and goes in the transaction that begins the copy's own epoch.
#pragma once

#include <cstdint>

namespace watchpost::spool {

inline constexpr std::int64_t kBackupMark = 0x57504255;  // "WPBU"
inline constexpr const char* kSelectBackupMark = "PRAGMA application_id";
inline constexpr const char* kSetBackupMark = "PRAGMA application_id = 1464877653";
inline constexpr const char* kRemoveBackupMark = "PRAGMA application_id = 0";

}  // namespace watchpost::spool
