// spool_defaults: what holds where nobody sets anything else. The configuration takes its defaults
// from here, and so do the options of the spool, so that its tests run with what boxes run with.
#pragma once

#include <chrono>

#include "base/strong.hpp"

namespace watchpost::spool {

// The database file never grows past this; of it, `reserve` is only for alarms and patrols, and
// delivered records are kept while the store is smaller than `history`.
inline constexpr ByteCount kDefaultQuota{2ULL << 30U};
inline constexpr ByteCount kLeastQuota{64ULL << 20U};
inline constexpr ByteCount kDefaultReserve{64ULL << 20U};
inline constexpr ByteCount kDefaultHistory{256ULL << 20U};
// Of the quota, what messages for clients that subscribe may take: those of one client, and all
// together, which is at most a quarter of the quota. A display that is off for a week misses
// nothing of a village: 64 MiB hold some 200,000 messages of 200 bytes.
inline constexpr ByteCount kDefaultClientQueue{64ULL << 20U};
inline constexpr ByteCount kDefaultClientQueues{256ULL << 20U};
// How long status and telemetry wait for company (decision 0015).
inline constexpr std::chrono::milliseconds kDefaultLinger{200};
// Waiting for a commit before sockets are not read any more.
inline constexpr ByteCount kDefaultCommitQueue{8ULL << 20U};

// How long a moved cursor waits for a commit to ride on. What it lags behind is sent again after a
// crash.
inline constexpr std::chrono::milliseconds kDefaultCursorRest{5'000};
// Taken on the disk beforehand, for alarms when others fill it; of the configuration's reserve at
// most. A commit of one alarm takes some 30 kB of the WAL, which is used again after each
// checkpoint; so this holds thousands.
inline constexpr ByteCount kDefaultDiskReserve{4U << 20U};

}  // namespace watchpost::spool
