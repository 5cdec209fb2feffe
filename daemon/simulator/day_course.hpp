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
  double alarms_per_minute = 6;  // in a minute of real time, whatever the speed
  WallTime begin{};              // the real time when the simulated day begins
};

struct Planned {
  SimTime at{};
  std::size_t client = 0;
  Qos qos = Qos::at_least_once;
  EventClass purpose = EventClass::telemetry;
  std::string topic;
  std::string payload;
};

// The simulated day begins when people get up.
inline constexpr SimTime kDayBegin = std::chrono::hours(6);

class DayCourse {
 public:
  // `village` must have at least one device that reports by itself.
  DayCourse(Village& village, const DayOptions& options);
  // The next message; there is always one.
  [[nodiscard]] Planned next();

 private:
  enum class What : std::uint8_t {
    report,
    alarm_begins,  // on a device that is chosen at that time
    alarm_confirmed,
    alarm_ends,
    tamper_begins,  // on a device that is chosen at that time
    tamper_ends,
    offline_begins,  // on a device that is chosen at that time
    offline_ends,
    round_begins,
    patrol_point,
  };
  struct Event {
    SimTime at{};
    std::uint64_t order = 0;
    What what{};
    std::size_t device = 0;     // for a patrol point: the position in the round
    std::size_t volunteer = 0;  // used for a patrol point only
    [[nodiscard]] bool operator>(const Event& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  // Whom an event concerns. Named members, because devices, positions and volunteers are all
  // numbers.
  struct Whom {
    std::size_t device = 0;  // for a patrol point: the position in the round
    std::size_t volunteer = 0;
  };
  void plan(SimTime at, What what, Whom whom = {0, 0});
  void plan_later(What what, double mean_minutes);
  void happen(const Event& event);
  void happen_to_many(const Event& event);
  void begin_alarm();
  void begin_fault(What ends, bool tamper);
  void say(Device& device, EventClass purpose, std::string payload);
  struct Words {
    EventClass purpose{};
    std::string payload;
  };
  void say_on(Device& device, std::string topic, Words words);
  void announce_availability(Device& device, bool online);
  void begin_round();
  void pass_patrol_point(const Event& event);
  [[nodiscard]] Scene scene() const;
  [[nodiscard]] SimTime minutes(Range range);
  [[nodiscard]] std::optional<std::size_t> choose(const std::vector<std::size_t>& from);

  Village& village_;
  DayOptions options_;
  Random random_;
  double alarm_minutes_ = 0;  // mean time between two alarms, in simulated minutes
  std::vector<std::size_t> alarming_;
  std::vector<std::size_t> reporting_;
  std::vector<std::size_t> patrol_points_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::deque<Planned> said_;  // messages of one event that next() has not given yet; at most three
  SimTime now_ = kDayBegin;
  std::uint64_t order_ = 0;
};

// Reports of all devices in a simulated second, without alarms and rounds.
[[nodiscard]] double reports_per_second(const Village& village);

}  // namespace watchpost::simulator
