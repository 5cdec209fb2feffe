// Fact: what must be remembered across restarts besides records, as plain values.
// Promise: facts are committed in one transaction with the records they belong to, in the order in
// which their appends were handed over, and all that are in force come back when the store is
// opened. Today: persistent MQTT sessions; alarms and devices are to follow. A new kind is a value
// here and a table of facts in spool/tables.
#pragma once

#include <variant>
#include <vector>

#include "model/session_change.hpp"

namespace watchpost {

using Fact = std::variant<SessionChange>;

// As they were when the store was opened.
struct StoredFacts {
  std::vector<StoredSession> sessions;
};

}  // namespace watchpost
