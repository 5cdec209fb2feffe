#include "base/invariant.hpp"
#include "protocol/codec.hpp"

namespace watchpost::protocol {
namespace {

std::uint8_t first_byte(PacketType type, unsigned flags) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4 | flags);
}

// Writes the fixed header in front of what is appended to `out` during the life of the Envelope.
// The length is known only at the end, so room for the longest header is kept and the unused part
// of that room is closed up. Not for PUBLISH, whose payload would be moved by that.
class Envelope {
 public:
  Envelope(std::string& out, std::uint8_t first) : out_(out), start_(out.size()) {
    out_.push_back(static_cast<char>(first));
    out_.append(4, '\0');
  }
  Envelope(const Envelope&) = delete;
  Envelope& operator=(const Envelope&) = delete;
  ~Envelope() {
    const auto length = out_.size() - start_ - 5;
    WATCHPOST_INVARIANT(length <= kLargestVariableByteInteger);
    auto rest = static_cast<std::uint32_t>(length);
    std::size_t at = start_ + 1;
    for (; rest >= 0x80; rest >>= 7) out_[at++] = static_cast<char>((rest & 0x7F) | 0x80);
    out_[at++] = static_cast<char>(rest);
    out_.erase(at, start_ + 5 - at);
  }

 private:
  std::string& out_;
  std::size_t start_;
};

class Encoder {
 public:
  Encoder(Version version, std::string& out) : version_(version), out_(out) {}

  void operator()(const Connect& connect) const;
  void operator()(const Connack& connack) const;
  void operator()(const Publish& publish) const;
  template <PacketType Type>
  void operator()(const Acknowledgement<Type>& ack) const;
  void operator()(const Subscribe& subscribe) const;
  void operator()(const Suback& suback) const;
  void operator()(const Unsubscribe& unsubscribe) const;
  void operator()(const Unsuback& unsuback) const;
  void operator()(const Pingreq&) const { Envelope(out_, first_byte(PacketType::pingreq, 0)); }
  void operator()(const Pingresp&) const { Envelope(out_, first_byte(PacketType::pingresp, 0)); }
  void operator()(const Disconnect& packet) const { reason(PacketType::disconnect, packet); }
  void operator()(const Auth& packet) const {
    WATCHPOST_INVARIANT(v5());
    reason(PacketType::auth, packet);
  }

 private:
  [[nodiscard]] bool v5() const { return version_ == Version::v5; }
  void properties(const Properties& properties) const {
    if (v5()) write_properties(out_, properties);
  }
  void code(ReasonCode code) const { write_one_byte(out_, static_cast<std::uint8_t>(code)); }
  template <class T>
  void reason(PacketType type, const T& packet) const {
    const Envelope envelope(out_, first_byte(type, 0));
    if (!v5() || (packet.code == ReasonCode::success && packet.properties.empty())) return;
    code(packet.code);
    properties(packet.properties);
  }

  Version version_;
  std::string& out_;
};

void Encoder::operator()(const Connect& connect) const {
  // A CONNECT carries its own version, so that one call can write either.
  const Encoder own(connect.version, out_);
  const Envelope envelope(out_, first_byte(PacketType::connect, 0));
  write_text(out_, connect.version == Version::v3_1 ? "MQIsdp" : "MQTT");
  write_one_byte(out_, static_cast<std::uint8_t>(connect.version));
  unsigned flags = connect.clean_start ? 2 : 0;
  if (connect.will) {
    flags |= 4U | static_cast<unsigned>(connect.will->qos) << 3 | (connect.will->retain ? 0x20 : 0);
  }
  if (connect.password) flags |= 0x40;
  if (connect.user_name) flags |= 0x80;
  write_one_byte(out_, static_cast<std::uint8_t>(flags));
  write_two_bytes(out_, connect.keep_alive);
  own.properties(connect.properties);
  write_text(out_, connect.client_id);
  if (connect.will) {
    own.properties(connect.will->properties);
    write_text(out_, connect.will->topic);
    write_text(out_, connect.will->payload);
  }
  if (connect.user_name) write_text(out_, *connect.user_name);
  if (connect.password) write_text(out_, *connect.password);
}

