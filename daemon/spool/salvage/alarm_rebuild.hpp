// alarm_rebuild: after the rows of a damaged store were saved, the list of alarms is made to say
// what the saved records say (J1: no alarm leaves the open list without a transition).
// Promise: an alarm whose row is missing, or older than its newest saved record, gets a row of that
// record; a newer row stays. So no number of which a record tells is given again. What cannot be
// made again is named, or said to be unknown. Called at start-up, by one thread.
#pragma once

#include <functional>

#include "base/log.hpp"
#include "spool/spool.hpp"
#include "spool/writer/open_store.hpp"
#include "spool/writer/store_contents.hpp"

namespace watchpost::spool {

// Writes in the transaction that is under way; `contents`: what was read of the new store.
[[nodiscard]] Result<AlarmsSaved> rebuild_alarms(OpenStore& store, const StoreContents& contents,
                                                 const std::function<void()>& still_at_it);
// What of it a person must know; nothing where no alarm was touched and none can be missing.
void tell(const AlarmsSaved& alarms, Log& log);

}  // namespace watchpost::spool
