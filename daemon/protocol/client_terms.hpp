// The settings of a ClientSession, what it publishes, and what a server grants it.
// Promise: plain values; views live as long as their call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/message.hpp"
#include "protocol/packet_type.hpp"
#include "protocol/reason_code.hpp"

namespace watchpost::protocol {

struct ClientOptions {
  std::string client_id;
  Version version = Version::v5;
  std::uint32_t session_expiry_s = 3'600;  // version 5; 3.1.1 keeps a session that is not clean
  std::uint16_t keep_alive_s = 30;
  std::string user_name;  // empty: none
  std::string password;
  std::uint16_t window = 20;  // publishes at QoS 1 and 2 unacknowledged at once, 1..2000
  // How many messages the server may send us unacknowledged (version 5); 0: CONNECT does not say.
  std::uint16_t receive_maximum = 0;
  // Bytes. A larger packet of the server ends the connection; a version 5 server is told the limit.
  std::uint32_t maximum_packet_size = 16U * 1'024 * 1'024;
  // PUBACKs are left to the owner: see ClientSession::acknowledge.
  bool owner_acknowledges = false;
  // True: publishes that are unacknowledged when the link is lost are sent again over the next
  // link. False: they are forgotten.
  bool resends = true;
};

struct Outgoing {
  std::string_view topic;
  std::string_view payload;
  Qos qos = Qos::at_least_once;
  std::uint64_t tag = 0;  // the owner's own number, given back with the acknowledgements
  bool retain = false;
  // Properties of MQTT 5.0, where not empty.
  std::string_view content_type{};
  std::string_view content_encoding{};  // as a User Property
  std::string_view correlation_data{};
};

// What CONNACK said (MQTT 5.0 section 3.2.2.3), or what holds where it says nothing.
struct ServerTerms {
  std::uint16_t receive_maximum = 65'535;
  std::uint32_t maximum_packet_size = 268'435'460;  // bytes; the format's own limit
  std::uint16_t keep_alive_s = 0;
  bool retain_available = true;
  Qos maximum_qos = Qos::exactly_once;
};

// Why a connection is to end.
struct CloseReason {
  enum class Kind : std::uint8_t {
    refused,  // by CONNACK, with `code`
    ended,    // by DISCONNECT, with `code`
    broken,   // the server broke the protocol
  };
  Kind kind = Kind::broken;
  ReasonCode code = ReasonCode::protocol_error;
  std::string_view what;    // a literal, or the name of `code`
  std::string reference{};  // the server to use instead (MQTT 5.0 section 4.11)
};

}  // namespace watchpost::protocol
