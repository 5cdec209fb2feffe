// EventWriter: what one message of a station becomes.
// Promise: an alarm bit of the status word is an alarm of its kind (level: water_level; flow and
// quality: measurement), and its end is told once. A message without the word does not end an
// alarm. Values of a series are late records, but for the newest of a uniform report. Pure; one
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sdk/decoder.hpp"
#include "sl651/report.hpp"
#include "sl651/status_word.hpp"
#include "wired/sl651_frame.hpp"

namespace watchpost::sl651 {

// What is said of a message beside its body.
struct Facts {
  const wired::Sl651Frame& frame;
  std::optional<std::uint16_t> serial;
  std::optional<std::int64_t> sent;  // by the station's clock
  std::int64_t received = 0;
  bool additional_is_alarm = false;  // by the site's word, see decision 0030
};

class EventWriter {
 public:
  // Of one payload; the ABI takes a few more.
  static constexpr std::size_t kMostEvents = 1'000;

  // A new payload.
  void begin() { room_ = kMostEvents; }
  [[nodiscard]] bool has_room() const { return room_ > 0; }
  void write(const Facts& facts, Report report, sdk::Sink& sink);
  void heartbeat(const Facts& facts, sdk::Sink& sink);
  // One packet that is not put together with the others.
  void packet(const Facts& facts, sdk::Sink& sink);

  // The alarms that stand by the last status words, for remembering.
  void recall(std::string_view station, std::uint32_t alarms);
  [[nodiscard]] std::map<std::string, std::uint32_t> take_changes();

 private:
  void write_moments(const Facts& facts, const Report& report, sdk::Sink& sink);
  void write_status(const Facts& facts, const StatusWord& status, sdk::Sink& sink);
  void write_other_alarms(const Facts& facts, const StatusWord& status, std::uint32_t before,
                          sdk::Sink& sink);
  void write_series(const Facts& facts, const Report& report, sdk::Sink& sink);
  void emit(const sdk::Observation& observation, sdk::Sink& sink);
  [[nodiscard]] std::uint32_t alarms_of(const std::string& station) const;
  void set_alarms(const std::string& station, std::uint32_t alarms);

  std::map<std::string, std::uint32_t> alarms_;  // by station; none: no entry
  std::map<std::string, std::uint32_t> changes_;
  std::size_t room_ = kMostEvents;
};

}  // namespace watchpost::sl651
