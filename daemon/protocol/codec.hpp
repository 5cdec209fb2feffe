// decode and encode: packets from and to bytes, both versions, both roles.
// Promise: what decode accepts, encode writes back to an equal packet; what the specifications call
// malformed or a protocol error in a single packet is refused with the code MQTT 5.0 gives it.
// Pure; any thread.
#pragma once

#include <string>

#include "protocol/framer.hpp"
#include "protocol/packet.hpp"

namespace watchpost::protocol {

// `version` is that of the connection; it is ignored for CONNECT, which names its own.
[[nodiscard]] Decoded<Packet> decode(const Frame& frame, Version version);
[[nodiscard]] Decoded<Publish> decode_publish(const Frame& frame, Version version);
[[nodiscard]] Decoded<Connect> decode_connect(const Frame& frame);
// For clients: takes any code. Some brokers send codes that the table of PUBACK lacks, and a client
// must still tell a refusal from a broken link. `decode` takes only codes of the table.
[[nodiscard]] Decoded<Puback> decode_puback(const Frame& frame, Version version);

// Appends one frame. In 3.1.1 properties and the codes of PUBACK to UNSUBACK are left out; AUTH
// does not exist there. A packet over the format's own limits is a bug of the caller.
void encode(const Packet& packet, Version version, std::string& out);
void encode(const Publish& publish, Version version, std::string& out);
// Appends an acknowledgement without code or properties, four bytes long.
void encode_acknowledgement(PacketType type, PacketId packet_id, std::string& out);

}  // namespace watchpost::protocol
