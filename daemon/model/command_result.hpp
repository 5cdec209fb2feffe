// CommandResult: what became of a command, or why it was not done.
// Promise: the reasons have names that do not change, and words in two languages
// (command_words.hpp). Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/alarm.hpp"

namespace watchpost {

enum class Refusal : std::uint8_t {
  none,
  not_granted,
  not_from_here,    // nobody may from there
  not_an_upstream,  // what is asked for goes to the upstream that asks for it
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
  place_unknown,  // no known device hangs there
  already_out,
  not_out,
  already_tested,
  not_tested,
  drill_running,
  no_drill,
  nothing_sounds,
  output_unknown,
  output_under_test,
  no_range,  // of events, or one that is too long
  no_room,   // for one more device
  too_many,  // commands of one sender within a short time
  too_large,
  retained_copy,    // kept by a server, so nobody knows of when it is
  gateway_unknown,  // nothing was heard of it
  gateway_away,     // not connected here, or does not ask for commands
  too_many_below,   // commands on their way to gateways below
  no_answer,        // from there, in time
  refused_there,    // for a reason that is not known here
  not_kept,         // judged and not committed; the same key may be tried again
};
inline constexpr std::size_t kRefusalCount = static_cast<std::size_t>(Refusal::not_kept) + 1;
// "alarm_changed", ...: part of the local API and of `cmd/result`, never changed.
[[nodiscard]] std::string_view to_string(Refusal refusal);
[[nodiscard]] std::optional<Refusal> refusal_from(std::string_view name);

struct CommandResult {
  Refusal refusal = Refusal::none;
  bool is_repeat = false;    // answered from memory: it was done before
  std::string_view field{};  // which one is missing or too long
  std::int64_t most = 0;     // minutes, bytes, entries or commands: of what there is too much
  AlarmNumber alarm{};       // that it is about, with the present state
  std::uint32_t revision = 0;
  AlarmState state = AlarmState::normal;
  std::string taken_from{};  // who had taken it before; not told again of a repeat
  // Of send_state: the open alarms as the elements of a JSON array, in the order of the list that
  // people see: what nobody has taken first, of that the worst; and how many found no room there.
  std::optional<std::string> open_alarms{};
  std::size_t more_alarms = 0;
};

}  // namespace watchpost
