// spool_defaults: what holds where nobody sets anything else. The configuration takes its defaults
// from here, and so do the options of the spool, so that its tests run with what boxes run with.
#pragma once

#include <chrono>

#include "base/strong.hpp"

namespace watchpost::spool {

// The database file never grows past this; of it, `reserve` is only for alarms and patrols, and
// settled records are kept while the store is smaller than `history`.
inline constexpr ByteCount kDefaultQuota{2ULL << 30U};
inline constexpr ByteCount kDefaultReserve{64ULL << 20U};
inline constexpr ByteCount kDefaultHistory{256ULL << 20U};
// How long status and telemetry wait for company (decision 0015).
inline constexpr std::chrono::milliseconds kDefaultLinger{200};
// Waiting for a commit before sockets are not read any more.
inline constexpr ByteCount kDefaultCommitQueue{8ULL << 20U};

}  // namespace watchpost::spool
