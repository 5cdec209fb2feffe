// connect_refusal: what a broker's "no" to our CONNECT means for the operator.
// Promise: the one table of CONNACK codes, of MQTT 5.0 (section 3.2.2.2) and of 3.1.1 (section
// 3.2.2.3); each says what to do, and a code that nobody knows too. Whatever the code, the
// connection is tried again by itself: all of them can be cured on the other side. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::client {

// `code`: above 0. `section`: of the configuration, where the remedies send the operator.
[[nodiscard]] Failure connect_refusal(const std::string& url, int code,
                                      std::string_view section = "upstream");

}  // namespace watchpost::client
