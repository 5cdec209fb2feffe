// Alarm page: alarms as text for a person.
// Promise: absent fields read as empty, so a newer or older daemon still gives a page. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/status_text.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

struct PageShape {
  Language language = Language::english;
  std::size_t width = 0;  // 0: lines are not broken
};

// Of the answer to GET /v1/alarms.
[[nodiscard]] Result<std::string> alarms_page(std::string_view answer, const PageShape& shape);
// Of alarms that were closed within `back`, as events tell of them.
[[nodiscard]] std::string closed_page(const std::vector<boost::json::object>& closed,
                                      std::chrono::hours back, const PageShape& shape);
// Of one alarm, as GET /v1/alarm gives it, with its changes, as events have them, and how far they
// are at each upstream, by the status.
struct AlarmStory {
  boost::json::object alarm;
  std::vector<boost::json::object> changes;  // events
  boost::json::object status;
  std::optional<Failure> unread{};  // why its changes could not be read
};
[[nodiscard]] std::string alarm_page(const AlarmStory& story, const PageShape& shape);
// What became of a command: the answer to POST /v1/command.
[[nodiscard]] std::string done_line(const boost::json::object& answer, std::string_view what,
                                    Language language);
// How many more the list has no room for, where there are any: of GET /v1/alarms, or of the status.
void add_beyond(StatusText& page, const boost::json::object& counts);
// A drill or a silence under way, above everything else: of the same.
void add_under_way(StatusText& page, const boost::json::object& duty);

}  // namespace watchpost::cli
