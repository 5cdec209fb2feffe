// The codecs, one function for each model or family of equal layout. Pure.
#pragma once

#include "lorawan/codec.hpp"

namespace watchpost::lorawan {

namespace milesight {
bool em310_udl(const Uplink& uplink, Decoded& decoded);
bool em500_udl(const Uplink& uplink, Decoded& decoded);
bool em500_swl(const Uplink& uplink, Decoded& decoded);
bool em400_mud(const Uplink& uplink, Decoded& decoded);
bool em300_mld(const Uplink& uplink, Decoded& decoded);
bool ws101(const Uplink& uplink, Decoded& decoded);
bool gs101(const Uplink& uplink, Decoded& decoded);
bool gs524n(const Uplink& uplink, Decoded& decoded);
bool vs373(const Uplink& uplink, Decoded& decoded);
}  // namespace milesight

namespace dragino {
bool ldds(const Uplink& uplink, Decoded& decoded);
bool dds04(const Uplink& uplink, Decoded& decoded);
bool lwl02(const Uplink& uplink, Decoded& decoded);
}  // namespace dragino

namespace browan {
bool tbwl(const Uplink& uplink, Decoded& decoded);
}  // namespace browan

}  // namespace watchpost::lorawan
