#include "settings/device_profiles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "decode/profiles.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {

std::string profile_spelling(std::string_view text) {
  std::string spelling = in_lower_case(text);
  for (char& c : spelling) {
    if (c == '_' || c == ' ') c = '-';
  }
  return spelling;
}

bool is_known_profile(std::string_view profile) {
  static const std::vector<std::string> kNames = decode::profile_names();
  return profile.empty() || decode::is_mapping_profile(profile) ||
         std::find(kNames.begin(), kNames.end(), profile_spelling(profile)) != kNames.end();
}

std::vector<std::string> unknown_profiles(const Config& config) {
  const bool has_own = std::any_of(config.decoders.begin(), config.decoders.end(),
                                   [](const DecoderConfig& each) { return each.is_file(); });
  std::vector<std::string> unknown;
  if (has_own) return unknown;
  for (const DeviceConfig& device : config.devices) {
    if (is_known_profile(device.profile)) continue;
    const std::string who =
        device.name.empty() ? device.id : fmt::format("{} ({})", device.name, device.id);
    unknown.push_back(fmt::format("{}: {}", who, device.profile));
  }
  return unknown;
}

}  // namespace watchpost::settings
