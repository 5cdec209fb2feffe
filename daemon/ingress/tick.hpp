// kTick: how often a listener, whatever its protocol, looks at its deadlines.
#pragma once

#include <chrono>

namespace watchpost::ingress {

inline constexpr std::chrono::milliseconds kTick{500};

}  // namespace watchpost::ingress
