// Command: what a person or a street asks judgement to do, and what became of it.
// Promise: the same values for every way in: the command line, the local API, the page, an
// upstream. Who may do what, in which states and with which fields is one table
// (rules/command_table.hpp). Plain values; any thread.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/command_result.hpp"
#include "model/event_class.hpp"
#include "model/telling.hpp"
#include "model/transition.hpp"

namespace watchpost {

enum class DutyAction : std::uint8_t {
  take,  // acknowledge, as it may be named too: I see to it
  verify,
  arrive,
  note,
  close,
  shelve,
  unshelve,
  turn_real,  // of an alarm raised in a drill
  escalate,
  out_of_service,  // of a device, as the next three
  back_in_service,
  live_test_start,
  live_test_end,
  drill_start,  // of the gateway, as all that follow
  drill_end,
  silence_siren,
  test_output,
  send_state,  // the open alarms, with the answer; changes nothing
  replay,      // a range of events goes again to the upstream that asks for it
};
inline constexpr std::size_t kDutyActionCount = static_cast<std::size_t>(DutyAction::replay) + 1;
[[nodiscard]] std::string_view to_string(DutyAction action);
[[nodiscard]] std::optional<DutyAction> action_from(std::string_view name);

using DutyActionSet = std::bitset<kDutyActionCount>;  // what a sender may do
[[nodiscard]] DutyActionSet all_actions();
// What an upstream may be granted: nothing that makes quiet what sounds here, or would.
[[nodiscard]] DutyActionSet upstream_actions();

// What a drill covers: what each of its lists allows, and an empty list allows all. So smoke at a
// place is that place's smoke alone: what is outside is real.
struct DrillScope {
  std::vector<std::string> devices{};
  std::vector<std::string> places{};  // and what lies within them (place.hpp)
  std::vector<Kind> kinds{};
  struct Source {
    std::string_view device;
    std::string_view place;
    Kind kind;
  };
  [[nodiscard]] bool covers(const Source& source) const;
  friend bool operator==(const DrillScope&, const DrillScope&) = default;
};

struct Command {
  DutyAction action = DutyAction::note;
  std::string gateway{};  // a village below this one; empty: this one
  AlarmNumber alarm{};
  std::string device{};
  std::string output{};  // its name
  std::optional<EventClass> event_class{};
  Seq first{};  // of a range, as `last`; 0: not said
  Seq last{};
  DrillScope scope{};
  // Of the alarm, as its sender saw it.
  std::optional<std::uint32_t> seen_revision{};
  Actor by;
  DutyActionSet granted;
  std::string key{};  // the same for each try of one wish; nothing is done twice under one key
  std::optional<WallTime> expires{};
  std::string note{};  // words or reason
  std::optional<bool> is_true{};
  std::optional<AlarmOutcome> outcome{};
  std::string cause{};
  std::optional<std::chrono::minutes> lasts{};  // a shelving, a live test, a drill
};

// A command that was done, so that it is not done again.
struct CommandDone {
  std::string key;
  DutyAction action = DutyAction::note;
  std::string target{};  // what it was about, so that another wish under this key is refused
  CommandResult result;
  Stamp at;
  bool is_forgotten = false;  // the key's time is over: no row any more
};
using SharedCommandDone = std::shared_ptr<const CommandDone>;

[[nodiscard]] std::size_t memory_of(const CommandDone& done);  // about, as the next
[[nodiscard]] std::size_t memory_of(const DrillScope& scope);

// What was done to a device or to the gateway, by a person or by time; it becomes a record.
struct Deed {
  DutyAction action = DutyAction::drill_end;
  Actor actor;
  std::string device{};
  std::string output{};
  std::optional<ToldHow> how{};             // the test of the output ended
  std::string detail{};                     // of that
  std::optional<EventClass> event_class{};  // of the range that goes again, as the next two
  Seq first{};
  Seq last{};
  DrillScope scope{};
  std::string note{};
  std::optional<std::chrono::minutes> lasts{};
  Stamp at;
};

}  // namespace watchpost