void Encoder::operator()(const Connack& connack) const {
  const Envelope envelope(out_, first_byte(PacketType::connack, 0));
  write_one_byte(out_, connack.session_present ? 1 : 0);
  if (v5()) {
    code(connack.code);
  } else {
    write_one_byte(out_, to_connect_return_code(connack.code));
  }
  properties(connack.properties);
}

void Encoder::operator()(const Publish& publish) const {
  const unsigned flags = (publish.dup ? 8U : 0U) | static_cast<unsigned>(publish.qos) << 1 |
                         (publish.retain ? 1U : 0U);
  const bool has_id = publish.qos != Qos::at_most_once;
  const std::size_t length = 2 + publish.topic.size() + (has_id ? 2 : 0) +
                             (v5() ? written_size(publish.properties) : 0) + publish.payload.size();
  WATCHPOST_INVARIANT(length <= kLargestVariableByteInteger);
  write_one_byte(out_, first_byte(PacketType::publish, flags));
  write_variable_byte_integer(out_, static_cast<std::uint32_t>(length));
  write_text(out_, publish.topic);
  if (has_id) write_two_bytes(out_, publish.packet_id.value);
  properties(publish.properties);
  out_.append(publish.payload);
}

template <PacketType Type>
void Encoder::operator()(const Acknowledgement<Type>& ack) const {
  if (!v5() || (ack.code == ReasonCode::success && ack.properties.empty())) {
    encode_acknowledgement(Type, ack.packet_id, out_);
    return;
  }
  const Envelope envelope(out_, first_byte(Type, Type == PacketType::pubrel ? 2 : 0));
  write_two_bytes(out_, ack.packet_id.value);
  code(ack.code);
  if (!ack.properties.empty()) properties(ack.properties);
}

void Encoder::operator()(const Subscribe& subscribe) const {
  const Envelope envelope(out_, first_byte(PacketType::subscribe, 2));
  write_two_bytes(out_, subscribe.packet_id.value);
  properties(subscribe.properties);
  for (const Subscription& subscription : subscribe.subscriptions) {
    write_text(out_, subscription.filter);
    auto options = static_cast<unsigned>(subscription.maximum_qos);
    if (v5()) {
      options |= (subscription.no_local ? 4U : 0U) | (subscription.retain_as_published ? 8U : 0U) |
                 static_cast<unsigned>(subscription.retain_handling) << 4;
    }
    write_one_byte(out_, static_cast<std::uint8_t>(options));
  }
}

void Encoder::operator()(const Suback& suback) const {
  const Envelope envelope(out_, first_byte(PacketType::suback, 0));
  write_two_bytes(out_, suback.packet_id.value);
  properties(suback.properties);
  for (const ReasonCode one : suback.codes) {
    // SUBACK of 3.1.1 has one code for all refusals.
    code(v5() || !is_failure(one) ? one : ReasonCode::unspecified_error);
  }
}

void Encoder::operator()(const Unsubscribe& unsubscribe) const {
  const Envelope envelope(out_, first_byte(PacketType::unsubscribe, 2));
  write_two_bytes(out_, unsubscribe.packet_id.value);
  properties(unsubscribe.properties);
  for (const std::string_view filter : unsubscribe.filters) write_text(out_, filter);
}

void Encoder::operator()(const Unsuback& unsuback) const {
  const Envelope envelope(out_, first_byte(PacketType::unsuback, 0));
  write_two_bytes(out_, unsuback.packet_id.value);
  if (!v5()) return;
  properties(unsuback.properties);
  for (const ReasonCode one : unsuback.codes) code(one);
}

}  // namespace

void encode(const Packet& packet, Version version, std::string& out) {
  std::visit(Encoder(version, out), packet);
}

void encode(const Publish& publish, Version version, std::string& out) {
  Encoder(version, out)(publish);
}

void encode_acknowledgement(PacketType type, PacketId packet_id, std::string& out) {
  const char frame[] = {static_cast<char>(first_byte(type, type == PacketType::pubrel ? 2 : 0)), 2,
                        static_cast<char>(packet_id.value >> 8),
                        static_cast<char>(packet_id.value & 0xFF)};
  out.append(frame, sizeof frame);
}

}  // namespace watchpost::protocol
