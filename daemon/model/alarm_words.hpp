// What the states, causes, levels, outcomes and conditions of alarms are called for people.
// Promise: each has words in each language. Read by the command, the page and the log. Pure; any
// thread.
#pragma once

#include <string_view>

#include "model/alarm_grade.hpp"
#include "model/alarm_state.hpp"
#include "model/language.hpp"

namespace watchpost {

[[nodiscard]] std::string_view state_word(AlarmState state, Language language);
// Why an alarm changed, as a sentence without a full stop: "the device raised it".
[[nodiscard]] std::string_view event_sentence(AlarmEvent event, Language language);
// The same of an alarm of this condition: a rule and a silence are not the device's own word.
[[nodiscard]] std::string_view event_sentence(AlarmEvent event, Condition condition,
                                              Language language);
[[nodiscard]] std::string_view level_word(AlarmLevel level, Language language);
[[nodiscard]] std::string_view outcome_word(AlarmOutcome outcome, Language language);
// Of a fault; of Condition::alarm the kind says more (kind_words.hpp).
[[nodiscard]] std::string_view condition_word(Condition condition, Language language);

}  // namespace watchpost
