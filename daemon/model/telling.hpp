// Telling: what became of telling one output of an alarm, as it is kept with the alarm and shown.
// Promise: an enumerator of ToldHow and its name belong together for good; both are stored. A plain
// value; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/language.hpp"
#include "model/service_time.hpp"

namespace watchpost {

enum class ToldHow : std::uint8_t {
  accepted,
  unreached,    // no connection came about
  no_answer,    // none in time
  broken,       // the connection ended before the answer did
  status,       // the answer is no success; `detail`: "HTTP 500"
  refused,      // the answer is a success that says that it is none; `detail`: "errcode 45009"
  not_started,  // a command; `detail`: why
  failed,       // it ended; `detail`: "exit 1", "signal 6"
  overdue,      // it did not end in time, and was ended
};
inline constexpr std::size_t kToldHowCount = static_cast<std::size_t>(ToldHow::overdue) + 1;
[[nodiscard]] std::string_view to_string(ToldHow how);
[[nodiscard]] std::optional<ToldHow> told_how_from(std::string_view name);
[[nodiscard]] std::string_view told_word(ToldHow how, Language language);

// How an attempt ended, as a trouble says it.
struct HowTold {
  ToldHow how = ToldHow::accepted;
  std::string detail{};  // not in any language
  friend bool operator==(const HowTold&, const HowTold&) = default;
};

struct Telling {
  static constexpr std::size_t kMostDetail = 120;  // bytes

  std::string output;
  std::uint8_t stage = 0;       // of escalation
  ServiceTime waiting_since{};  // of the alarm, when it was told
  ToldHow how = ToldHow::accepted;
  std::string detail{};        // not in any language
  std::uint32_t attempts = 0;  // for this stage, the last one counted
  WallTime at{};               // of the last one
  friend bool operator==(const Telling&, const Telling&) = default;
};

}  // namespace watchpost
