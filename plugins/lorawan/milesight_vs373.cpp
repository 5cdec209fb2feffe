// VS373, fall detection by radar, both firmware lines (1.0.1, 1.0.2).
#include <algorithm>

#include "lorawan/milesight_hooks.hpp"
#include "sdk/bytes.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan::milesight {
namespace {

constexpr std::array<std::string_view, 5> kDetections{"normal", "vacant", "in_bed", "out_of_bed",
                                                      "fall"};
constexpr std::array<std::string_view, 9> kEvents{"fall",       "motionless", "dwell",
                                                  "out_of_bed", "occupied",   "vacant",
                                                  "bradypnea",  "tachypnea",  "lying_down"};
constexpr unsigned kFallDetected = 4;
constexpr unsigned kFallEvent = 0;
constexpr unsigned kOccupied = 4;
constexpr unsigned kVacant = 5;

template <std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, unsigned code) {
  return code < N ? words[code] : std::string_view("unknown");
}

struct Event {
  unsigned alarm_id = 0;
  unsigned type = 0;
  unsigned status = 0;
};

// 1 triggered, 2 deactivated, 3 ignored: the maker's code, where its manual counts from 0. What is
// not a fall and still an alarm of the room (nobody moves, out of bed for too long) is a suspicion.
watchpost_state state_of(const Event& event) {
  if (event.type == kOccupied || event.type == kVacant) return WATCHPOST_INFO;
  switch (event.status) {
    case 1:
      return event.type == kFallEvent ? WATCHPOST_ALARM : WATCHPOST_SUSPECTED;
    case 2:
      return WATCHPOST_CLEARED;
    case 3:
      return WATCHPOST_NORMAL;
    case 4:
      return WATCHPOST_INFO;  // how somebody breathes
    default:
      return WATCHPOST_UNKNOWN;
  }
}

void add(const Event& event, sdk::Observation& observation) {
  const auto state = state_of(event);
  settle(observation, WATCHPOST_FALL, state);
  observation.number({"device_alarm_id"}, event.alarm_id);
  observation.text({"event"}, word(kEvents, event.type));
  if (state == WATCHPOST_UNKNOWN) observation.flag("not_understood");
}

Event event_in(sdk::ByteReader& bytes) {
  Event event;
  event.alarm_id = bytes.u16le();
  event.type = bytes.u8();
  event.status = bytes.u8();
  return event;
}

double seconds_of(sdk::ByteReader& bytes, bool long_form) {
  const unsigned low = bytes.u16le();
  return low + (long_form ? bytes.u8() * 65536.0 : 0.0);
}

}  // namespace

void detection(std::string_view value, Findings& findings) {
  if (value.size() < 6) return;
  const bool long_form = value.size() > 6;
  sdk::ByteReader bytes(value);
  const unsigned status = bytes.u8();
  bytes.u8();  // what the target does: normal, motionless, abnormal, lying
  auto& current = findings.current;
  const auto state = status == kFallDetected  ? WATCHPOST_ALARM
                     : status < kFallDetected ? WATCHPOST_NORMAL
                                              : WATCHPOST_UNKNOWN;
  settle(current, WATCHPOST_FALL, state);
  if (state == WATCHPOST_UNKNOWN) current.flag("not_understood");
  current.text({"detection"}, word(kDetections, status));
  if (status >= 1 && status < kFallDetected) current.boolean({"presence"}, status != 1);
  const double now = seconds_of(bytes, long_form);
  const double today = seconds_of(bytes, long_form);
  if (bytes.ok()) current.number({"use_time_now", "s"}, now);
  if (bytes.ok()) current.number({"use_time_today", "s"}, today);
}

void fall_event(std::string_view value, Findings& findings) {
  sdk::ByteReader bytes(value);
  const auto event = event_in(bytes);
  bytes.u8();  // region
  // A cut tail must not hide a fall: what was read of it counts.
  const bool whole = bytes.ok();
  if (!whole && (value.size() < 4 || state_of(event) != WATCHPOST_ALARM)) return;
  if (!findings.current.has("event")) return add(event, findings.current);
  sdk::Observation another(WATCHPOST_FALL, WATCHPOST_INFO);
  add(event, another);
  findings.decoded.observations.push_back(std::move(another));
}

void stored_fall_event(std::string_view value, Findings& findings) {
  if (value.size() < 9) return;
  sdk::ByteReader bytes(value);
  const auto time = sdk::time_from_epoch(bytes.u32le());
  sdk::Observation observation(WATCHPOST_FALL, WATCHPOST_INFO);
  add(event_in(bytes), observation);
  observation.history().observed(time, WATCHPOST_TIME_DEVICE);
  findings.decoded.observations.push_back(std::move(observation));
}

void breathing(std::string_view value, Findings& findings) {
  if (value.size() < 3) return;
  sdk::ByteReader bytes(value);
  const unsigned status = bytes.u8();
  const unsigned rate = bytes.u16le();
  const bool measured = status >= 2 && status <= 4 && rate != 0xFFFF;
  findings.current.number({"breathing_rate", "1/min"},
                          measured ? std::optional<double>(rate / 100.0) : std::nullopt);
}

}  // namespace watchpost::lorawan::milesight
