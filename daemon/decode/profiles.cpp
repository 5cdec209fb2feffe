#include "decode/profiles.hpp"

#include <algorithm>

#include "danger/site_word.hpp"
#include "lorawan/codec.hpp"

namespace watchpost::decode {

bool is_site_profile(std::string_view profile) {
  const auto names = danger::site_profiles();
  return std::find(names.begin(), names.end(), profile) != names.end();
}

bool is_mapping_profile(std::string_view profile) {
  return profile.ends_with(".toml");
}

std::vector<std::string> profile_names() {
  std::vector<std::string> names;
  for (const std::string_view name : danger::site_profiles()) names.emplace_back(name);
  for (const std::string_view codec : lorawan::codec_names()) {
    std::string& name = names.emplace_back(codec);
    std::replace(name.begin(), name.end(), '_', '-');
  }
  return names;
}

}  // namespace watchpost::decode
