#include "protocol/reason_code.hpp"

#include <algorithm>
#include <array>

namespace watchpost::protocol {
namespace {

// One bit for each packet type, in the order of their numbers.
constexpr std::uint16_t code_bit(PacketType type) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type));
}
constexpr std::uint16_t kOfConnack = code_bit(PacketType::connack);
constexpr std::uint16_t kReceived = code_bit(PacketType::puback) | code_bit(PacketType::pubrec);
constexpr std::uint16_t kReleased = code_bit(PacketType::pubrel) | code_bit(PacketType::pubcomp);
constexpr std::uint16_t kSuback = code_bit(PacketType::suback);
constexpr std::uint16_t kUnsuback = code_bit(PacketType::unsuback);
constexpr std::uint16_t kOfDisconnect = code_bit(PacketType::disconnect);
constexpr std::uint16_t kOfAuth = code_bit(PacketType::auth);
constexpr std::uint16_t kAnswers = kOfConnack | kReceived | kSuback | kUnsuback | kOfDisconnect;

struct Row {
  ReasonCode code;
  std::uint16_t packets;
  std::string_view name;
};

using enum ReasonCode;
constexpr std::array kRows{
    Row{success, kAnswers | kReleased | kOfAuth, "Success"},
    Row{granted_qos_1, kSuback, "Granted QoS 1"},
    Row{granted_qos_2, kSuback, "Granted QoS 2"},
    Row{disconnect_with_will_message, kOfDisconnect, "Disconnect with Will Message"},
    Row{no_matching_subscribers, kReceived, "No matching subscribers"},
    Row{no_subscription_existed, kUnsuback, "No subscription existed"},
    Row{continue_authentication, kOfAuth, "Continue authentication"},
    Row{reauthenticate, kOfAuth, "Re-authenticate"},
    Row{unspecified_error, kAnswers, "Unspecified error"},
    Row{malformed_packet, kOfConnack | kOfDisconnect, "Malformed Packet"},
    Row{protocol_error, kOfConnack | kOfDisconnect, "Protocol Error"},
    Row{implementation_specific_error, kAnswers, "Implementation specific error"},
    Row{unsupported_protocol_version, kOfConnack, "Unsupported Protocol Version"},
    Row{client_identifier_not_valid, kOfConnack, "Client Identifier not valid"},
    Row{bad_user_name_or_password, kOfConnack, "Bad User Name or Password"},
    Row{not_authorized, kAnswers, "Not authorized"},
    Row{server_unavailable, kOfConnack, "Server unavailable"},
    Row{server_busy, kOfConnack | kOfDisconnect, "Server busy"},
    Row{banned, kOfConnack, "Banned"},
    Row{server_shutting_down, kOfDisconnect, "Server shutting down"},
    Row{bad_authentication_method, kOfConnack | kOfDisconnect, "Bad authentication method"},
    Row{keep_alive_timeout, kOfDisconnect, "Keep Alive timeout"},
    Row{session_taken_over, kOfDisconnect, "Session taken over"},
    Row{topic_filter_invalid, kSuback | kUnsuback | kOfDisconnect, "Topic Filter invalid"},
    Row{topic_name_invalid, kOfConnack | kReceived | kOfDisconnect, "Topic Name invalid"},
    Row{packet_identifier_in_use, kReceived | kSuback | kUnsuback, "Packet Identifier in use"},
    Row{packet_identifier_not_found, kReleased, "Packet Identifier not found"},
    Row{receive_maximum_exceeded, kOfDisconnect, "Receive Maximum exceeded"},
    Row{topic_alias_invalid, kOfDisconnect, "Topic Alias invalid"},
    Row{packet_too_large, kOfConnack | kOfDisconnect, "Packet too large"},
    Row{message_rate_too_high, kOfDisconnect, "Message rate too high"},
    Row{quota_exceeded, kOfConnack | kReceived | kSuback | kOfDisconnect, "Quota exceeded"},
    Row{administrative_action, kOfDisconnect, "Administrative action"},
    Row{payload_format_invalid, kOfConnack | kReceived | kOfDisconnect, "Payload format invalid"},
    Row{retain_not_supported, kOfConnack | kOfDisconnect, "Retain not supported"},
    Row{qos_not_supported, kOfConnack | kOfDisconnect, "QoS not supported"},
    Row{use_another_server, kOfConnack | kOfDisconnect, "Use another server"},
    Row{server_moved, kOfConnack | kOfDisconnect, "Server moved"},
    Row{shared_subscriptions_not_supported, kSuback | kOfDisconnect,
        "Shared Subscriptions not supported"},
    Row{connection_rate_exceeded, kOfConnack | kOfDisconnect, "Connection rate exceeded"},
    Row{maximum_connect_time, kOfDisconnect, "Maximum connect time"},
    Row{subscription_identifiers_not_supported, kSuback | kOfDisconnect,
        "Subscription Identifiers not supported"},
    Row{wildcard_subscriptions_not_supported, kSuback | kOfDisconnect,
        "Wildcard Subscriptions not supported"},
};

const Row* row_of(std::uint8_t code) {
  const auto* row = std::lower_bound(kRows.begin(), kRows.end(), code, [](const Row& r, auto c) {
    return static_cast<std::uint8_t>(r.code) < c;
  });
  return row != kRows.end() && static_cast<std::uint8_t>(row->code) == code ? row : nullptr;
}

}  // namespace

bool is_reason_of(PacketType type, std::uint8_t code) {
  const Row* row = row_of(code);
  return row != nullptr && (row->packets & code_bit(type)) != 0;
}

std::string_view to_string(ReasonCode code) {
  const Row* row = row_of(static_cast<std::uint8_t>(code));
  return row != nullptr ? row->name : "unknown reason code";
}

std::uint8_t to_connect_return_code(ReasonCode code) {
  if (code == success) return 0;
  if (code == unsupported_protocol_version) return 1;
  if (code == client_identifier_not_valid) return 2;
  if (code == bad_user_name_or_password) return 4;
  if (code == not_authorized || code == banned || code == bad_authentication_method) return 5;
  return 3;  // Server unavailable: what 3.1.1 offers for everything else
}

ReasonCode from_connect_return_code(std::uint8_t code) {
  constexpr std::array kCodes{success,
                              unsupported_protocol_version,
                              client_identifier_not_valid,
                              server_unavailable,
                              bad_user_name_or_password,
                              not_authorized};
  return code < kCodes.size() ? kCodes[code] : unspecified_error;
}

std::string_view to_string(PacketType type) {
  constexpr std::array<std::string_view, 16> kNames{
      "reserved", "CONNECT",  "CONNACK",    "PUBLISH", "PUBACK",      "PUBREC",
      "PUBREL",   "PUBCOMP",  "SUBSCRIBE",  "SUBACK",  "UNSUBSCRIBE", "UNSUBACK",
      "PINGREQ",  "PINGRESP", "DISCONNECT", "AUTH"};
  return kNames[static_cast<std::size_t>(type) & 0x0F];
}

std::string_view to_string(Version version) {
  switch (version) {
    case Version::v3_1:
      return "3.1";
    case Version::v3_1_1:
      return "3.1.1";
    case Version::v5:
      break;
  }
  return "5";
}

}  // namespace watchpost::protocol
