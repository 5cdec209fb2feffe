#include "upstream/paho_values.hpp"

#include <cstdint>

namespace watchpost::upstream {

mqtt::properties properties_of(const Publication& publication) {
  mqtt::properties properties;
  if (!publication.content_type.empty()) {
    properties.add({mqtt::property::CONTENT_TYPE, publication.content_type});
  }
  if (!publication.content_encoding.empty()) {
    properties.add(
        {mqtt::property::USER_PROPERTY, "content-encoding", publication.content_encoding});
  }
  return properties;
}

int granted(const mqtt::token& token) {
  try {
    const auto response = token.get_subscribe_response();
    const auto& codes = response.get_reason_codes();
    return codes.empty() ? 0 : static_cast<int>(codes.front());
  } catch (const std::exception&) {
    return kRefusedSubscribe;
  }
}

LinkTerms terms_of(const mqtt::token& token) {
  LinkTerms terms;
  using mqtt::property;
  try {
    const auto response = token.get_connect_response();
    terms.session_present = response.is_session_present();
    const auto& properties = response.get_properties();
    if (properties.contains(property::RECEIVE_MAXIMUM)) {
      terms.receive_maximum = mqtt::get<std::uint16_t>(properties, property::RECEIVE_MAXIMUM);
    }
    if (properties.contains(property::MAXIMUM_PACKET_SIZE)) {
      terms.maximum_packet_size =
          mqtt::get<std::uint32_t>(properties, property::MAXIMUM_PACKET_SIZE);
    }
    if (properties.contains(property::RETAIN_AVAILABLE)) {
      terms.retain_available = mqtt::get<std::uint8_t>(properties, property::RETAIN_AVAILABLE) != 0;
    }
  } catch (const std::exception&) {
    // A 3.1.1 broker says nothing of this; the defaults of the standard hold.
  }
  return terms;
}

}  // namespace watchpost::upstream
