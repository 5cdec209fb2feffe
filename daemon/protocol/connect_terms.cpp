#include "protocol/connect_terms.hpp"

#include <algorithm>
#include <utility>

#include "protocol/fitting.hpp"
#include "protocol/passed_on.hpp"

namespace watchpost::protocol {
namespace {

std::uint16_t granted_keep_alive(const Connect& connect, const SessionOptions& options) {
  const auto most = options.keep_alive_maximum.count();
  const bool longer = connect.keep_alive == 0 || connect.keep_alive > most;
  if (connect.version != Version::v5 || most == 0 || !longer) return connect.keep_alive;
  return static_cast<std::uint16_t>(std::min<std::int64_t>(most, 0xFFFF));
}

}  // namespace

std::optional<ReasonCode> objection_to(const Connect& connect, const SessionOptions& options) {
  if (connect.properties.find(PropertyId::authentication_method) != nullptr) {
    return ReasonCode::bad_authentication_method;
  }
  // MQTT 3.1 has no client without a name, 3.1.1 no session without one.
  const bool is_nameless_session =
      connect.client_id.empty() && (connect.version == Version::v3_1 ||
                                    (connect.version == Version::v3_1_1 && !connect.clean_start));
  if (is_nameless_session || connect.client_id.size() > options.longest_client_id) {
    return ReasonCode::client_identifier_not_valid;
  }
  return std::nullopt;
}

bool is_of_another_user(const SessionState* state, const Identity& newcomer) {
  if (state == nullptr || !state->connection || !state->rights) return false;
  const Identity& owner = state->rights->identity();
  return owner.proof != Proof::nothing && owner.user != newcomer.user;
}

std::chrono::seconds granted_expiry(const Connect& connect, const SessionOptions& options) {
  std::chrono::seconds wish{0};
  if (connect.version == Version::v5) {
    wish = std::chrono::seconds{
        connect.properties.number(PropertyId::session_expiry_interval).value_or(0)};
  } else if (!connect.clean_start) {
    wish = kNeverExpires;
  }
  return std::min(wish, options.session_expiry_maximum);
}

Agreement agreement_on(const Connect& connect, const SessionOptions& options,
                       std::string client_id) {
  const Properties& asked = connect.properties;
  Agreement agreement;
  agreement.version = connect.version;
  agreement.is_bridge = connect.is_bridge;
  agreement.client_id = std::move(client_id);
  agreement.user_name = connect.user_name.value_or("");
  agreement.problem_information =
      asked.number(PropertyId::request_problem_information).value_or(1) != 0;
  agreement.client_maximum_packet_size =
      asked.number(PropertyId::maximum_packet_size).value_or(kLargestVariableByteInteger);
  agreement.client_receive_maximum =
      static_cast<std::uint16_t>(asked.number(PropertyId::receive_maximum).value_or(65'535));
  agreement.client_topic_alias_maximum =
      static_cast<std::uint16_t>(asked.number(PropertyId::topic_alias_maximum).value_or(0));
  agreement.patience = std::chrono::milliseconds{1'500} * granted_keep_alive(connect, options);
  return agreement;
}

std::optional<PendingWill> will_of(const Connect& connect, const std::string& client_id) {
  if (!connect.will) return std::nullopt;
  const Will& will = *connect.will;
  auto topic = Topic::parse(will.topic);
  if (!topic) return std::nullopt;  // cannot be: the decoder refuses it
  const auto content_type = will.properties.text(PropertyId::content_type).value_or("");
  const auto delay = will.properties.number(PropertyId::will_delay_interval).value_or(0);
  PendingWill pending{Message{.topic = std::move(*topic)}, std::chrono::seconds{delay}};
  pending.message.payload = will.payload;
  pending.message.qos = will.qos;
  pending.message.retain = will.retain;
  set_properties(pending.message, will.properties);
  pending.message.content_type = content_type;
  pending.message.source = client_id;
  return pending;
}

std::string greeting(const Connect& connect, const SessionOptions& options,
                     const Agreement& agreement, SessionPresent present) {
  const std::uint16_t keep_alive = granted_keep_alive(connect, options);
  const auto expiry = granted_expiry(connect, options);
  Connack connack;
  // MQTT 3.1 has no such flag: its clients expect 0 there.
  connack.session_present = present == SessionPresent::yes && connect.version != Version::v3_1;
  Properties& said = connack.properties;
  said.add(PropertyId::receive_maximum, options.receive_maximum);
  said.add(PropertyId::maximum_packet_size, options.maximum_packet_size);
  said.add(PropertyId::topic_alias_maximum, options.topic_alias_maximum);
  // QoS 2, retained messages and all kinds of subscriptions are served, so their flags stay at
  // their defaults.
  if (connect.client_id.empty()) {
    said.add(PropertyId::assigned_client_identifier, agreement.client_id);
  }
  if (keep_alive != connect.keep_alive) said.add(PropertyId::server_keep_alive, keep_alive);
  const auto wish = connect.properties.number(PropertyId::session_expiry_interval).value_or(0);
  if (expiry.count() != wish) {
    said.add(PropertyId::session_expiry_interval, static_cast<std::uint32_t>(expiry.count()));
  }
  return fitted(std::move(connack), agreement);
}

std::string_view refusal_text(ReasonCode code) {
  switch (code) {
    case ReasonCode::bad_authentication_method:
      return "only user name and password are supported";
    case ReasonCode::client_identifier_not_valid:
      return "the client id is too long, or empty where this version of MQTT needs one";
    case ReasonCode::bad_user_name_or_password:
      return "the user name or password is wrong";
    case ReasonCode::not_authorized:
      return "this listener wants a user name and password";
    case ReasonCode::quota_exceeded:
      return "too many sessions";
    default:
      return to_string(code);
  }
}

ReasonCode reason_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::no_user_name:
      return ReasonCode::not_authorized;
    case Refusal::unknown_user:
    case Refusal::wrong_password:
      return ReasonCode::bad_user_name_or_password;
    case Refusal::busy:
    case Refusal::slowed:
      return ReasonCode::server_busy;
  }
  return ReasonCode::not_authorized;
}

// Finds in the first packet, as the framer cuts it, what often comes to this port by mistake.
Stranger stranger_in(const Frame& frame) {
  // TLS begins with 0x16 0x03: flags 6, and a length of 3.
  if (frame.type == PacketType::connect && frame.flags == 6 && frame.body.size() == 3) {
    return Stranger::tls;
  }
  // HTTP begins with the letters of a method and a path: its first two letters, read as a fixed
  // header, are PUBACK or PUBREC with a length of 65 to 90.
  const bool is_letter = frame.type == PacketType::puback || frame.type == PacketType::pubrec;
  const auto path = frame.body.find(" /");
  if (is_letter && frame.body.size() >= 'A' && frame.body.size() <= 'Z' && path <= 5) {
    return Stranger::http;
  }
  return Stranger::unknown;
}

Authenticate question_about(const Connect& connect, std::string client_id, ByteCount held) {
  Authenticate question;
  question.claim.client_id = std::move(client_id);
  question.claim.user_name = connect.user_name;
  question.claim.password = connect.password;
  question.claim.held = held;
  return question;
}

Connack refusal_by(ReasonCode code, const std::string& why) {
  Connack connack;
  connack.code = is_reason_of(PacketType::connack, static_cast<std::uint8_t>(code))
                     ? code
                     : ReasonCode::malformed_packet;
  connack.properties.add(PropertyId::reason_string, why);
  return connack;
}

SessionRegistry::Request request_of(const Connect& connect, const SessionOptions& options,
                                    const std::string& client_id) {
  SessionRegistry::Request request;
  request.client_id = client_id;
  request.clean_start = connect.clean_start;
  request.expiry = granted_expiry(connect, options);
  request.will = will_of(connect, client_id);
  return request;
}

}  // namespace watchpost::protocol
