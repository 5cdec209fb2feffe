#include "simulator/day_course.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::simulator {
namespace {

constexpr double kTamperEveryMinutes = 240;
constexpr double kOfflineEveryMinutes = 180;
constexpr double kMissedPatrolPoint = 0.04;
constexpr double kSecondsPerMinute = 60;

SimTime from_minutes(double value) {
  return SimTime(static_cast<SimTime::rep>(value * kSecondsPerMinute * 1'000));
}

// Hours of the rounds: before work, morning, afternoon, evening and night.
constexpr std::array kRoundHours{6.5, 9.0, 14.5, 19.5, 22.5};

SimTime next_round(SimTime now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  for (const double hour : kRoundHours) {
    const SimTime at = day + from_minutes(hour * 60);
    if (at > now) return at;
  }
  return day + std::chrono::days(1) + from_minutes(kRoundHours.front() * 60);
}

EventClass purpose_of(const Device& device) {
  const bool alarm =
      device.condition == Condition::alarm || device.condition == Condition::suspected;
  if (alarm) return EventClass::alarm;
  const bool detector = facts_of(device.family).alarm != AlarmForm::none;
  return detector ? EventClass::status : EventClass::telemetry;
}

}  // namespace

double reports_per_second(const Village& village) {
  double sum = 0;
  for (const Device& device : village.devices) {
    const auto every = facts_of(device.family).report_minutes;
    if (every > 0) sum += 1 / (every * kSecondsPerMinute);
  }
  return sum;
}

DayCourse::DayCourse(Village& village, const DayOptions& options)
    : village_(village), options_(options), random_(options.seed ^ 0xA5A5A5A5ULL) {
  for (std::size_t i = 0; i < village_.devices.size(); ++i) {
    const auto& facts = facts_of(village_.devices[i].family);
    if (facts.alarm != AlarmForm::none) alarming_.push_back(i);
    if (facts.report_minutes == 0) {
      patrol_points_.push_back(i);
      continue;
    }
    reporting_.push_back(i);
    plan(now_ + minutes({0, static_cast<double>(facts.report_minutes)}), What::report,
         {.device = i});
  }
  WATCHPOST_INVARIANT(!reporting_.empty());
  if (options_.alarms_per_minute > 0 && !alarming_.empty()) {
    alarm_minutes_ = options_.speed / options_.alarms_per_minute;
    // The first alarm comes soon, because a person who watches for ten seconds should see one.
    plan(now_ + minutes({alarm_minutes_ / 20, alarm_minutes_ / 5}), What::alarm_begins);
  }
  plan_later(What::tamper_begins, kTamperEveryMinutes);
  plan_later(What::offline_begins, kOfflineEveryMinutes);
  if (!patrol_points_.empty()) plan(next_round(now_), What::round_begins);
}

Planned DayCourse::next() {
  while (said_.empty()) {
    const Event event = events_.top();
    events_.pop();
    now_ = event.at;
    happen(event);
  }
  Planned planned = std::move(said_.front());
  said_.pop_front();
  return planned;
}

void DayCourse::happen(const Event& event) {
  if (event.what != What::report) return happen_to_many(event);
  Device& device = village_.devices[event.device];
  const double every = facts_of(device.family).report_minutes;
  plan(now_ + minutes({every * 0.95, every * 1.05}), What::report, {.device = event.device});
  if (!device.online) return;
  say(device, purpose_of(device), report(device, scene()));
}

void DayCourse::happen_to_many(const Event& event) {
  Device& device = village_.devices[event.device];
  switch (event.what) {
    case What::report:
      return;
    case What::alarm_begins:
      plan_later(What::alarm_begins, alarm_minutes_);
      return begin_alarm();
    case What::alarm_confirmed:
      device.condition = Condition::alarm;
      plan(now_ + minutes({10, 40}), What::alarm_ends, {.device = event.device});
      return say(device, EventClass::alarm, report(device, scene()));
    case What::alarm_ends:
      device.condition = Condition::normal;
      return say(device, EventClass::status, all_clear(device, scene()));
    case What::tamper_begins:
      plan_later(What::tamper_begins, kTamperEveryMinutes);
      return begin_fault(What::tamper_ends, true);
    case What::tamper_ends:
      device.condition = Condition::normal;
      return say(device, EventClass::status, report(device, scene()));
    case What::offline_begins:
      plan_later(What::offline_begins, kOfflineEveryMinutes);
      return begin_fault(What::offline_ends, false);
    case What::offline_ends:
      device.online = true;
      return announce_availability(device, true);
    case What::round_begins:
      plan(next_round(now_), What::round_begins);
      return begin_round();
    case What::patrol_point:
      return pass_patrol_point(event);
  }
}

void DayCourse::begin_alarm() {
  const auto chosen = choose(alarming_);
  if (!chosen) return;
  Device& device = village_.devices[*chosen];
  switch (facts_of(device.family).alarm) {
    case AlarmForm::none:
      return;
    case AlarmForm::press:
      return say(device, EventClass::alarm, press(device, scene()));
    case AlarmForm::three_publishes:
      // Zigbee2MQTT publishes two messages for one press.
      say(device, EventClass::alarm, press(device, scene()));
      say_on(device, device.topic + "/action", {EventClass::alarm, "emergency"});
      return say(device, EventClass::status, press_over(device));
    case AlarmForm::suspected_first:
      device.condition = Condition::suspected;
      plan(now_ + minutes({1, 5}), What::alarm_confirmed, {.device = *chosen});
      return say(device, EventClass::alarm, report(device, scene()));
    case AlarmForm::plain:
      device.condition = Condition::alarm;
      plan(now_ + minutes({10, 40}), What::alarm_ends, {.device = *chosen});
      return say(device, EventClass::alarm, report(device, scene()));
  }
}

void DayCourse::begin_fault(What ends, bool tamper) {
  const auto chosen = choose(reporting_);
  if (!chosen) return;
  Device& device = village_.devices[*chosen];
  plan(now_ + minutes({20, 90}), ends, {.device = *chosen});
  if (tamper) {
    device.condition = Condition::tamper;
    return say(device, EventClass::status, report(device, scene()));
  }
  device.online = false;
  announce_availability(device, false);
}

// Zigbee2MQTT and Shelly publish that a device is away; the other families just fall silent.
void DayCourse::announce_availability(Device& device, bool online) {
  const Via via = facts_of(device.family).via;
  if (via == Via::zigbee_bridge) {
    say_on(device, device.topic + "/availability",
           {EventClass::status, online ? R"({"state":"online"})" : R"({"state":"offline"})"});
  } else if (device.family == Family::shelly_smoke) {
    say_on(device, device.id + "/online", {EventClass::status, online ? "true" : "false"});
  } else if (device.family == Family::shelly_flood) {
    say_on(device, "shellies/" + device.id + "/online",
           {EventClass::status, online ? "true" : "false"});
  }
}

void DayCourse::begin_round() {
  plan(now_ + minutes({0, 6}), What::patrol_point,
       {.device = 0, .volunteer = random_.below(village_.tags.size())});
}

void DayCourse::pass_patrol_point(const Event& event) {
  const std::size_t position = event.device;
  if (position + 1 < patrol_points_.size()) {
    plan(now_ + minutes({3, 9}), What::patrol_point,
         {.device = position + 1, .volunteer = event.volunteer});
  }
  if (random_.chance(kMissedPatrolPoint)) return;
  Device& reader = village_.devices[patrol_points_[position]];
  say(reader, EventClass::patrol, scan(reader, village_.tags[event.volunteer], scene()));
}

// Chooses a device in the normal state; nothing when a few tries find none.
std::optional<std::size_t> DayCourse::choose(const std::vector<std::size_t>& from) {
  constexpr int kTries = 20;
  for (int i = 0; i < kTries; ++i) {
    const std::size_t chosen = from[random_.below(from.size())];
    const Device& device = village_.devices[chosen];
    if (device.online && device.condition == Condition::normal) return chosen;
  }
  return std::nullopt;
}

void DayCourse::say(Device& device, EventClass purpose, std::string payload) {
  say_on(device, device.topic, {purpose, std::move(payload)});
}

void DayCourse::say_on(Device& device, std::string topic, Words words) {
  said_.push_back(Planned{now_, device.client, device.qos, words.purpose, std::move(topic),
                          std::move(words.payload)});
}

void DayCourse::plan(SimTime at, What what, Whom whom) {
  events_.push(Event{at, order_++, what, whom.device, whom.volunteer});
}

// Plans `what` after an exponentially distributed wait, as for events that nobody plans.
void DayCourse::plan_later(What what, double mean_minutes) {
  const double wait = -std::log(1 - random_.unit()) * mean_minutes;
  plan(now_ + from_minutes(std::max(0.001, wait)), what);
}

SimTime DayCourse::minutes(Range range) {
  return from_minutes(random_.in(range));
}

Scene DayCourse::scene() const {
  const auto passed = std::chrono::duration<double>(now_ - kDayBegin) / options_.speed;
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(passed);
  return Scene{now_, options_.begin + wall, weather_at(options_.seed, now_)};
}

}  // namespace watchpost::simulator
