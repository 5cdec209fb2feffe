#include "lorawan/uplinks.hpp"

#include "base/encoding.hpp"
#include "danger/conditions.hpp"
#include "danger/loose_report.hpp"
#include "danger/object_meaning.hpp"
#include "danger/presses.hpp"

namespace watchpost::lorawan {
namespace {

using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

void add_link(const Envelope& envelope, Observation& observation) {
  observation.number({"fcnt"}, envelope.counter);
  if (envelope.rssi) observation.number({"rssi", "dBm"}, *envelope.rssi);
  if (envelope.snr) observation.number({"snr", "dB"}, *envelope.snr);
}

bool alarms(const Observation& observation) {
  const auto state = observation.state();
  return state == WATCHPOST_ALARM || state == WATCHPOST_SUSPECTED || state == WATCHPOST_CONFIRMED;
}

// {"press":"short"} of what the network server calls "SOS button".
bool is_call_for_help(const Sender& sender, const danger::ObjectMeaning& meaning) {
  return danger::is_pressed_for_help(meaning.flat, sender.profile_name) ||
         danger::is_pressed_for_help(meaning.flat, sender.name);
}

// Where the envelope has no time, the record is as old as its arrival: nobody knows better.
void set_age(std::uint32_t seconds, const Envelope& envelope, Observation& observation) {
  if (!envelope.time) return;
  const auto age = std::int64_t{seconds} * 1'000'000'000;
  if (age <= *envelope.time) observation.observed(*envelope.time - age, WATCHPOST_TIME_DEVICE);
}

}  // namespace

Verdict Uplinks::emit(Observation& observation, const Envelope& envelope, Sink& sink) {
  observation.device(envelope.sender.device);
  if (!observation.has_time()) observation.observed(envelope.time, envelope.time_source);
  sink.emit(observation);
  return Verdict::decoded;
}

void Uplinks::finish(const Envelope& envelope, Observation& observation, Sink& sink) const {
  add_link(envelope, observation);
  if (envelope.battery && !observation.has("battery")) {
    observation.number({"battery", "%EL"}, *envelope.battery);
  }
  const bool low = observation.value_of("battery").value_or(100) <= low_battery_;
  if (low && !observation.has("low_battery")) observation.boolean({"low_battery"}, true);
  if (envelope.simulated) {
    observation.flag("simulated");
    if (alarms(observation)) observation.state(WATCHPOST_TEST);
  }
  emit(observation, envelope, sink);
}

bool Uplinks::by_server(const Envelope& envelope, std::string_view refused, Sink& sink) const {
  if (envelope.decoded == nullptr || envelope.decoded->empty()) return false;
  auto meaning = danger::meaning_of_object(*envelope.decoded);
  if (!danger::raises(meaning)) {
    // In a form of its owner's own: {"alarmContent":"..."}, also beside a calm member.
    auto loose = danger::LooseReport(*envelope.decoded).read();
    const bool says_more = danger::raises(loose) || !danger::speaks_of_danger(meaning);
    if (says_more && danger::speaks_of_danger(loose)) meaning = std::move(loose);
    if (!danger::raises(meaning) && is_call_for_help(envelope.sender, meaning))
      meaning.observations.push_front(danger::call_for_help("press"));
  }
  if (meaning.observations.empty() || (!refused.empty() && !danger::raises(meaning))) return false;
  for (auto& observation : meaning.observations) {
    observation.flag("by_server");
    if (!refused.empty()) observation.flag("partly_read");
    finish(envelope, observation, sink);
  }
  const std::string_view unread = refused.empty() ? meaning.unread : refused;
  if (!unread.empty()) sink.not_understood(unread);
  return true;
}

bool Uplinks::hand_over(const Envelope& envelope, std::string_view bytes, Sink& sink) const {
  const bool taken = sink.hand_over({.device = envelope.sender.device,
                                     .payload = bytes,
                                     .port = static_cast<std::uint32_t>(envelope.port),
                                     .time = envelope.time,
                                     .time_source = envelope.time_source,
                                     .simulated = envelope.simulated});
  if (!taken) return false;
  Observation link(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  finish(envelope, link, sink);
  return true;
}

Verdict Uplinks::read(const Envelope& envelope, Sink& sink) const {
  const bool is_mapped = profiles_.has_mapping(envelope.sender);
  if (envelope.data.empty()) {
    if (!is_mapped && by_server(envelope, {}, sink)) return Verdict::decoded;
    Observation alive(WATCHPOST_HEARTBEAT, WATCHPOST_INFO);  // MAC commands only: the device lives
    add_link(envelope, alive);
    return emit(alive, envelope, sink);
  }
  const auto bytes = from_base64(envelope.data);
  if (bytes && is_mapped && hand_over(envelope, *bytes, sink)) return Verdict::decoded;
  const auto choice = profiles_.choose(envelope.sender);
  if (bytes && choice.codec == nullptr) {
    return by_server(envelope, {}, sink) ? Verdict::decoded : sink.not_mine(choice.why);
  }
  Decoded decoded;
  decoded.why = "the data is not base64";
  if (!bytes || !choice.codec(Uplink{*bytes, envelope.port}, decoded)) {
    const bool heard = by_server(envelope, decoded.why, sink);
    return heard ? Verdict::decoded : sink.malformed(decoded.why);
  }
  if (decoded.observations.empty()) return sink.ignore("an answer to a configuration command");
  for (std::size_t i = 0; i < decoded.observations.size(); ++i) {
    auto& observation = decoded.observations[i];
    if (i < decoded.ages.size()) set_age(decoded.ages[i], envelope, observation);
    if (!choice.flag.empty()) observation.flag(choice.flag);
    finish(envelope, observation, sink);
  }
  if (!decoded.unread.empty()) sink.not_understood(decoded.unread);
  return Verdict::decoded;
}

}  // namespace watchpost::lorawan
