// The makers' codecs: each maker lists its profiles. Pure.
#pragma once

#include <span>

#include "lorawan/codec.hpp"

namespace watchpost::lorawan {

namespace milesight {
[[nodiscard]] std::span<const NamedCodec> codecs();
bool gs524n(const Uplink& uplink, Decoded& decoded);
}  // namespace milesight

namespace dragino {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace dragino

namespace browan {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace browan

namespace netvox {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace netvox

namespace netvox_r315 {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace netvox_r315

namespace abeeway_at3 {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace abeeway_at3

namespace sensative {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace sensative

// Makers with one or two profiles each.
namespace smoke {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace smoke
namespace decentlab {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace decentlab
namespace trackers {
[[nodiscard]] std::span<const NamedCodec> codecs();
}  // namespace trackers

}  // namespace watchpost::lorawan
