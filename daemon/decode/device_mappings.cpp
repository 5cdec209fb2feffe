#include "decode/device_mappings.hpp"

#include <algorithm>

#include "decode/frame_facts.hpp"
#include "decode/profiles.hpp"
#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

std::size_t levels_in(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '/')) + 1;
}

// Where each level begins, and one past the end: there the next would.
std::vector<std::size_t> starts_of(std::string_view topic) {
  std::vector<std::size_t> starts{0};
  for (auto slash = topic.find('/'); slash != std::string_view::npos;
       slash = topic.find('/', slash + 1)) {
    starts.push_back(slash + 1);
  }
  starts.push_back(topic.size() + 1);
  return starts;
}

bool is_alarm(DeclaredState state) {
  return state == DeclaredState::alarm || state == DeclaredState::suspected ||
         state == DeclaredState::confirmed;
}

// What the envelope knows of it and its bytes do not say.
void complete(Observation& observation, const HandedOver& handed, const Frame& frame) {
  if (!observation.observed_at) {
    observation.observed_at = handed.observed_at;
    observation.time_source = handed.time_source;
  }
  if (handed.is_simulated) {
    observation.flags.emplace_back("simulated");
    if (is_alarm(observation.state)) observation.state = DeclaredState::test;
  }
  apply_frame_facts(frame, observation);
}

std::string not_of_port(const Mapping& mapping, std::uint32_t port) {
  std::string list;
  for (const auto each : mapping.ports) {
    list.append(list.empty() ? "" : ", ").append(std::to_string(each));
  }
  return "it came on fPort " + std::to_string(port) + ", and the device's mapping is for " + list;
}

Decoding read(const MappingDecoder& decoder, const HandedOver& handed, const Frame& frame) {
  const auto& ports = decoder.mapping().ports;
  const auto& ignored = decoder.mapping().ignored_ports;
  if (std::find(ignored.begin(), ignored.end(), handed.port) != ignored.end()) {
    Decoding other;
    other.outcome = Outcome::ignored;
    other.decoder = decoder.name();
    other.why = "it came on fPort " + std::to_string(handed.port) + ", which the mapping ignores";
    return other;
  }
  if (!ports.empty() && std::find(ports.begin(), ports.end(), handed.port) == ports.end()) {
    Decoding other;
    other.decoder = decoder.name();
    other.why = not_of_port(decoder.mapping(), handed.port);
    return other;
  }
  Frame inner = frame;
  inner.payload = handed.payload;
  Decoding decoding = decoder.decode_of(handed.device, inner);
  for (Observation& each : decoding.observations) complete(each, handed, frame);
  return decoding;
}

}  // namespace

Result<void> DeviceMappings::add(const DeviceEntry& device, int zone_minutes) {
  if (!is_mapping_profile(device.profile)) return {};
  auto& decoder = decoders_[device.profile];
  if (!decoder) {
    auto mapping = Mapping::load(device.profile, MappingUse::profile);
    if (!mapping) return mapping.error();
    decoder = std::make_unique<MappingDecoder>(std::move(*mapping), zone_minutes);
  }
  by_id_.emplace(sdk::lower_case(device.id), static_cast<std::uint16_t>(devices_.size()));
  devices_.push_back({device.id, decoder.get()});
  lengths_.insert(levels_in(device.id));
  return {};
}

std::vector<std::uint16_t> DeviceMappings::named_in(std::string_view topic) const {
  std::vector<std::uint16_t> found;
  if (devices_.empty()) return found;
  const std::string lower = sdk::lower_case(topic);
  const std::string_view text = lower;
  const auto starts = starts_of(text);
  const std::size_t levels = starts.size() - 1;
  for (auto length = lengths_.rbegin(); length != lengths_.rend(); ++length) {
    if (*length > levels) continue;
    for (std::size_t at = levels - *length + 1; at-- > 0;) {
      const auto end = starts[at + *length] - 1;
      const auto known = by_id_.find(text.substr(starts[at], end - starts[at]));
      if (known == by_id_.end()) continue;
      const Mapping& mapping = devices_[known->second].decoder->mapping();
      const bool is_for = mapping.topics.empty() ||
                          std::any_of(mapping.topics.begin(), mapping.topics.end(),
                                      [&](const TopicFilter& each) { return each.matches(topic); });
      const bool is_new = std::find(found.begin(), found.end(), known->second) == found.end();
      if (is_for && is_new && mapping.ports.empty() && mapping.ignored_ports.empty())
        found.push_back(known->second);
    }
  }
  return found;
}

Decoding DeviceMappings::decode(std::uint16_t device, const Frame& frame) const {
  return devices_[device].decoder->decode_of(devices_[device].id, frame);
}

Decoding DeviceMappings::unwrap(Decoding envelope, const Frame& frame) const {
  const HandedOver handed = std::move(*envelope.handed);
  envelope.handed.reset();
  const auto known = by_id_.find(sdk::lower_case(handed.device));
  Decoding decoding;
  if (known == by_id_.end()) {
    decoding = std::move(envelope);
    if (decoding.observations.empty()) {
      decoding.outcome = Outcome::not_mine;
      decoding.why = "its bytes were handed over, and no mapping is the profile of the device";
    }
  } else {
    decoding = read(*devices_[known->second].decoder, handed, frame);
    // What the envelope itself says of the link counts all the same.
    const bool only_link = decoding.outcome == Outcome::ignored && !envelope.observations.empty();
    if (only_link) decoding = envelope;
    decoding.remembered = std::move(envelope.remembered);
    decoding.capabilities = std::move(envelope.capabilities);
    if (decoding.outcome == Outcome::decoded && !only_link) {
      for (Observation& each : envelope.observations) {
        decoding.observations.push_back(std::move(each));
      }
    }
  }
  decoding.device = handed.device;
  decoding.is_unwrapped = true;
  decoding.adds = false;
  return decoding;
}

}  // namespace watchpost::decode
