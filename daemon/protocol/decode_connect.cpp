#include "model/topic.hpp"
#include "protocol/codec.hpp"

namespace watchpost::protocol {
namespace {

struct ConnectFlags {
  bool clean_start = false;
  bool will = false;
  unsigned will_qos = 0;
  bool will_retain = false;
  bool password = false;
  bool user_name = false;
};

ConnectFlags read_flags(Reader& reader, Version version) {
  const std::uint8_t bits = reader.one_byte();
  reader.fail_if((bits & 1) != 0, "the reserved CONNECT flag is set");
  ConnectFlags flags;
  flags.clean_start = (bits & 2) != 0;
  flags.will = (bits & 4) != 0;
  flags.will_qos = bits >> 3 & 3U;
  flags.will_retain = (bits & 0x20) != 0;
  flags.password = (bits & 0x40) != 0;
  flags.user_name = (bits & 0x80) != 0;
  reader.fail_if(flags.will_qos == 3, "will QoS 3");
  reader.fail_if(!flags.will && (flags.will_qos != 0 || flags.will_retain),
                 "will QoS or will retain without a will");
  reader.fail_if(version != Version::v5 && flags.password && !flags.user_name,
                 "a password without a user name");
  return flags;
}

struct Level {
  Version version = Version::v5;
  bool is_bridge = false;
};

// The version, where this server speaks it; otherwise the failure names the version to answer in.
// Mosquitto's bridges set the highest bit of the level of 3.1 and 3.1.1 (its `try_private`).
Decoded<Level> read_level(Reader& reader) {
  const auto name = reader.utf8();
  const std::uint8_t level = reader.one_byte();
  if (reader.failed()) return reader.failure();
  // What MQTT 3.1 called itself; it understands the refusal of 3.1.1.
  const bool is_old_name = name == "MQIsdp";
  if (name != "MQTT" && !is_old_name) {
    return Malformed{ReasonCode::malformed_packet, "the protocol name is not MQTT", std::nullopt};
  }
  const bool is_bridge = (level & 0x80) != 0;
  if (is_old_name && (level & 0x7F) == 3) return Level{Version::v3_1, is_bridge};
  if (!is_old_name && (level & 0x7F) == 4) return Level{Version::v3_1_1, is_bridge};
  if (!is_old_name && level == 5) return Level{Version::v5, false};
  // A bridge asks again without its bit when the refusal is written in its own version.
  return Malformed{ReasonCode::unsupported_protocol_version,
                   "a protocol version other than 3.1, 3.1.1 and 5",
                   (level & 0x7F) < 5 ? Version::v3_1_1 : Version::v5};
}

Will read_will(Reader& reader, Version version, const ConnectFlags& flags) {
  Will will;
  will.qos = static_cast<Qos>(flags.will_qos);
  will.retain = flags.will_retain;
  if (version == Version::v5) {
    will.properties = read_properties(reader, PacketType::connect, PropertyPlace::will);
  }
  will.topic = reader.utf8();
  will.payload = reader.binary();
  if (!reader.failed() && will.topic.empty()) {
    reader.fail(ReasonCode::protocol_error, "an empty will topic");
  }
  if (has_wildcard(will.topic)) {
    reader.fail(ReasonCode::topic_name_invalid, "a will topic with a wildcard");
  }
  return will;
}

void read_payload(Reader& reader, const ConnectFlags& flags, Connect& connect) {
  connect.client_id = reader.utf8();
  if (flags.will) connect.will = read_will(reader, connect.version, flags);
  if (flags.user_name) connect.user_name = reader.utf8();
  if (flags.password) connect.password = reader.binary();
}

}  // namespace

Decoded<Connect> decode_connect(const Frame& frame) {
  Reader reader(frame.body);
  reader.fail_if(frame.flags != 0, "reserved flags of the fixed header are set");
  const auto level = read_level(reader);
  if (!level) return level.error();
  const Version version = level->version;
  Connect connect;
  connect.version = version;
  connect.is_bridge = level->is_bridge;
  const ConnectFlags flags = read_flags(reader, version);
  connect.clean_start = flags.clean_start;
  connect.keep_alive = reader.two_bytes();
  if (version == Version::v5) {
    connect.properties = read_properties(reader, PacketType::connect);
    if (connect.properties.find(PropertyId::authentication_data) != nullptr &&
        connect.properties.find(PropertyId::authentication_method) == nullptr) {
      reader.fail(ReasonCode::protocol_error, "authentication data without a method");
    }
  }
  read_payload(reader, flags, connect);
  reader.expect_end();
  if (reader.failed()) {
    Malformed malformed = reader.failure();
    malformed.version = version;
    return malformed;
  }
  return connect;
}

}  // namespace watchpost::protocol
