// The table of commands: for each action what it is about, which fields it needs and how long it
// may last; what an upstream may do at all is in model/command (upstream_actions). In which states,
// the table of events says (life_cycle.hpp). Promise: the command line, the local API, the page and
// an upstream go by the same rows. Pure; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/command.hpp"

namespace watchpost::rules {

enum class Target : std::uint8_t { alarm, device, gateway };

// Fields that must be there.
struct Needs {
  bool note = false;
  bool is_true = false;
  bool outcome = false;
  bool lasts = false;
  bool revision = false;
  bool output = false;
  bool range = false;  // of events
};

struct DutyActionRow {
  DutyAction action;
  Target target;
  AlarmEvent event;  // of the alarm, or of each of the device; `noted`: nothing happens to one
  Needs needs;
  std::chrono::minutes most{0};  // of `lasts`
};
[[nodiscard]] const DutyActionRow& row_of(DutyAction action);

// Longest texts, in bytes: of a key; of a person or a place; of a device, as decoders have it; of
// words.
inline constexpr std::size_t kMostKey = 128;
inline constexpr std::size_t kMostName = 128;
inline constexpr std::size_t kMostDevice = 1'024;
inline constexpr std::size_t kMostNote = 2'000;
inline constexpr std::size_t kMostScope = 1'000;        // entries of a list
inline constexpr std::uint64_t kMostReplayed = 10'000;  // events by one command
// Of commands that were done the newest are kept, and none for longer.
inline constexpr std::chrono::hours kKeyKept{24 * 7};
inline constexpr std::size_t kMostKeys = 20'000;
inline constexpr std::chrono::minutes kSilence{2};
// A command of an upstream is good for no longer: at the pace at which upstreams may send, no key
// is forgotten in that time, so what is replayed is known or has expired.
inline constexpr std::chrono::minutes kMostAhead{60};

[[nodiscard]] CommandResult refused(Refusal why);
struct FieldLength {
  std::string_view field;
  std::size_t is;
  std::size_t most;
};
// Nothing where the field is not longer than it may be.
[[nodiscard]] std::optional<CommandResult> too_long(const FieldLength& length);

// What is wrong with the command by itself, whatever there is to be done it to: with its sender and
// its key, which say whether it is answered at all; then with its time and its fields.
[[nodiscard]] CommandResult check_sender(const Command& command);
[[nodiscard]] CommandResult check_wish(const Command& command, const ClockReading& now);

}  // namespace watchpost::rules
