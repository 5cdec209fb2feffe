// Signal: one thing that a message, a rule or the supervision says about one source.
// Promise: what a message says is found in one pass; a message at rest of a device without open
// alarms says nothing, and costs no memory. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "model/alarm.hpp"
#include "model/observation.hpp"

namespace watchpost::rules {

enum class Says : std::uint8_t {
  so,
  maybe,
  over,
  believable,  // the reading that an alarm rests on
};
enum class Told : std::uint8_t {
  now,
  late,  // a record of the past
  copy,  // by a broker's retained copy
};

// The texts live as long as what it was made from.
struct Signal {
  std::string_view device;
  Kind kind = Kind::unnamed_alarm;
  Condition condition = Condition::alarm;
  std::string_view rule{};  // of Condition::rule
  Says says = Says::so;
  Told told = Told::now;
  std::optional<Domain> domain{};     // where it is not the kind's
  std::optional<AlarmGrade> grade{};  // a rule's own
  std::string_view text{};            // a rule's, for people
  std::string_view text_zh{};
  std::optional<double> value{};  // of the quantity that the kind, or the rule, is about
  bool is_least = false;          // the peak is the least value
  std::optional<WallTime> observed_at{};
  bool is_doubtful = false;          // the reading that it rests on cannot be believed
  const Absence* absence = nullptr;  // of whom nothing is heard; lives as long as the texts
};

// Of its source, as a hash.
[[nodiscard]] std::size_t key_of(const Signal& signal);

struct Hearing {
  bool has_alarms = false;  // some are open for its device, so that what ends one is looked for too
  bool knows_time = true;   // our clock was set, so that one that differs is in doubt
};
void signals_of(const Observation& observation, Hearing hearing, std::vector<Signal>& signals);

}  // namespace watchpost::rules
