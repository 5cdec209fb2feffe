#include "decode/profiles.hpp"

#include <algorithm>

#include "lorawan/codec.hpp"

namespace watchpost::decode {
namespace {

// Of Zigbee2MQTT's buttons: chosen by a comparison there, so it is no codec.
constexpr const char* kSosButton = "sos-button";

}  // namespace

std::vector<std::string> profile_names() {
  std::vector<std::string> names{kSosButton};
  for (const std::string_view codec : lorawan::codec_names()) {
    std::string& name = names.emplace_back(codec);
    std::replace(name.begin(), name.end(), '_', '-');
  }
  return names;
}

}  // namespace watchpost::decode
