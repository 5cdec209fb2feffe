// RuleWatch: what one rule remembers of one device between two transitions.
// Promise: a reading that is null, unknown, doubtful or older than the last one changes nothing; a
// gap stays a gap: nothing is filled in. Whether an alarm is open is not remembered here, but asked
// of the alarms themselves. Pure; I/O thread only.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "model/service_time.hpp"
#include "model/site_rule.hpp"
#include "rules/signal.hpp"

namespace watchpost::rules {

// One reading, when it was measured by the clock that counts (conditions.hpp).
struct Sample {
  ServiceTime at{};
  Reading::Value value{};
};

// The least readings of a window, in parts of it: bounded, however often a device reports. What
// shares a part with something older may go a sixteenth of the window early, which makes a rise
// less than it was, never more.
class RiseWindow {
 public:
  // False: older than the window.
  bool add(ServiceTime at, double value, std::chrono::milliseconds window);
  struct Found {
    double least = 0;
    std::size_t readings = 0;
  };
  // Up to `at`, the reading of that time included.
  [[nodiscard]] Found look(ServiceTime at, std::chrono::milliseconds window) const;

 private:
  static constexpr std::size_t kParts = 16;
  struct Part {
    std::int64_t number = -1;  // of the part of time; none
    ServiceTime at{};          // of the least
    double least = 0;
    std::size_t readings = 0;
  };
  std::array<Part, kParts + 1> parts_{};
};

struct RuleWatch {
  RuleWatch(const SiteRule& of, std::string whose) : rule(&of), device(std::move(whose)) {}

  // What a step that fails takes back.
  struct State {
    std::optional<ServiceTime> holds_since{};
    std::optional<ServiceTime> over_since{};
    std::optional<ServiceTime> newest{};
    std::optional<double> last{};
    bool is_told = false;  // that it holds, or is over, since then
    friend bool operator==(const State&, const State&) = default;
  };

  // What the rule says once it has heard this; nothing: no news.
  [[nodiscard]] std::optional<Says> hear(const Sample& sample);
  // When it says something by itself; nothing: never.
  [[nodiscard]] std::optional<ServiceTime> due() const;
  // It does.
  [[nodiscard]] std::optional<Says> tick(ServiceTime now);

  const SiteRule* rule;
  std::string device;
  State state{};

 private:
  enum class Side : std::uint8_t { holds, between, over };
  [[nodiscard]] std::optional<Side> side_of(const Sample& sample);
  [[nodiscard]] Side side_of_number(ServiceTime at, double value);
  std::optional<RiseWindow> window_{};  // of a rise
};

}  // namespace watchpost::rules
