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
  drill_start,  // of the gateway, as the next two
  drill_end,
  silence_siren,
};
inline constexpr std::size_t kDutyActionCount =
    static_cast<std::size_t>(DutyAction::silence_siren) + 1;
[[nodiscard]] std::string_view to_string(DutyAction action);
[[nodiscard]] std::optional<DutyAction> action_from(std::string_view name);

using DutyActionSet = std::bitset<kDutyActionCount>;  // what a sender may do
[[nodiscard]] DutyActionSet all_actions();
// What an upstream may be granted: nothing that makes quiet what sounds here, or would.
[[nodiscard]] DutyActionSet upstream_actions();

// What a drill covers: whatever one of the lists names. All empty: everything.
struct DrillScope {
  std::vector<std::string> devices{};
  std::vector<std::string> places{};
  std::vector<Kind> kinds{};
  friend bool operator==(const DrillScope&, const DrillScope&) = default;
};

struct Command {
  DutyAction action = DutyAction::note;
  AlarmNumber alarm{};
  std::string device{};
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

enum class Refusal : std::uint8_t {
  none,
  not_granted,
  not_from_here,  // nobody may from there
  nobody_named,
  key_missing,
  key_reused,
  expired,
  expiry_missing,
  expiry_too_far,  // so that its key might be forgotten while it is still good
  clock_unset,     // so that nobody knows whether it has expired
  field_missing,
  field_too_long,
  too_long,  // a time beyond what is allowed
  revision_missing,
  alarm_unknown,
  alarm_changed,
  alarm_closed,
  not_taken,
  not_shelved,
  never_shelved,
  not_practice,
  no_more_stages,
  device_unknown,
  already_out,
  not_out,
  already_tested,
  not_tested,
  drill_running,
  no_drill,
  nothing_sounds,
  no_room,   // for one more device
  too_many,  // commands of one sender within a short time
  too_large,
  retained_copy,  // kept by a server, so nobody knows of when it is
  not_kept,       // judged and not committed; the same key may be tried again
};
inline constexpr std::size_t kRefusalCount = static_cast<std::size_t>(Refusal::not_kept) + 1;
// "alarm_changed", ...: part of the local API and of `cmd/result`, never changed.
[[nodiscard]] std::string_view to_string(Refusal refusal);

struct CommandResult {
  Refusal refusal = Refusal::none;
  bool is_repeat = false;    // answered from memory: it was done before
  std::string_view field{};  // which one is missing or too long
  std::int64_t most = 0;     // minutes, bytes, entries or commands: of what there is too much
  AlarmNumber alarm{};       // that it is about, with the present state
  std::uint32_t revision = 0;
  AlarmState state = AlarmState::normal;
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
  DrillScope scope{};
  std::string note{};
  std::optional<std::chrono::minutes> lasts{};
  Stamp at;
};

}  // namespace watchpost
