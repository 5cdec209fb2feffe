// The fifteen control packets (MQTT 5.0 chapter 3; 3.1.1 is the same without properties).
// Promise: a decoded packet holds views into its frame and lives no longer than the frame; a packet
// to encode views the caller's strings. Only lists and properties that are present allocate. Pure;
// any thread.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/strong.hpp"
#include "model/message.hpp"
#include "protocol/property.hpp"
#include "protocol/reason_code.hpp"

namespace watchpost::protocol {

struct Will {
  Qos qos = Qos::at_most_once;
  bool retain = false;
  std::string_view topic;
  std::string_view payload;
  Properties properties;
  friend bool operator==(const Will&, const Will&) = default;
};

struct Connect {
  Version version = Version::v5;
  bool is_bridge = false;   // it marks itself as the bridge of another broker (3.1 and 3.1.1)
  bool clean_start = true;  // 3.1.1: Clean Session
  std::uint16_t keep_alive = 0;
  std::string_view client_id;
  Properties properties;
  std::optional<Will> will;
  std::optional<std::string_view> user_name;
  std::optional<std::string_view> password;
  friend bool operator==(const Connect&, const Connect&) = default;
};

struct Connack {
  bool session_present = false;
  ReasonCode code = ReasonCode::success;
  Properties properties;
  friend bool operator==(const Connack&, const Connack&) = default;
};

struct Publish {
  bool dup = false;
  Qos qos = Qos::at_most_once;
  bool retain = false;
  std::string_view topic;  // empty: the topic alias says which
  PacketId packet_id;      // 0 at QoS 0
  Properties properties;
  std::string_view payload;
  friend bool operator==(const Publish&, const Publish&) = default;
};

// PUBACK, PUBREC, PUBREL and PUBCOMP have one shape.
template <PacketType Type>
struct Acknowledgement {
  static constexpr PacketType kType = Type;
  PacketId packet_id;
  ReasonCode code = ReasonCode::success;
  Properties properties;
  friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};
using Puback = Acknowledgement<PacketType::puback>;
using Pubrec = Acknowledgement<PacketType::pubrec>;
using Pubrel = Acknowledgement<PacketType::pubrel>;
using Pubcomp = Acknowledgement<PacketType::pubcomp>;

struct Subscription {
  std::string_view filter;
  Qos maximum_qos = Qos::at_most_once;
  bool no_local = false;
  bool retain_as_published = false;
  std::uint8_t retain_handling = 0;
  friend bool operator==(const Subscription&, const Subscription&) = default;
};

struct Subscribe {
  PacketId packet_id;
  Properties properties;
  std::vector<Subscription> subscriptions;
  friend bool operator==(const Subscribe&, const Subscribe&) = default;
};

struct Suback {
  PacketId packet_id;
  Properties properties;
  std::vector<ReasonCode> codes;
  friend bool operator==(const Suback&, const Suback&) = default;
};

struct Unsubscribe {
  PacketId packet_id;
  Properties properties;
  std::vector<std::string_view> filters;
  friend bool operator==(const Unsubscribe&, const Unsubscribe&) = default;
};

struct Unsuback {
  PacketId packet_id;
  Properties properties;
  std::vector<ReasonCode> codes;  // empty in 3.1.1
  friend bool operator==(const Unsuback&, const Unsuback&) = default;
};

struct Pingreq {
  friend bool operator==(const Pingreq&, const Pingreq&) = default;
};
struct Pingresp {
  friend bool operator==(const Pingresp&, const Pingresp&) = default;
};

struct Disconnect {
  ReasonCode code = ReasonCode::success;
  Properties properties;
  friend bool operator==(const Disconnect&, const Disconnect&) = default;
};

struct Auth {
  ReasonCode code = ReasonCode::success;
  Properties properties;
  friend bool operator==(const Auth&, const Auth&) = default;
};

template <class T>
concept SentByServersOnly = std::same_as<T, Connack> || std::same_as<T, Suback> ||
    std::same_as<T, Unsuback> || std::same_as<T, Pingresp>;

using Packet = std::variant<Publish, Puback, Pubrec, Pubrel, Pubcomp, Connect, Connack, Subscribe,
                            Suback, Unsubscribe, Unsuback, Pingreq, Pingresp, Disconnect, Auth>;

}  // namespace watchpost::protocol
