// The printer port of a GST9000 (海湾) fire panel, as it comes over a listener with protocol =
// "gst9000" or from a bridge that publishes it. The panel is the last level of the topic; a part of
// it is the device "<panel>:<loop>:<part>".
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "gst9000/record.hpp"
#include "sdk/decoder.hpp"
#include "sdk/text.hpp"
#include "wired/gst9000_records.hpp"

namespace watchpost::gst9000 {
namespace {

using sdk::Observation;
using sdk::Verdict;

constexpr std::int64_t kDay = 86'400'000'000'000;
// Before 2020 our own clock is not set, and nothing can be compared with it.
constexpr std::int64_t kOurClockIsSet = 1'577'836'800'000'000'000;
// A panel with more parts in alarm than that tells the end of these.
constexpr std::size_t kMostParts = 500;
// Of one payload; the ABI takes a few more.
constexpr std::size_t kMostEvents = 1'000;

std::string_view panel_of(std::string_view topic) {
  const auto slash = topic.rfind('/');
  return slash == topic.npos ? topic : topic.substr(slash + 1);
}

watchpost_state state_of(const Headline& headline, bool tells_of_fire) {
  switch (headline.meaning) {
    case Meaning::unknown:
      return WATCHPOST_UNKNOWN;
    case Meaning::alarm:
      return headline.is_over ? WATCHPOST_CLEARED : WATCHPOST_ALARM;
    case Meaning::prealarm:
      return headline.is_over ? WATCHPOST_CLEARED : WATCHPOST_SUSPECTED;
    case Meaning::fault:
    case Meaning::shielded:  // it does not watch
      return headline.is_over ? WATCHPOST_INFO : WATCHPOST_FAULT;
    case Meaning::supervisory:
      if (tells_of_fire) return headline.is_over ? WATCHPOST_CLEARED : WATCHPOST_SUSPECTED;
      return headline.is_over ? WATCHPOST_INFO : WATCHPOST_FAULT;
    case Meaning::started:
    case Meaning::feedback:
      if (tells_of_fire) return headline.is_over ? WATCHPOST_CLEARED : WATCHPOST_SUSPECTED;
      return WATCHPOST_INFO;
    case Meaning::reset:
      return WATCHPOST_NORMAL;
    case Meaning::test:
      return WATCHPOST_TEST;
    case Meaning::delayed:
    case Meaning::muted:
    case Meaning::operation:
      return WATCHPOST_INFO;
  }
  return WATCHPOST_UNKNOWN;
}

// Parts that work only where it burns, or where somebody says so: what they report is no mere
// feedback (as of GB/T 26875.3, plugins/gb26875).
bool tells_of_fire(std::string_view part_text) {
  for (const std::string_view part :
       {"手动报警", "手报", "报警按钮", "消火栓", "消报", "水流指示", "压力开关"}) {
    if (part_text.find(part) != std::string_view::npos) return true;
  }
  return false;
}

watchpost_state state_of(const GstRecord& record) {
  const bool fire = tells_of_fire(record.part_text) || tells_of_fire(record.location);
  return state_of(record.meaning, fire);
}

void add_meaning(const Headline& headline, Observation& observation) {
  const bool now = !headline.is_over;
  switch (headline.meaning) {
    case Meaning::fault:
      observation.boolean({"fault"}, now);
      break;
    case Meaning::shielded:
      observation.boolean({"shielded"}, now);
      break;
    case Meaning::supervisory:
      observation.boolean({"supervisory"}, now);
      break;
    case Meaning::started:
      observation.boolean({"started"}, now);
      break;
    case Meaning::feedback:
      observation.boolean({"feedback"}, now);
      break;
    case Meaning::delayed:
      observation.boolean({"delayed"}, now);
      break;
    case Meaning::reset:
      observation.text({"operation"}, "reset");
      break;
    case Meaning::muted:
      observation.text({"operation"}, "mute");
      break;
    case Meaning::test:
      observation.text({"operation"}, "self_test");
      break;
    case Meaning::unknown:
    case Meaning::alarm:
    case Meaning::prealarm:
    case Meaning::operation:
      break;
  }
  if (headline.is_test) observation.flag("test");
}

void add_text(std::string_view name, const std::string& text, Observation& observation) {
  if (!text.empty()) observation.text({name}, text);
}

class Gst9000 {
 public:
  explicit Gst9000(const sdk::Options& options) : zone_minutes_(options.zone_minutes()) {
    options.refuse_unknown({});
  }

