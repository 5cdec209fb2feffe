#include "sl651/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "sl651/body.hpp"

namespace watchpost::sl651 {
namespace {

using sdk::Observation;

constexpr std::int64_t kDay = 86'400'000'000'000;
// Before 2020 our own clock is not set, and nothing can be compared with it.
constexpr std::int64_t kOurClockIsSet = 1'577'836'800'000'000'000;
constexpr std::uint32_t kLevelAlarm = StatusBits{0b00100}.alarms();
constexpr std::uint32_t kFlowAlarm = StatusBits{0b01000}.alarms();
constexpr std::uint32_t kQualityAlarm = StatusBits{0b10000}.alarms();

void add_facts(const Facts& facts, Observation& observation) {
  const auto& frame = facts.frame;
  observation.number({"centre"}, frame.centre);
  if (facts.serial) observation.number({"seq"}, *facts.serial);
  observation.text({"function"}, observation.own(fmt::format("{:02X}", frame.function)));
  if (frame.function == function::kTest) observation.flag("test");
  if (frame.function == function::kAdditional) observation.flag("additional_report");
  if (!facts.sent) return;
  const WallTime sent{std::chrono::nanoseconds{*facts.sent}};
  observation.text({"sent_at"}, observation.own(to_rfc3339(sent)));
  const bool far = std::abs(*facts.sent - facts.received) > kDay;
  if (far && facts.received > kOurClockIsSet) observation.flag("clock_suspect");
}

void add_station(const std::string& station, const std::string& station_class,
                 Observation& observation) {
  observation.device(station).text({"station"}, station);
  if (!station_class.empty()) observation.text({"station_class"}, station_class);
}

watchpost_kind kind_of(const Moment& moment, std::uint8_t code) {
  if (is_answer(code) || code == function::kPicture) return WATCHPOST_DEVICE_STATUS;
  if (moment.has_level) return WATCHPOST_WATER_LEVEL;
  if (moment.has_rain) return WATCHPOST_RAINFALL;
  const bool measured =
      std::any_of(moment.quantities.begin(), moment.quantities.end(),
                  [](const Quantity& quantity) { return quantity.name != "battery_voltage"; });
  return measured ? WATCHPOST_MEASUREMENT : WATCHPOST_DEVICE_STATUS;
}

watchpost_kind kind_of(const Element& element) {
  const bool rain = element.sort == Sort::rain || element.sort == Sort::rain_row;
  const bool level = element.sort == Sort::level || element.sort == Sort::level_row;
  return rain ? WATCHPOST_RAINFALL : level ? WATCHPOST_WATER_LEVEL : WATCHPOST_MEASUREMENT;
}

void add_quantities(const Moment& moment, Observation& observation) {
  for (const auto& quantity : moment.quantities) {
    if (quantity.text.empty()) {
      observation.number({quantity.name, quantity.unit}, quantity.number);
    } else {
      observation.text({quantity.name}, quantity.text);
    }
  }
}

void add_reading_facts(const Report& report, Observation& observation) {
  if (report.illegal > 0) observation.flag("illegal_value");
  if (!report.unread.empty()) observation.flag("partly_read");
  if (report.others.empty()) return;
  observation.flag("other_elements").text({"other_elements"}, report.others);
}

const StatusWord* status_of(const Report& report, const std::string& station) {
  const auto found =
      std::find_if(report.status.rbegin(), report.status.rend(),
                   [&station](const StatusWord& word) { return word.station == station; });
  return found == report.status.rend() ? nullptr : &*found;
}

watchpost_state after(std::uint32_t now, std::uint32_t before, std::uint32_t bit) {
  if ((now & bit) != 0) return WATCHPOST_ALARM;
  return (before & bit) != 0 ? WATCHPOST_CLEARED : WATCHPOST_NORMAL;
}

std::string too_many() {
  return fmt::format("more than {} values came in one payload of SL 651", EventWriter::kMostEvents);
}

}  // namespace

std::uint32_t EventWriter::alarms_of(const std::string& station) const {
  const auto found = alarms_.find(station);
  return found == alarms_.end() ? 0 : found->second;
}

void EventWriter::set_alarms(const std::string& station, std::uint32_t alarms) {
  if (alarms_of(station) == alarms) return;
  changes_[station] = alarms;
  recall(station, alarms);
}

void EventWriter::recall(std::string_view station, std::uint32_t alarms) {
  if (alarms == 0) {
    alarms_.erase(std::string(station));
  } else {
    alarms_[std::string(station)] = alarms;
  }
}

std::map<std::string, std::uint32_t> EventWriter::take_changes() {
  return std::exchange(changes_, {});
}

void EventWriter::heartbeat(const Facts& facts, sdk::Sink& sink) {
  Observation alive(WATCHPOST_HEARTBEAT, WATCHPOST_INFO);
  add_station(facts.frame.station, {}, alive);
  alive.observed(facts.sent, WATCHPOST_TIME_DEVICE);
  add_facts(facts, alive);
  emit(alive, sink);
}

void EventWriter::packet(const Facts& facts, sdk::Sink& sink) {
  const auto& frame = facts.frame;
  Observation part(WATCHPOST_DEVICE_STATUS, WATCHPOST_NORMAL);
  part.number({"packet"}, frame.packet->number).number({"packets"}, frame.packet->total);
  part.number({"packet_bytes"}, static_cast<double>(frame.body.size()));
  add_station(frame.station, {}, part);
  part.observed(facts.sent, WATCHPOST_TIME_DEVICE);
  add_facts(facts, part);
  if (frame.function != function::kPicture) part.flag("partly_read");
  emit(part, sink);
}

void EventWriter::write(const Facts& facts, Report report, sdk::Sink& sink) {
  const bool alone = report.moments.empty() && report.series.empty();
  if (alone && report.status.empty()) {
    // An answer that has nothing but its header, or one of which nothing could be read.
    Moment moment;
    moment.station = facts.frame.station;
    moment.at = facts.sent;
    report.moments.push_back(std::move(moment));
  }
  write_moments(facts, report, sink);
  for (const auto& status : report.status) {
    const auto before = alarms_of(status.station);
    write_status(facts, status, sink);
    write_other_alarms(facts, status, before, sink);
    set_alarms(status.station, StatusBits{status.bits}.alarms());
  }
  write_series(facts, report, sink);
  if (!report.unread.empty()) {
    sink.not_understood(
        fmt::format("function {:02X} of SL 651: {}", facts.frame.function, report.unread));
  }
}

void EventWriter::write_moments(const Facts& facts, const Report& report, sdk::Sink& sink) {
  std::set<std::string> told;  // stations whose level alarm has its event
  for (const auto& moment : report.moments) {
    Observation observation(kind_of(moment, facts.frame.function), WATCHPOST_NORMAL);
    add_quantities(moment, observation);
    add_station(moment.station, moment.station_class, observation);
    observation.observed(moment.at, WATCHPOST_TIME_DEVICE);
    add_facts(facts, observation);
    add_reading_facts(report, observation);
    const auto before = alarms_of(moment.station);
    const auto* status = status_of(report, moment.station);
    if (moment.has_level && status != nullptr) {
      const StatusBits bits{status->bits};
      observation.state(after(bits.alarms(), before, kLevelAlarm));
      observation.boolean({"level_alarm"}, bits.level_alarm());
      if (bits.level_meter_fault()) observation.quality(WATCHPOST_SUSPECT);
      told.insert(moment.station);
    } else if (moment.has_level && (before & kLevelAlarm) != 0) {
      observation.state(WATCHPOST_INFO);
    }
    const bool additional = facts.frame.function == function::kAdditional;
    if (additional && facts.additional_is_alarm) observation.state(WATCHPOST_ALARM);
    emit(observation, sink);
  }
  for (const auto& status : report.status) {
    const auto before = alarms_of(status.station);
    const auto now = StatusBits{status.bits}.alarms();
    if (((now | before) & kLevelAlarm) == 0 || !told.insert(status.station).second) continue;
    Observation observation(WATCHPOST_WATER_LEVEL, after(now, before, kLevelAlarm));
    observation.boolean({"level_alarm"}, StatusBits{status.bits}.level_alarm());
    add_station(status.station, {}, observation);
    observation.observed(facts.sent, WATCHPOST_TIME_DEVICE);
    add_facts(facts, observation);
    emit(observation, sink);
  }
}

void EventWriter::write_status(const Facts& facts, const StatusWord& status, sdk::Sink& sink) {
  const StatusBits bits{status.bits};
  Observation observation(WATCHPOST_DEVICE_STATUS,
                          bits.any_fault() ? WATCHPOST_FAULT : WATCHPOST_NORMAL);
  add_station(status.station, {}, observation);
  observation.observed(facts.sent, WATCHPOST_TIME_DEVICE);
  observation.number({"status_word"}, status.bits)
      .boolean({"mains_lost"}, bits.mains_lost())
      .boolean({"low_battery"}, bits.low_battery())
      .boolean({"flow_meter_fault"}, bits.flow_meter_fault())
      .boolean({"level_meter_fault"}, bits.level_meter_fault())
      .boolean({"memory_fault"}, bits.memory_fault())
      .boolean({"door_open"}, bits.door_open())
      .boolean({"pump_running"}, bits.pump_running())
      .boolean({"quota_exceeded"}, bits.quota_exceeded());
  add_facts(facts, observation);
  emit(observation, sink);
}

void EventWriter::write_other_alarms(const Facts& facts, const StatusWord& status,
                                     std::uint32_t before, sdk::Sink& sink) {
  const StatusBits bits{status.bits};
  constexpr auto kBoth = kFlowAlarm | kQualityAlarm;
  if (((bits.alarms() | before) & kBoth) == 0) return;
  Observation observation(WATCHPOST_MEASUREMENT,
                          (bits.alarms() & kBoth) != 0 ? WATCHPOST_ALARM : WATCHPOST_CLEARED);
  add_station(status.station, {}, observation);
  observation.observed(facts.sent, WATCHPOST_TIME_DEVICE);
  observation.boolean({"flow_alarm"}, bits.flow_alarm())
      .boolean({"water_quality_alarm"}, bits.quality_alarm());
  add_facts(facts, observation);
  emit(observation, sink);
}

void EventWriter::write_series(const Facts& facts, const Report& report, sdk::Sink& sink) {
  const auto is_newest = [&facts, &report](const SeriesValue& value) {
    if (facts.frame.function != function::kUniform) return false;
    return std::none_of(&value + 1, report.series.data() + report.series.size(),
                        [&value](const SeriesValue& other) {
                          return other.element == value.element && other.station == value.station;
                        });
  };
  // Where there are too many, the oldest are missing.
  const auto count = report.series.size();
  const auto surplus = static_cast<std::ptrdiff_t>(count - std::min(count, room_));
  const auto first = report.series.begin() + surplus;
  if (count > room_) sink.not_understood(too_many());
  for (const bool rain : {false, true}) {  // levels before rain
    for (auto value = first; value != report.series.end(); ++value) {
      const auto kind = kind_of(*value->element);
      if ((kind == WATCHPOST_RAINFALL) != rain) continue;
      Observation observation(kind, WATCHPOST_NORMAL);
      if (!is_newest(*value)) observation.history();
      observation.number({value->element->quantity, value->element->unit}, value->number);
      add_station(value->station, value->station_class, observation);
      observation.observed(value->at, WATCHPOST_TIME_DEVICE);
      add_facts(facts, observation);
      if (!report.unread.empty()) observation.flag("partly_read");
      emit(observation, sink);
    }
  }
}

void EventWriter::emit(const sdk::Observation& observation, sdk::Sink& sink) {
  if (room_ > 0) {
    --room_;
    return sink.emit(observation);
  }
  sink.not_understood(too_many());
}

}  // namespace watchpost::sl651
