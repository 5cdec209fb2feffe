#include "settings/decoding.hpp"

#include "model/topic.hpp"

namespace watchpost::settings {

decode::RegistryOptions registry_options(const Config& config) {
  decode::RegistryOptions options;
  for (const DecoderConfig& decoder : config.decoders) {
    decode::DecoderBinding binding;
    for (const TopicFilter& topic : decoder.topics) binding.topics.push_back(topic.text());
    binding.use = decoder.use;
    binding.options_json = decoder.options.text;
    options.bindings.push_back(std::move(binding));
  }
  for (decode::DecoderBinding& binding : decode::default_bindings()) {
    options.bindings.push_back(std::move(binding));
  }
  for (const DeviceConfig& device : config.devices) {
    options.devices.push_back(
        {device.id, device.profile, device.name, device.domain, device.options.text});
  }
  options.tag_keys_file = config.patrol.tag_keys.string();
  options.gateway = to_topic_level(config.gateway.id);
  options.zone_minutes = static_cast<int>(config.gateway.timezone.count());
  return options;
}

// What a [[decoder]] of the site names is a sensor's, except where it just takes in everything
// below.
decode::LocalTraffic local_traffic(const Config& config) {
  decode::LocalTopics topics;
  if (config.local_traffic.usual) topics = decode::usual_local_topics();
  for (const TopicFilter& each : config.local_traffic.commands) {
    topics.commands.push_back(each.text());
  }
  for (const TopicFilter& each : config.local_traffic.lists) topics.lists.push_back(each.text());
  std::vector<std::string> sensors;
  for (const DecoderConfig& decoder : config.decoders) {
    for (const TopicFilter& topic : decoder.topics) {
      if (!topic.text().ends_with('#')) sensors.push_back(topic.text());
    }
  }
  return {topics, sensors};
}

}  // namespace watchpost::settings
