// asn1_time: the times in certificates and lists, as ours. Used by net/ only; any thread.
#pragma once

#include <openssl/asn1.h>

#include <string>

#include "base/clock.hpp"

namespace watchpost::net {

// The beginning of 1970 where the time cannot be read.
[[nodiscard]] WallTime wall_time_of(const ASN1_TIME& time);
// "2027-03-31", UTC; "?" where the time cannot be read.
[[nodiscard]] std::string day_of(const ASN1_TIME& time);

}  // namespace watchpost::net
