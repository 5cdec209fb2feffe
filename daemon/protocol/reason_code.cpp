#include "protocol/reason_code.hpp"

#include <algorithm>
#include <array>

namespace watchpost::protocol {
namespace {

// One bit for each packet type, in the order of their numbers.
constexpr std::uint16_t bit(PacketType type) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type));
}
constexpr std::uint16_t kConnack = bit(PacketType::connack);
constexpr std::uint16_t kReceived = bit(PacketType::puback) | bit(PacketType::pubrec);
constexpr std::uint16_t kReleased = bit(PacketType::pubrel) | bit(PacketType::pubcomp);
constexpr std::uint16_t kSuback = bit(PacketType::suback);
constexpr std::uint16_t kUnsuback = bit(PacketType::unsuback);
constexpr std::uint16_t kDisconnect = bit(PacketType::disconnect);
constexpr std::uint16_t kAuth = bit(PacketType::auth);
constexpr std::uint16_t kAnswers = kConnack | kReceived | kSuback | kUnsuback | kDisconnect;

struct Row {
  ReasonCode code;
  std::uint16_t packets;
  std::string_view name;
};

using enum ReasonCode;
constexpr std::array kRows{
    Row{success, kAnswers | kReleased | kAuth, "Success"},
    Row{granted_qos_1, kSuback, "Granted QoS 1"},
    Row{granted_qos_2, kSuback, "Granted QoS 2"},
    Row{disconnect_with_will_message, kDisconnect, "Disconnect with Will Message"},
    Row{no_matching_subscribers, kReceived, "No matching subscribers"},
    Row{no_subscription_existed, kUnsuback, "No subscription existed"},
    Row{continue_authentication, kAuth, "Continue authentication"},
    Row{reauthenticate, kAuth, "Re-authenticate"},
    Row{unspecified_error, kAnswers, "Unspecified error"},
    Row{malformed_packet, kConnack | kDisconnect, "Malformed Packet"},
    Row{protocol_error, kConnack | kDisconnect, "Protocol Error"},
    Row{implementation_specific_error, kAnswers, "Implementation specific error"},
    Row{unsupported_protocol_version, kConnack, "Unsupported Protocol Version"},
    Row{client_identifier_not_valid, kConnack, "Client Identifier not valid"},
    Row{bad_user_name_or_password, kConnack, "Bad User Name or Password"},
    Row{not_authorized, kAnswers, "Not authorized"},
    Row{server_unavailable, kConnack, "Server unavailable"},
    Row{server_busy, kConnack | kDisconnect, "Server busy"},
    Row{banned, kConnack, "Banned"},
    Row{server_shutting_down, kDisconnect, "Server shutting down"},
    Row{bad_authentication_method, kConnack | kDisconnect, "Bad authentication method"},
    Row{keep_alive_timeout, kDisconnect, "Keep Alive timeout"},
    Row{session_taken_over, kDisconnect, "Session taken over"},
    Row{topic_filter_invalid, kSuback | kUnsuback | kDisconnect, "Topic Filter invalid"},
    Row{topic_name_invalid, kConnack | kReceived | kDisconnect, "Topic Name invalid"},
    Row{packet_identifier_in_use, kReceived | kSuback | kUnsuback, "Packet Identifier in use"},
    Row{packet_identifier_not_found, kReleased, "Packet Identifier not found"},
    Row{receive_maximum_exceeded, kDisconnect, "Receive Maximum exceeded"},
    Row{topic_alias_invalid, kDisconnect, "Topic Alias invalid"},
    Row{packet_too_large, kConnack | kDisconnect, "Packet too large"},
    Row{message_rate_too_high, kDisconnect, "Message rate too high"},
    Row{quota_exceeded, kConnack | kReceived | kSuback | kDisconnect, "Quota exceeded"},
    Row{administrative_action, kDisconnect, "Administrative action"},
    Row{payload_format_invalid, kConnack | kReceived | kDisconnect, "Payload format invalid"},
    Row{retain_not_supported, kConnack | kDisconnect, "Retain not supported"},
    Row{qos_not_supported, kConnack | kDisconnect, "QoS not supported"},
    Row{use_another_server, kConnack | kDisconnect, "Use another server"},
    Row{server_moved, kConnack | kDisconnect, "Server moved"},
    Row{shared_subscriptions_not_supported, kSuback | kDisconnect,
        "Shared Subscriptions not supported"},
    Row{connection_rate_exceeded, kConnack | kDisconnect, "Connection rate exceeded"},
    Row{maximum_connect_time, kDisconnect, "Maximum connect time"},
    Row{subscription_identifiers_not_supported, kSuback | kDisconnect,
        "Subscription Identifiers not supported"},
    Row{wildcard_subscriptions_not_supported, kSuback | kDisconnect,
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
  return row != nullptr && (row->packets & bit(type)) != 0;
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
  return version == Version::v5 ? "5" : "3.1.1";
}

}  // namespace watchpost::protocol
