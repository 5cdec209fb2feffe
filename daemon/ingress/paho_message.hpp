// paho_message: what arrived through Paho as a Message of ours. Any thread of Paho's.
#pragma once

#include <MQTTAsync.h>

#include <string>

#include "model/message.hpp"

namespace watchpost::ingress {

// `source`: the broker's name.
[[nodiscard]] Message message_of(Topic topic, MQTTAsync_message& arrived, std::string source);

}  // namespace watchpost::ingress
