// Duty: what judgement must remember of the gateway as a whole: the siren silenced, a drill under
// way, when each output was tested. One row. A plain value; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/command.hpp"
#include "model/device.hpp"

namespace watchpost {

// What was heard when it was asked for is quiet until `until`: what waits for somebody since before
// `at`. What comes later sounds at once.
struct Silence {
  ServiceTime at{};
  ServiceTime until{};
  Actor by;
  friend bool operator==(const Silence&, const Silence&) = default;
};

struct Drill {
  DrillScope scope;
  ServiceTime from{};
  ServiceTime until{};
  Actor by;
  std::string note{};
  // Set once it is over: what it raised is then closed or turned real, some at a time.
  std::optional<Actor> ended_by{};
  friend bool operator==(const Drill&, const Drill&) = default;
};

// Under way.
struct OutputTest {
  std::string output;
  ServiceTime since{};
  Actor by;
  friend bool operator==(const OutputTest&, const OutputTest&) = default;
};

// How the newest test of an output ended.
struct OutputTested {
  std::string output;
  ToldHow how = ToldHow::accepted;
  std::string detail{};  // not in any language
  std::string by;
  Stamp at{};
  std::optional<ServiceTime> passed{};  // the newest test that it passed
  friend bool operator==(const OutputTested&, const OutputTested&) = default;
};

struct Duty {
  std::optional<Silence> silence{};
  std::optional<Drill> drill{};
  std::optional<OutputTest> output_test{};
  std::vector<OutputTested> tested{};  // one for each output that has a name in the configuration
  Stamp changed{};
  friend bool operator==(const Duty&, const Duty&) = default;
};
using SharedDuty = std::shared_ptr<const Duty>;

// About how much memory it takes.
[[nodiscard]] inline std::size_t memory_of(const Duty& duty) {
  std::size_t size = sizeof duty;
  if (duty.silence) size += memory_of(duty.silence->by);
  if (duty.output_test) size += memory_of(duty.output_test->by);
  for (const OutputTested& one : duty.tested)
    size += sizeof one + one.output.size() + one.detail.size() + one.by.size();
  if (!duty.drill) return size;
  size += memory_of(duty.drill->scope) + memory_of(duty.drill->by) + duty.drill->note.size();
  return duty.drill->ended_by ? size + memory_of(*duty.drill->ended_by) : size;
}

// All of judgement that is kept, as it was when the store was opened.
struct StoredJudgement {
  // Open ones, those closed within the last minutes, and those told late within the last day.
  std::vector<SharedAlarm> alarms{};
  std::uint64_t numbers_given = 0;  // the greatest serial ever given
  std::vector<SharedDevice> devices{};
  std::vector<SharedCommandDone> commands{};
  SharedDuty duty{};  // null: nothing
};

}  // namespace watchpost
