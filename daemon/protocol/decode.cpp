#include "model/topic.hpp"
#include "protocol/codec.hpp"

namespace watchpost::protocol {
namespace {

// Filters in one SUBSCRIBE or UNSUBSCRIBE: five times as many as one session may have.
constexpr std::size_t kMostFilters = 5'000;

constexpr std::uint8_t kReservedFlags = 0b0010;  // of PUBREL, SUBSCRIBE and UNSUBSCRIBE

template <class T>
Decoded<T> finish(Reader& reader, T&& packet) {
  reader.expect_end();
  if (reader.failed()) return reader.failure();
  return std::forward<T>(packet);
}

template <class T>
Decoded<Packet> as_packet(Decoded<T>&& decoded) {
  if (!decoded) return decoded.error();
  return Packet(std::move(*decoded));
}

// MQTT 3.1 repeats a PUBREL, SUBSCRIBE or UNSUBSCRIBE with DUP, and gives most of these bits no
// meaning: its section 2.1 lets a receiver leave them alone.
void check_flags(Reader& reader, const Frame& frame, Version version) {
  const bool has_qos = frame.type == PacketType::pubrel || frame.type == PacketType::subscribe ||
                       frame.type == PacketType::unsubscribe;
  const std::uint8_t meant = version == Version::v3_1 ? (has_qos ? 0b0110 : 0) : 0b1111;
  reader.fail_if((frame.flags & meant) != (has_qos ? kReservedFlags : 0),
                 "reserved flags of the fixed header are set");
}

PacketId read_packet_id(Reader& reader) {
  const PacketId id(reader.two_bytes());
  if (!reader.failed() && id.value == 0) {
    reader.fail(ReasonCode::protocol_error, "packet identifier 0");
  }
  return id;
}

ReasonCode read_reason_code(Reader& reader, PacketType type) {
  const std::uint8_t code = reader.one_byte();
  if (!reader.failed() && !is_reason_of(type, code)) {
    reader.fail(ReasonCode::protocol_error, "a reason code this packet cannot carry");
  }
  return static_cast<ReasonCode>(code);
}

enum class Codes { listed, any };

template <class Ack>
Decoded<Ack> decode_acknowledgement(const Frame& frame, Version version, Codes codes) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  Ack ack;
  ack.packet_id = read_packet_id(reader);
  // Code and properties may be left out when they are success and none (MQTT 5.0 section 3.4.2.1).
  if (version == Version::v5) {
    if (!reader.at_end()) {
      ack.code = codes == Codes::any ? static_cast<ReasonCode>(reader.one_byte())
                                     : read_reason_code(reader, Ack::kType);
    }
    if (!reader.at_end()) ack.properties = read_properties(reader, Ack::kType);
  }
  return finish(reader, std::move(ack));
}

// DISCONNECT and AUTH.
template <class T>
Decoded<T> decode_reason(const Frame& frame, Version version) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  T packet;
  if (version == Version::v5) {
    if (!reader.at_end()) packet.code = read_reason_code(reader, frame.type);
    if (!reader.at_end()) packet.properties = read_properties(reader, frame.type);
  } else {
    reader.fail_if(frame.type == PacketType::auth, "packet type 15 is reserved in MQTT 3.1.1");
  }
  return finish(reader, std::move(packet));
}

Decoded<Connack> decode_connack(const Frame& frame, Version version) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  Connack connack;
  const std::uint8_t flags = reader.one_byte();
  reader.fail_if((flags & 0xFE) != 0, "reserved CONNACK flags are set");
  connack.session_present = flags == 1;
  if (version == Version::v5) {
    connack.code = read_reason_code(reader, PacketType::connack);
    connack.properties = read_properties(reader, PacketType::connack);
  } else {
    const std::uint8_t code = reader.one_byte();
    reader.fail_if(code > 5, "a reserved CONNACK return code");
    connack.code = from_connect_return_code(code);
  }
  reader.fail_if(connack.session_present && is_failure(connack.code),
                 "a refusing CONNACK with session present");
  return finish(reader, std::move(connack));
}

Subscription read_subscription(Reader& reader, Version version) {
  Subscription subscription;
  subscription.filter = reader.utf8();
  const std::uint8_t options = reader.one_byte();
  reader.fail_if(!reader.failed() && subscription.filter.empty(), "an empty topic filter");
  reader.fail_if((options & (version == Version::v5 ? 0xC0 : 0xFC)) != 0,
                 "reserved subscription options are set");
  reader.fail_if((options & 3) == 3, "QoS 3");
  subscription.maximum_qos = static_cast<Qos>(options & 3);
  subscription.no_local = (options & 4) != 0;
  subscription.retain_as_published = (options & 8) != 0;
  subscription.retain_handling = static_cast<std::uint8_t>(options >> 4 & 3);
  if (subscription.retain_handling == 3) {
    reader.fail(ReasonCode::protocol_error, "retain handling 3");
  }
  if (subscription.no_local && subscription.filter.starts_with("$share/")) {
    reader.fail(ReasonCode::protocol_error, "No Local on a shared subscription");
  }
  return subscription;
}

void check_count(Reader& reader, std::size_t filters) {
  if (filters == kMostFilters) {
    reader.fail(ReasonCode::quota_exceeded, "more filters than this server takes in one packet");
  }
}

