#include "protocol/property.hpp"

#include <algorithm>
#include <array>

#include "model/topic.hpp"

namespace watchpost::protocol {
namespace {

enum class Form : std::uint8_t { none, byte, two, four, variable, utf8, binary, pair };

// Which packets may carry a property: one bit per packet type; bit 0, which is no type, is the
// will.
constexpr std::uint16_t bit(PacketType type) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(type));
}
constexpr std::uint16_t kWill = 1;
constexpr std::uint16_t kConnect = bit(PacketType::connect);
constexpr std::uint16_t kConnack = bit(PacketType::connack);
constexpr std::uint16_t kPublish = bit(PacketType::publish);
constexpr std::uint16_t kSubscribe = bit(PacketType::subscribe);
constexpr std::uint16_t kDisconnect = bit(PacketType::disconnect);
constexpr std::uint16_t kAuth = bit(PacketType::auth);
constexpr std::uint16_t kAcks = bit(PacketType::puback) | bit(PacketType::pubrec) |
                                bit(PacketType::pubrel) | bit(PacketType::pubcomp) |
                                bit(PacketType::suback) | bit(PacketType::unsuback);

struct Rule {
  Form form = Form::none;
  std::uint16_t places = 0;
  std::uint32_t least = 0;  // least and most: bounds of an integer
  std::uint32_t most = 0xFFFFFFFF;
};

constexpr std::size_t kIds = 43;

constexpr std::array<Rule, kIds> make_rules() {
  std::array<Rule, kIds> rules{};
  const auto set = [&rules](PropertyId id, Rule rule) {
    rules[static_cast<std::size_t>(id)] = rule;
  };
  using enum PropertyId;
  set(payload_format_indicator, {Form::byte, kPublish | kWill, 0, 1});
  set(message_expiry_interval, {Form::four, kPublish | kWill});
  set(content_type, {Form::utf8, kPublish | kWill});
  set(response_topic, {Form::utf8, kPublish | kWill});
  set(correlation_data, {Form::binary, kPublish | kWill});
  set(subscription_identifier, {Form::variable, kPublish | kSubscribe, 1});
  set(session_expiry_interval, {Form::four, kConnect | kConnack | kDisconnect});
  set(assigned_client_identifier, {Form::utf8, kConnack});
  set(server_keep_alive, {Form::two, kConnack});
  set(authentication_method, {Form::utf8, kConnect | kConnack | kAuth});
  set(authentication_data, {Form::binary, kConnect | kConnack | kAuth});
  set(request_problem_information, {Form::byte, kConnect, 0, 1});
  set(will_delay_interval, {Form::four, kWill});
  set(request_response_information, {Form::byte, kConnect, 0, 1});
  set(response_information, {Form::utf8, kConnack});
  set(server_reference, {Form::utf8, kConnack | kDisconnect});
  set(reason_string, {Form::utf8, kConnack | kAcks | kDisconnect | kAuth});
  set(receive_maximum, {Form::two, kConnect | kConnack, 1});
  set(topic_alias_maximum, {Form::two, kConnect | kConnack});
  set(topic_alias, {Form::two, kPublish, 1});
  set(maximum_qos, {Form::byte, kConnack, 0, 1});
  set(retain_available, {Form::byte, kConnack, 0, 1});
  set(user_property, {Form::pair, kConnect | kConnack | kPublish | kWill | kAcks | kSubscribe |
                                      bit(PacketType::unsubscribe) | kDisconnect | kAuth});
  set(maximum_packet_size, {Form::four, kConnect | kConnack, 1});
  set(wildcard_subscription_available, {Form::byte, kConnack, 0, 1});
  set(subscription_identifier_available, {Form::byte, kConnack, 0, 1});
  set(shared_subscription_available, {Form::byte, kConnack, 0, 1});
  return rules;
}
constexpr auto kRules = make_rules();

bool may_repeat(PropertyId id, PacketType type) {
  return id == PropertyId::user_property ||
         (id == PropertyId::subscription_identifier && type == PacketType::publish);
}

void read_value(Reader& reader, Form form, Property& property) {
  switch (form) {
    case Form::none:
      break;
    case Form::byte:
      property.number = reader.one_byte();
      break;
    case Form::two:
      property.number = reader.two_bytes();
      break;
    case Form::four:
      property.number = reader.four_bytes();
      break;
    case Form::variable:
      property.number = reader.variable_byte_integer();
      break;
    case Form::utf8:
      property.text = reader.utf8();
      break;
    case Form::binary:
      property.text = reader.binary();
      break;
    case Form::pair:
      property.text = reader.utf8();
      property.value = reader.utf8();
      break;
  }
}

void check_value(Reader& reader, const Rule& rule, const Property& property) {
  if (reader.failed()) return;
  const bool integer = rule.form == Form::byte || rule.form == Form::two ||
                       rule.form == Form::four || rule.form == Form::variable;
  if (integer && (property.number < rule.least || property.number > rule.most)) {
    reader.fail(property.id == PropertyId::topic_alias ? ReasonCode::topic_alias_invalid
                                                       : ReasonCode::protocol_error,
                "a property's value is out of its range");
  }
  if (property.id == PropertyId::response_topic &&
      (property.text.empty() || has_wildcard(property.text))) {
    reader.fail(ReasonCode::protocol_error, "a response topic is empty or has a wildcard");
  }
}

