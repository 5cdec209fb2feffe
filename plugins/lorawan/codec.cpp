#include "lorawan/codec.hpp"

#include <algorithm>
#include <array>

#include "lorawan/models.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan {
namespace {

constexpr std::array kCodecs{
    NamedCodec{"milesight_em310_udl", &milesight::em310_udl},
    NamedCodec{"milesight_em500_udl", &milesight::em500_udl},
    NamedCodec{"milesight_em500_swl", &milesight::em500_swl},
    NamedCodec{"milesight_em400_mud", &milesight::em400_mud},
    NamedCodec{"milesight_em400_udl", &milesight::em400_mud},
    NamedCodec{"milesight_em300_mld", &milesight::em300_mld},
    NamedCodec{"milesight_ws101", &milesight::ws101},
    NamedCodec{"milesight_gs101", &milesight::gs101},
    NamedCodec{"milesight_gs524n", &milesight::gs524n},
    NamedCodec{"milesight_vs373", &milesight::vs373},
    NamedCodec{"dragino_ldds45", &dragino::ldds},
    NamedCodec{"dragino_ldds75", &dragino::ldds},
    NamedCodec{"dragino_ldds20", &dragino::ldds},
    NamedCodec{"dragino_dds04", &dragino::dds04},
    NamedCodec{"dragino_lwl02", &dragino::lwl02},
    NamedCodec{"browan_tbwl", &browan::tbwl},
};

}  // namespace

Codec find_codec(std::string_view profile) {
  std::string key = sdk::lower_case(profile);
  std::replace_if(
      key.begin(), key.end(), [](char c) { return c == '-' || c == ' '; }, '_');
  const auto found = std::find_if(kCodecs.begin(), kCodecs.end(),
                                  [&](const NamedCodec& codec) { return codec.profile == key; });
  return found == kCodecs.end() ? nullptr : found->decode;
}

std::vector<std::string_view> codec_names() {
  std::vector<std::string_view> names;
  for (const auto& codec : kCodecs) names.push_back(codec.profile);
  return names;
}

}  // namespace watchpost::lorawan