Decoded<Subscribe> decode_subscribe(const Frame& frame, Version version) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  Subscribe subscribe;
  subscribe.packet_id = read_packet_id(reader);
  if (version == Version::v5) subscribe.properties = read_properties(reader, frame.type);
  if (!reader.failed() && reader.at_end()) {
    reader.fail(ReasonCode::protocol_error, "SUBSCRIBE without a topic filter");
  }
  while (!reader.at_end()) {
    check_count(reader, subscribe.subscriptions.size());
    subscribe.subscriptions.push_back(read_subscription(reader, version));
  }
  return finish(reader, std::move(subscribe));
}

Decoded<Unsubscribe> decode_unsubscribe(const Frame& frame, Version version) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  Unsubscribe unsubscribe;
  unsubscribe.packet_id = read_packet_id(reader);
  if (version == Version::v5) unsubscribe.properties = read_properties(reader, frame.type);
  if (!reader.failed() && reader.at_end()) {
    reader.fail(ReasonCode::protocol_error, "UNSUBSCRIBE without a topic filter");
  }
  while (!reader.at_end()) {
    check_count(reader, unsubscribe.filters.size());
    unsubscribe.filters.push_back(reader.utf8());
    reader.fail_if(!reader.failed() && unsubscribe.filters.back().empty(), "an empty topic filter");
  }
  return finish(reader, std::move(unsubscribe));
}

Decoded<Suback> decode_suback(const Frame& frame, Version version) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  Suback suback;
  suback.packet_id = read_packet_id(reader);
  if (version == Version::v5) suback.properties = read_properties(reader, frame.type);
  while (!reader.at_end()) {
    suback.codes.push_back(read_reason_code(reader, PacketType::suback));
    reader.fail_if(version != Version::v5 && suback.codes.back() > ReasonCode::granted_qos_2 &&
                       suback.codes.back() != ReasonCode::unspecified_error,
                   "a reserved SUBACK return code");
  }
  reader.fail_if(suback.codes.empty(), "SUBACK without a code");
  return finish(reader, std::move(suback));
}

Decoded<Unsuback> decode_unsuback(const Frame& frame, Version version) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  Unsuback unsuback;
  unsuback.packet_id = read_packet_id(reader);
  if (version == Version::v5) {
    unsuback.properties = read_properties(reader, frame.type);
    while (!reader.at_end()) {
      unsuback.codes.push_back(read_reason_code(reader, PacketType::unsuback));
    }
    reader.fail_if(unsuback.codes.empty(), "UNSUBACK without a code");
  }
  return finish(reader, std::move(unsuback));
}

template <class Ping>
Decoded<Packet> decode_ping(const Frame& frame, Version version) {
  Reader reader(frame.body);
  check_flags(reader, frame, version);
  return as_packet(finish(reader, Ping{}));
}

}  // namespace

Decoded<Publish> decode_publish(const Frame& frame, Version version) {
  Reader reader(frame.body);
  Publish publish;
  publish.dup = (frame.flags & 0b1000) != 0;
  publish.retain = (frame.flags & 0b0001) != 0;
  const unsigned qos = frame.flags >> 1 & 3U;
  reader.fail_if(qos == 3, "QoS 3");
  reader.fail_if(publish.dup && qos == 0, "DUP at QoS 0");
  publish.qos = static_cast<Qos>(qos);
  publish.topic = reader.utf8();
  if (has_wildcard(publish.topic)) {
    reader.fail(ReasonCode::topic_name_invalid, "a topic name with a wildcard");
  }
  if (qos > 0) publish.packet_id = read_packet_id(reader);
  if (version == Version::v5) publish.properties = read_properties(reader, PacketType::publish);
  if (publish.topic.empty() && !reader.failed() &&
      publish.properties.find(PropertyId::topic_alias) == nullptr) {
    reader.fail(version == Version::v5 ? ReasonCode::protocol_error : ReasonCode::malformed_packet,
                "an empty topic name without a topic alias");
  }
  publish.payload = reader.take_rest();
  if (reader.failed()) return reader.failure();
  return publish;
}

Decoded<Puback> decode_puback(const Frame& frame, Version version) {
  return decode_acknowledgement<Puback>(frame, version, Codes::any);
}

Decoded<Packet> decode(const Frame& frame, Version version) {
  switch (frame.type) {
    case PacketType::connect:
      return as_packet(decode_connect(frame));
    case PacketType::connack:
      return as_packet(decode_connack(frame, version));
    case PacketType::publish:
      return as_packet(decode_publish(frame, version));
    case PacketType::puback:
      return as_packet(decode_acknowledgement<Puback>(frame, version, Codes::listed));
    case PacketType::pubrec:
      return as_packet(decode_acknowledgement<Pubrec>(frame, version, Codes::listed));
    case PacketType::pubrel:
      return as_packet(decode_acknowledgement<Pubrel>(frame, version, Codes::listed));
    case PacketType::pubcomp:
      return as_packet(decode_acknowledgement<Pubcomp>(frame, version, Codes::listed));
    case PacketType::subscribe:
      return as_packet(decode_subscribe(frame, version));
    case PacketType::suback:
      return as_packet(decode_suback(frame, version));
    case PacketType::unsubscribe:
      return as_packet(decode_unsubscribe(frame, version));
    case PacketType::unsuback:
      return as_packet(decode_unsuback(frame, version));
    case PacketType::pingreq:
      return decode_ping<Pingreq>(frame, version);
    case PacketType::pingresp:
      return decode_ping<Pingresp>(frame, version);
    case PacketType::disconnect:
      return as_packet(decode_reason<Disconnect>(frame, version));
    case PacketType::auth:
      return as_packet(decode_reason<Auth>(frame, version));
  }
  return Malformed{ReasonCode::malformed_packet, "packet type 0 is reserved", std::nullopt};
}

}  // namespace watchpost::protocol