std::size_t value_size(const Property& property) {
  switch (kRules[static_cast<std::size_t>(property.id)].form) {
    case Form::none:
      return 0;
    case Form::byte:
      return 1;
    case Form::two:
      return 2;
    case Form::four:
      return 4;
    case Form::variable:
      return variable_byte_integer_size(property.number);
    case Form::utf8:
    case Form::binary:
      return 2 + property.text.size();
    case Form::pair:
      return 4 + property.text.size() + property.value.size();
  }
  return 0;
}

std::uint32_t size_of_all(const Properties& properties) {
  std::size_t length = 0;
  for (const Property& property : properties.list()) length += 1 + value_size(property);
  return static_cast<std::uint32_t>(length);
}

void write_value(std::string& out, const Property& property) {
  switch (kRules[static_cast<std::size_t>(property.id)].form) {
    case Form::none:
      break;
    case Form::byte:
      write_one_byte(out, static_cast<std::uint8_t>(property.number));
      break;
    case Form::two:
      write_two_bytes(out, static_cast<std::uint16_t>(property.number));
      break;
    case Form::four:
      write_four_bytes(out, property.number);
      break;
    case Form::variable:
      write_variable_byte_integer(out, property.number);
      break;
    case Form::utf8:
    case Form::binary:
      write_text(out, property.text);
      break;
    case Form::pair:
      write_text(out, property.text);
      write_text(out, property.value);
      break;
  }
}

// Reads one property into `properties`; `seen` has a bit for each identifier met so far.
void read_one(Reader& reader, Properties& properties, std::uint64_t& seen, std::uint16_t place) {
  const std::uint32_t id = reader.variable_byte_integer();
  if (reader.failed()) return;
  const Rule rule = id < kIds ? kRules[id] : Rule{};
  if ((rule.places & place) == 0) {
    reader.fail(ReasonCode::malformed_packet, "a property is unknown or not allowed here");
    return;
  }
  Property property;
  property.id = static_cast<PropertyId>(id);
  const auto type = place == kPublish ? PacketType::publish : PacketType::connect;
  const std::uint64_t mark = std::uint64_t{1} << id;
  if ((seen & mark) != 0 && !may_repeat(property.id, type)) {
    reader.fail(ReasonCode::protocol_error, "a property appears twice");
    return;
  }
  seen |= mark;
  read_value(reader, rule.form, property);
  check_value(reader, rule, property);
  if (property.id == PropertyId::user_property) {
    properties.add_user({.name = property.text, .value = property.value});
  } else if (rule.form == Form::utf8 || rule.form == Form::binary) {
    properties.add(property.id, property.text);
  } else {
    properties.add(property.id, property.number);
  }
}

}  // namespace

const Property* Properties::find(PropertyId id) const {
  const auto found = std::find_if(list_.begin(), list_.end(),
                                  [id](const Property& property) { return property.id == id; });
  return found == list_.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> Properties::number(PropertyId id) const {
  const Property* property = find(id);
  if (property == nullptr) return std::nullopt;
  return property->number;
}

std::optional<std::string_view> Properties::text(PropertyId id) const {
  const Property* property = find(id);
  if (property == nullptr) return std::nullopt;
  return property->text;
}

std::optional<std::string_view> Properties::user(std::string_view name) const {
  for (const Property& property : list_) {
    if (property.id == PropertyId::user_property && property.text == name) return property.value;
  }
  return std::nullopt;
}

void Properties::remove(PropertyId id) {
  std::erase_if(list_, [id](const Property& property) { return property.id == id; });
}

Properties read_properties(Reader& reader, PacketType type, PropertyPlace place) {
  Properties properties;
  const std::uint32_t length = reader.variable_byte_integer();
  if (length == 0 || reader.failed()) return properties;
  Reader part(reader.take(length));
  std::uint64_t seen = 0;
  while (!reader.failed() && !part.failed() && !part.at_end()) {
    if (properties.list().size() == Properties::kMost) {
      part.fail(ReasonCode::quota_exceeded, "more properties than this server takes");
      break;
    }
    read_one(part, properties, seen, place == PropertyPlace::will ? kWill : bit(type));
  }
  reader.adopt_failure(part);
  return properties;
}

std::size_t written_size(const Properties& properties) {
  const std::uint32_t length = size_of_all(properties);
  return variable_byte_integer_size(length) + length;
}

void write_properties(std::string& out, const Properties& properties) {
  write_variable_byte_integer(out, size_of_all(properties));
  for (const Property& property : properties.list()) {
    write_one_byte(out, static_cast<std::uint8_t>(property.id));
    write_value(out, property);
  }
}

}  // namespace watchpost::protocol
