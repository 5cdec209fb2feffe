// Properties: what MQTT 5.0 packets carry beside their fields (section 2.2.2).
// Promise: decoded properties were checked: allowed in their packet, at most once, in range. Texts
// are views into the frame (decoding) or into the caller's strings (encoding). A packet without
// properties costs no allocation. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/packet_type.hpp"
#include "protocol/wire.hpp"

namespace watchpost::protocol {

enum class PropertyId : std::uint8_t {
  payload_format_indicator = 1,
  message_expiry_interval = 2,
  content_type = 3,
  response_topic = 8,
  correlation_data = 9,
  subscription_identifier = 11,
  session_expiry_interval = 17,
  assigned_client_identifier = 18,
  server_keep_alive = 19,
  authentication_method = 21,
  authentication_data = 22,
  request_problem_information = 23,
  will_delay_interval = 24,
  request_response_information = 25,
  response_information = 26,
  server_reference = 28,
  reason_string = 31,
  receive_maximum = 33,
  topic_alias_maximum = 34,
  topic_alias = 35,
  maximum_qos = 36,
  retain_available = 37,
  user_property = 38,
  maximum_packet_size = 39,
  wildcard_subscription_available = 40,
  subscription_identifier_available = 41,
  shared_subscription_available = 42,
};

struct Property {
  PropertyId id{};
  std::uint32_t number = 0;  // integer properties
  std::string_view text;     // strings, binary, the name of a user property
  std::string_view value;    // the value of a user property
  friend bool operator==(const Property&, const Property&) = default;
};

class Properties {
 public:
  // A packet with more properties is refused with 0x97: its sender must not decide how much memory
  // they take.
  static constexpr std::size_t kMost = 256;

  [[nodiscard]] const Property* find(PropertyId id) const;
  [[nodiscard]] std::optional<std::uint32_t> number(PropertyId id) const;
  [[nodiscard]] std::optional<std::string_view> text(PropertyId id) const;
  // The value of the first user property of this name.
  [[nodiscard]] std::optional<std::string_view> user(std::string_view name) const;
  void add(PropertyId id, std::uint32_t number) { list_.push_back({id, number, {}, {}}); }
  void add(PropertyId id, std::string_view text) { list_.push_back({id, 0, text, {}}); }
  void add(const Property& property) { list_.push_back(property); }
  struct UserProperty {
    std::string_view name;
    std::string_view value;
  };
  void add_user(const UserProperty& user) {
    list_.push_back({PropertyId::user_property, 0, user.name, user.value});
  }
  void remove(PropertyId id);
  void clear() { list_.clear(); }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] const std::vector<Property>& list() const { return list_; }
  friend bool operator==(const Properties&, const Properties&) = default;

 private:
  std::vector<Property> list_;
};

// Where a set of properties stands: in the packet itself, or in the will inside CONNECT.
enum class PropertyPlace : std::uint8_t { packet, will };

[[nodiscard]] Properties read_properties(Reader& reader, PacketType type,
                                         PropertyPlace place = PropertyPlace::packet);
// How many bytes write_properties appends.
[[nodiscard]] std::size_t written_size(const Properties& properties);
// Appends the length of the properties, then the properties.
void write_properties(std::string& out, const Properties& properties);

}  // namespace watchpost::protocol