  Verdict decode(const sdk::Frame& in, sdk::Sink& sink) {
    const std::string panel(panel_of(in.topic));
    sink.identify(panel);
    room_ = kMostEvents;
    changed_.clear();
    bool any = false;
    wired::Gst9000Records records;
    records.feed(in.payload);
    while (const auto bytes = records.next_of_the_rest()) {
      if (room_ == 0) {
        tell_too_many(sink);
        break;
      }
      const auto record = record_from(*bytes, zone_minutes_);
      if (record.empty()) continue;
      any = true;
      tell(panel, record, in, sink);
    }
    if (!any) return sink.malformed("no record of a fire panel's printer is in it");
    for (const auto& each : changed_) sink.remember({.key = each, .value = joined(each)});
    return Verdict::decoded;
  }

  // By panel, its parts that are in alarm, with a line end between them.
  void recall(const sdk::Remembered& learnt) {
    auto& alarms = alarms_[std::string(learnt.key)];
    std::string_view parts = learnt.value;
    while (!parts.empty()) {
      const auto end = std::min(parts.find('\n'), parts.size());
      alarms.emplace(parts.substr(0, end));
      parts.remove_prefix(std::min(end + 1, parts.size()));
    }
  }

 private:
  void tell(const std::string& panel, const GstRecord& record, const sdk::Frame& in,
            sdk::Sink& sink) {
    const bool is_part = !record.loop.empty();
    const auto device = is_part ? fmt::format("{}:{}:{}", panel, record.loop, record.part) : panel;
    Observation observation(is_part ? WATCHPOST_FIRE_PART : WATCHPOST_FIRE_SYSTEM,
                            state_of(record));
    add_text("headline", record.headline, observation);
    add_meaning(record.meaning, observation);
    add_text("loop", record.loop, observation);
    add_text("part", record.part, observation);
    add_text("location_text", record.location, observation);
    add_text("part_text", record.part_text, observation);
    finish(device, record, in, observation);
    if (record.meaning.meaning == Meaning::unknown) {
      observation.flag("not_understood");
      sink.not_understood(record.headline.empty()
                              ? "a record of the panel has no headline"
                              : "the panel's headline is not known: " + record.headline);
    }
    emit(observation, sink);
    if (is_part) return follow_part(panel, device, state_of(record));
    if (record.meaning.meaning == Meaning::reset) reset(panel, record, in, sink);
  }

  void finish(const std::string& device, const GstRecord& record, const sdk::Frame& in,
              Observation& observation) const {
    observation.device(device).observed(record.at, WATCHPOST_TIME_DEVICE);
    add_text("printed_at", record.printed_at, observation);
    if (!record.is_whole_text) observation.flag("damaged_text");
    const bool far = record.at && std::abs(*record.at - in.received_unix_ns) > kDay;
    if (far && in.received_unix_ns > kOurClockIsSet) observation.flag("clock_suspect");
  }

  void follow_part(const std::string& panel, const std::string& part, watchpost_state state) {
    auto& alarms = alarms_[panel];
    const bool begins = state == WATCHPOST_ALARM || state == WATCHPOST_SUSPECTED;
    if (begins && alarms.size() < kMostParts && alarms.insert(part).second) changed_.insert(panel);
    if (state == WATCHPOST_CLEARED && alarms.erase(part) != 0) changed_.insert(panel);
  }

  // A reset of the panel ends the alarm of each of its parts.
  void reset(const std::string& panel, const GstRecord& record, const sdk::Frame& in,
             sdk::Sink& sink) {
    auto& alarms = alarms_[panel];
    for (const auto& part : alarms) {
      Observation over(WATCHPOST_FIRE_PART, WATCHPOST_CLEARED);
      over.text({"headline"}, record.headline).text({"operation"}, "reset");
      finish(part, record, in, over);
      emit(over, sink);
    }
    if (!alarms.empty()) changed_.insert(panel);
    alarms.clear();
  }

  void emit(const Observation& observation, sdk::Sink& sink) {
    if (room_ == 0) return tell_too_many(sink);
    --room_;
    sink.emit(observation);
  }

  static void tell_too_many(sdk::Sink& sink) {
    sink.not_understood(
        fmt::format("more than {} events came in one payload of the panel", kMostEvents));
  }

  [[nodiscard]] std::string joined(const std::string& panel) const {
    std::string text;
    for (const auto& part : alarms_.at(panel)) text += (text.empty() ? "" : "\n") + part;
    return text;
  }

  int zone_minutes_;
  std::map<std::string, std::set<std::string>> alarms_;  // parts in alarm, by panel
  std::set<std::string> changed_;                        // panels, by the present payload
  std::size_t room_ = kMostEvents;
};

}  // namespace
}  // namespace watchpost::gst9000

WATCHPOST_DECODER(watchpost::gst9000::Gst9000, "gst9000", "1.0")
