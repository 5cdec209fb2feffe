// The duty part of the status: the alarms that are open, the worst first, and those for whom the
// list has no room. Promise: what is shown is on disk. Pure: every function is given a snapshot.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <vector>

#include "app/status_report.hpp"
#include "model/alarm.hpp"

namespace watchpost::app {

// Those that somebody is waited for first, then by level, then the newest.
[[nodiscard]] std::vector<SharedAlarm> open_alarms(const rules::Judgement& judgement);
// The first ones of them.
[[nodiscard]] boost::json::array alarms_json(const Snapshot& snapshot);
// How many are open, how many of them nobody has taken, how many more are said than the list has
// room for, and what is under way.
[[nodiscard]] boost::json::object duty_json(const Snapshot& snapshot);
// A drill, and a silence of the siren, where they are under way: who asked for it, and how long it
// still lasts.
void add_under_way(const rules::Judgement& judgement, SteadyTime now, boost::json::object& into);
[[nodiscard]] std::size_t count_open(const Snapshot& snapshot);
// Alarms that may be true and that nobody has taken: not a fault, nor what is shelved, out of
// service, tested or drilled.
[[nodiscard]] std::size_t count_untaken(const rules::Judgement& judgement);

}  // namespace watchpost::app
