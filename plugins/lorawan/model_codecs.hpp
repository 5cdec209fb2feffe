// One codec for each row of a table of models, where one function reads them all and is told which
// model it reads. At compile time; pure.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "lorawan/codec.hpp"

namespace watchpost::lorawan {

// `kModels`: an array of rows with a `profile`. `kRead`: bool(const Uplink&, const Row&, Decoded&).
template <const auto& kModels, auto kRead, std::size_t kIndex>
bool read_as(const Uplink& uplink, Decoded& decoded) {
  return kRead(uplink, kModels[kIndex], decoded);
}

template <const auto& kModels, auto kRead>
constexpr auto codecs_of() {
  return []<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
    return std::array{NamedCodec{kModels[kIndex].profile, &read_as<kModels, kRead, kIndex>}...};
  }
  (std::make_index_sequence<kModels.size()>());
}

}  // namespace watchpost::lorawan
