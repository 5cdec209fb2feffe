// What a server passes on of a message's MQTT 5.0 properties (section 3.3.2.3): Payload Format
// Indicator, Content Type, Response Topic, Correlation Data and User Properties unchanged, Message
// Expiry Interval less the time it waited. Promise: what was accepted from one client is written
// for the other in the same order. Pure; any thread.
#pragma once

#include "model/local_message.hpp"
#include "model/message.hpp"
#include "protocol/packet.hpp"

namespace watchpost::protocol {

// Sets the properties and the lifetime of a message that came with `properties`.
void set_properties(Message& message, const Properties& properties);
// Adds those of the publication to `publish`; they view the publication.
void add_properties(const LocalMessage& publication, SteadyTime now, Publish& publish);

}  // namespace watchpost::protocol
