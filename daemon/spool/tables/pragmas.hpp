// pragmas: how the connections of the store are set up, and what several of them say to SQLite.
#pragma once

namespace watchpost::spool::sql {

// synchronous=FULL: in WAL mode each COMMIT syncs the WAL before it returns
// (sqlite.org/pragma.html). Checkpoints are ours (checkpointer.cpp): the automatic ones run inside
// a COMMIT and stall it.
inline constexpr const char* kConfigureWriter =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;";
// The checkpointer only moves pages; the level decides whether it syncs them.
inline constexpr const char* kConfigureCheckpointer =
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-64;";
inline constexpr const char* kConfigureReader =
    "PRAGMA query_only=1; PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;";
inline constexpr const char* kSynchronous = "PRAGMA synchronous";
inline constexpr const char* kUserVersion = "PRAGMA user_version";
inline constexpr const char* kPageSize = "PRAGMA page_size";

inline constexpr const char* kBegin = "BEGIN IMMEDIATE";
inline constexpr const char* kCommit = "COMMIT";

}  // namespace watchpost::spool::sql
