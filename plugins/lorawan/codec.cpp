#include "lorawan/codec.hpp"

#include <algorithm>
#include <array>

#include "lorawan/models.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan {
namespace {

std::array<std::span<const NamedCodec>, 10> makers() {
  return {milesight::codecs(),   dragino::codecs(),  browan::codecs(),    netvox::codecs(),
          netvox_r315::codecs(), smoke::codecs(),    decentlab::codecs(), trackers::codecs(),
          abeeway_at3::codecs(), sensative::codecs()};
}

}  // namespace

Codec find_codec(std::string_view profile) {
  std::string key = sdk::lower_case(profile);
  std::replace_if(
      key.begin(), key.end(), [](char c) { return c == '-' || c == ' '; }, '_');
  for (const auto codecs : makers()) {
    for (const NamedCodec& codec : codecs) {
      if (codec.profile == key) return codec.decode;
    }
  }
  return nullptr;
}

std::vector<std::string_view> codec_names() {
  std::vector<std::string_view> names;
  for (const auto codecs : makers()) {
    for (const NamedCodec& codec : codecs) names.push_back(codec.profile);
  }
  return names;
}

}  // namespace watchpost::lorawan
