// Alarm log: alarms as the stored events tell of them, also those that were closed so long ago that
// the daemon's list has them no more.
// Promise: a reading that did not come to its end is a Failure, never a shorter list; alarms of
// gateways below this one are none of its own. Asks the running daemon; on the main thread.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace watchpost::cli {

class AlarmLog {
 public:
  // `socket`: where the daemon listens.
  explicit AlarmLog(std::string socket) : socket_(std::move(socket)) {}

  // The changes of an alarm, as events, oldest first: those recorded since it was raised; where
  // that is not known, all that are stored.
  [[nodiscard]] Result<std::vector<boost::json::object>> changes_of(
      const boost::json::object& alarm) const;
  // The alarm after the newest stored change of it, as the local API would give it; none where no
  // change of it is stored. `number`: "37", or "7f3a0001-37" for one of an epoch. Of several
  // epochs' alarms of one number it is that of which was told last.
  [[nodiscard]] Result<std::optional<boost::json::object>> last_told(std::string_view number) const;
  // Those that were closed within `back`, as last_told() gives them, the newest first; one whose
  // clock was unset is among them whatever its age.
  [[nodiscard]] Result<std::vector<boost::json::object>> closed_within(
      std::chrono::hours back) const;

 private:
  std::string socket_;
};

}  // namespace watchpost::cli
