// DayCourse: what the village publishes, message after message, in the order of simulated time.
// Promise: a function of its options alone (equal options, equal messages, byte for byte); its
// memory depends on the number of devices only. Pure; called by one owner.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "model/event_class.hpp"
#include "simulator/payloads.hpp"
#include "simulator/village.hpp"

namespace watchpost::simulator {

struct DayOptions {
  std::uint64_t seed = 1;
  double speed = 1'440;          // simulated seconds in one second
  double alarms_per_minute = 6;  // of real time, whatever the speed
  WallTime begin{};              // the wall's time when the simulated day begins
};

struct Planned {
  SimTime at{};
  std::size_t client = 0;
  Qos qos = Qos::at_least_once;
  EventClass purpose = EventClass::telemetry;
  std::string topic;
  std::string payload;
};

// The day begins with people getting up.
inline constexpr SimTime kDayBegin = std::chrono::hours(6);

class DayCourse {
 public:
  // `village` must have at least one device that reports by itself.
  DayCourse(Village& village, const DayOptions& options);
  // There is always a next one.
  [[nodiscard]] Planned next();

 private:
  enum class What : std::uint8_t {
    report,
    alarm_begins,  // somewhere
    alarm_confirmed,
    alarm_ends,
    tamper_begins,  // somewhere
    tamper_ends,
    offline_begins,  // somewhere
    offline_ends,
    round_begins,
    checkpoint,
  };
  struct Event {
    SimTime at{};
    std::uint64_t order = 0;
    What what{};
    std::size_t device = 0;     // or the position in the round
    std::size_t volunteer = 0;  // of checkpoint
    [[nodiscard]] bool operator>(const Event& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  // Of devices, positions and volunteers, which are all numbers.
  struct Whom {
    std::size_t device = 0;  // or the position in the round
    std::size_t volunteer = 0;
  };
  void plan(SimTime at, What what, Whom whom = {0, 0});
  void plan_later(What what, double mean_minutes);
  void happen(const Event& event);
  void happen_to_many(const Event& event);
  void begin_alarm();
  void begin_fault(What ends, bool tamper);
  void say(Device& device, EventClass purpose, std::string payload);
  void say_on(Device& device, std::string topic, EventClass purpose, std::string payload);
  void announce_availability(Device& device, bool online);
  void begin_round();
  void pass_checkpoint(const Event& event);
  [[nodiscard]] Moment moment() const;
  [[nodiscard]] SimTime minutes(double low, double high);
  [[nodiscard]] std::optional<std::size_t> choose(const std::vector<std::size_t>& from);

  Village& village_;
  DayOptions options_;
  Random random_;
  double alarm_minutes_ = 0;  // simulated, between two alarms on average
  std::vector<std::size_t> alarming_;
  std::vector<std::size_t> reporting_;
  std::vector<std::size_t> checkpoints_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::deque<Planned> said_;  // at most three messages of one event
  SimTime now_ = kDayBegin;
  std::uint64_t order_ = 0;
};

// Messages a simulated second, alarms and rounds left out.
[[nodiscard]] double reports_per_second(const Village& village);

}  // namespace watchpost::simulator
