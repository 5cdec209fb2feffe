// Fact: what must be remembered across restarts besides records, as plain values.
// Promise: facts are committed in one transaction with the records they belong to, in the order in
// which their appends were handed over, and all that are in force come back when the store is
// opened. Today: persistent MQTT sessions, and what decoders have learnt. A new kind is a value
// here and a table of facts in spool/tables.
#pragma once

#include <cstddef>
#include <variant>
#include <vector>

#include "model/remembered.hpp"
#include "model/session_change.hpp"

namespace watchpost {

using Fact = std::variant<SessionChange, Remembered>;

// Roughly what it takes in memory and on disk, in bytes.
[[nodiscard]] inline std::size_t size_of(const Fact& fact) {
  constexpr std::size_t kRow = 64;
  const auto* remembered = std::get_if<Remembered>(&fact);
  if (remembered == nullptr) return kRow;
  return kRow + remembered->decoder.size() + remembered->key.size() + remembered->value.size();
}

// As they were when the store was opened.
struct StoredFacts {
  std::vector<StoredSession> sessions;
  std::vector<Remembered> remembered;  // the last value of each key
};

}  // namespace watchpost
