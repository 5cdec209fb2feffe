// The [[state_when]] rules of a mapping file.
// Promise: a rule that no value can fit, or that a rule above it always forestalls, is refused with
// its line: an alarm that hangs on it would never come. At start-up.
#pragma once

#include <vector>

#include "decode/mapping.hpp"
#include "decode/mapping_places.hpp"

namespace watchpost::decode {

[[nodiscard]] StateRule state_rule_in(TableReader& reader, PayloadFormat format);
// Of the last of `rules`, which `reader` has read.
void check_can_decide(const TableReader& reader, const std::vector<StateRule>& rules);
// Notes it where a rule above it that is of no alarm can fit the same message.
void note_hidden_alarm(const TableReader& reader, const std::vector<StateRule>& rules,
                       std::vector<Complaint>& notes);

}  // namespace watchpost::decode
