// What says that a thing works as it should, in words that elsewhere say danger: the flame of a
// boiler, the heat of a heating, the gas that a meter counts, smoke in a report of the weather.
// Promise: only a mere yes, or a 1, and only where topic or message speak of such a thing and of no
// detector: a word such as "alarm" is one there too. Pure; any thread.
#pragma once

#include <string_view>

#include "danger/topic_meaning.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

[[nodiscard]] bool says_that_it_runs(std::string_view name, const sdk::json::value& value,
                                     const TopicMeaning& topic);
// The same for each member, also in the objects inside; `object` without those.
[[nodiscard]] sdk::json::object without_what_runs(const sdk::json::object& object,
                                                  const TopicMeaning& topic);

}  // namespace watchpost::danger
