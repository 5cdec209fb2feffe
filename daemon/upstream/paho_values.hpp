// paho_values: what goes into Paho's messages and comes out of its tokens.
// Promise: each call gives a value whatever the broker has sent; what it did not say has the
// standard's default. Used by PahoPublisher only, on Paho's threads.
#pragma once

#include <mqtt/async_client.h>

#include "upstream/publisher.hpp"

namespace watchpost::upstream {

// MQTT 5.0 section 2.4; also the only refusal of a 3.1.1 SUBACK (section 3.9.3).
constexpr int kRefusedSubscribe = 0x80;

[[nodiscard]] mqtt::properties properties_of(const Publication& publication);
// The one answer to our one topic; a refusal may come as a success of the call.
[[nodiscard]] int granted(const mqtt::token& token);
[[nodiscard]] LinkTerms terms_of(const mqtt::token& token);

}  // namespace watchpost::upstream
