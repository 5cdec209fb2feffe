// What says that a thing works as it should, in words that elsewhere say danger: the flame of a
// boiler, the heat of a heating, the gas that a meter counts, smoke in a report of the weather.
// Promise: only a mere yes, or a 1, and only where topic or message speak of such a thing and of no
// detector: a word such as "alarm" is one there too. Pure; any thread.
#pragma once

#include <string_view>

#include "danger/topic_meaning.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

// True where `place` names a thing that works with `danger` ("heating/boiler1"), and no place that
// is named after one ("boiler_room").
[[nodiscard]] bool speaks_of_appliance(std::string_view place, Danger danger);
// `object` without the members that say only that such a thing runs, also in the objects inside. A
// mere yes to smoke, of a thing that smokes when it works, is told under the name of that thing: as
// not understood.
[[nodiscard]] sdk::json::object without_what_runs(const sdk::json::object& object,
                                                  const TopicMeaning& topic);

// True where the topic, or the message itself, names a machine whose bare alarm is a fault of its
// own ("ups/alarm", {"device":"build server","status":"alarm"}).
[[nodiscard]] bool is_of_machine(const sdk::json::object& object, std::string_view place);

}  // namespace watchpost::danger
