#include "ingress/paho_message.hpp"

#include <string_view>
#include <utility>

namespace watchpost::ingress {
namespace {

std::string content_type_of(MQTTAsync_message& message) {
  const auto* const property =
      MQTTProperties_getProperty(&message.properties, MQTTPROPERTY_CODE_CONTENT_TYPE);
  if (property == nullptr) return {};
  return {property->value.data.data, static_cast<std::size_t>(property->value.data.len)};
}

std::string content_encoding_of(MQTTAsync_message& message) {
  constexpr std::string_view kName = "content-encoding";
  for (int i = 0;; ++i) {
    const auto* const property =
        MQTTProperties_getPropertyAt(&message.properties, MQTTPROPERTY_CODE_USER_PROPERTY, i);
    if (property == nullptr) return {};
    const auto& name = property->value.data;
    if (std::string_view(name.data, static_cast<std::size_t>(name.len)) != kName) continue;
    return {property->value.value.data, static_cast<std::size_t>(property->value.value.len)};
  }
}

}  // namespace

Message message_of(Topic topic, MQTTAsync_message& arrived, std::string source) {
  Message message{std::move(topic), {}};
  message.payload.assign(static_cast<const char*>(arrived.payload),
                         static_cast<std::size_t>(arrived.payloadlen));
  message.qos = static_cast<Qos>(arrived.qos);
  // Retain As Published is not asked for: a broker sets the flag only on a copy it had kept
  // (MQTT 5.0 section 3.3.1.3, 3.1.1 the same), sent because we subscribed.
  message.retain = arrived.retained != 0;
  message.stored_copy = message.retain;
  message.content_type = content_type_of(arrived);
  message.content_encoding = content_encoding_of(arrived);
  message.source = std::move(source);
  return message;
}

}  // namespace watchpost::ingress
