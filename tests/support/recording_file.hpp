// RecordingFile: one file of SQLite under a RecordingVfs, in the memory that SQLite allocates for
// it.
// Promise: does what the system's file does, records it, and fails where a Fault says so.
// Called by SQLite only.
#pragma once

#include <sqlite3.h>

#include "support/recording_vfs.hpp"

namespace watchpost::support {

struct RecordingFile {
  sqlite3_file base;  // first member: SQLite sees only this
  RecordingVfs* vfs;
  bool is_watched;
  bool syncs_folder;  // with the first sync, because opening may have made the file
  StoreFile which;

  // The system's own file lies behind this one.
  [[nodiscard]] sqlite3_file* system() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

[[nodiscard]] const sqlite3_io_methods* recording_methods();

}  // namespace watchpost::support
