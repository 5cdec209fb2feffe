// act: what a person on duty asks the running daemon: `watchpost alarms`, `alarm`, `ack`, `close`,
// ... Promise: nothing is done twice: each call has a key of its own, or the one that is given, and
// says it where the wish may have to be sent again; a wish about an alarm is sent with the revision
// that the person names, else with none. On the main thread.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/command.hpp"

namespace watchpost::cli {

struct AskOptions {
  std::string socket;
  std::string language;
  std::string alarm;  // the number; empty: all
  bool as_json = false;
};
// What the daemon answers at this target, as an object.
[[nodiscard]] Result<boost::json::object> ask(const AskOptions& options, const std::string& target);
[[nodiscard]] int show_alarms(const AskOptions& options);
// Those that were closed within `back`, from the stored events.
[[nodiscard]] int show_closed(const AskOptions& options, std::chrono::hours back);
[[nodiscard]] int show_alarm(const AskOptions& options);

struct ActOptions {
  AskOptions ask;
  std::string command;  // as the person calls it
  DutyAction action = DutyAction::note;
  std::string device;
  std::string output;
  std::string by;
  std::string from;
  std::string note;
  std::string key;
  std::string outcome;
  std::string cause;
  std::optional<std::uint32_t> revision{};
  std::int64_t minutes = 0;
  bool is_true = false;
  bool is_false = false;
  std::vector<std::string> devices{}, places{}, kinds{};
};
[[nodiscard]] int run_act(const ActOptions& options);

// Where a person sits, where nothing else is said: the host of an SSH session, or the terminal.
[[nodiscard]] std::string usual_from();
// The host from which somebody logged in at a terminal, as utmp has it; empty where it says none.
[[nodiscard]] std::string host_at_terminal(std::string_view terminal);
[[nodiscard]] std::string new_key();

}  // namespace watchpost::cli
