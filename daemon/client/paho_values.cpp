#include "client/paho_values.hpp"

#include <utility>

namespace watchpost::client {
namespace {

constexpr int kQos = 1;
// Paho's limit is so far above what is ever outstanding: at its limit Paho's send thread sleeps for
// up to a second.
constexpr std::size_t kSpare = 2;
constexpr const char* kContentEncoding = "content-encoding";

int most_under_way(const LinkOptions& options) {
  return static_cast<int>(options.max_outstanding + kSpare);
}

std::string text_in(const mqtt::properties& properties, mqtt::property::code code) {
  return properties.contains(code) ? mqtt::get<std::string>(properties, code) : std::string();
}

std::string content_encoding_in(const mqtt::properties& properties) {
  constexpr auto kCode = mqtt::property::USER_PROPERTY;
  for (std::size_t i = 0; i < properties.count(kCode); ++i) {
    auto [name, value] = mqtt::get<mqtt::string_pair>(properties, kCode, i);
    if (name == kContentEncoding) return value;
  }
  return {};
}

mqtt::ssl_options tls_options(const TlsFiles& files) {
  mqtt::ssl_options tls;
  tls.set_trust_store(files.ca_file);
  tls.set_key_store(files.certificate);
  tls.set_private_key(files.private_key);
  tls.set_enable_server_cert_auth(files.verify_server);
  tls.set_verify(files.verify_server);
  return tls;
}

ReasonCode code_of_paho(int code) {
  return ReasonCode{static_cast<std::uint8_t>(code)};
}

}  // namespace

// Over TLS Paho gets the host's name, whatever the address: the certificate is compared with it.
std::string paho_uri(const net::Url& url, const std::string& address) {
  net::Url there = url;
  if (!url.tls && !address.empty()) there.host = address;
  const std::string text = there.text();
  return (url.tls ? "ssl" : "tcp") + text.substr(text.find("://"));
}

mqtt::create_options create_options(const LinkOptions& options) {
  const bool v5 = options.protocol == MqttVersion::v5;
  return mqtt::create_options_builder()
      .mqtt_version(v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1)
      .send_while_disconnected(false)
      .max_buffered_messages(most_under_way(options))
      .finalize();
}

void set_up(mqtt::connect_options& connect, const LinkOptions& options, const Will& will) {
  const bool v5 = options.protocol == MqttVersion::v5;
  connect.set_mqtt_version(v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1);
  v5 ? connect.set_clean_start(options.clean_start)
     : connect.set_clean_session(options.clean_start);
  connect.set_keep_alive_interval(options.keep_alive);
  connect.set_connect_timeout(options.connect_timeout);
  connect.set_max_inflight(most_under_way(options));
  connect.set_automatic_reconnect(false);
  if (!options.username.empty()) {
    connect.set_user_name(options.username);
    connect.set_password(options.password);
  }
  if (!will.topic.empty()) connect.set_will({will.topic, will.payload, kQos, will.retain});
  if (options.url.tls) connect.set_ssl(tls_options(options.tls));
  if (v5 && options.session_expiry.count() > 0) {
    connect.set_properties({mqtt::property(mqtt::property::SESSION_EXPIRY_INTERVAL,
                                           static_cast<int>(options.session_expiry.count()))});
  }
}

mqtt::message message_of(Publication publication, MqttVersion protocol) {
  mqtt::properties properties;
  if (protocol == MqttVersion::v5 && !publication.content_type.empty()) {
    properties.add({mqtt::property::CONTENT_TYPE, publication.content_type});
  }
  if (protocol == MqttVersion::v5 && !publication.content_encoding.empty()) {
    properties.add({mqtt::property::USER_PROPERTY, kContentEncoding, publication.content_encoding});
  }
  if (protocol == MqttVersion::v5 && !publication.correlation_data.empty()) {
    properties.add({mqtt::property::CORRELATION_DATA, publication.correlation_data});
  }
  return {std::move(publication.topic), std::move(publication.payload), kQos, publication.retain,
          properties};
}

LinkTerms terms_of(const mqtt::connect_response& accepted) {
  LinkTerms terms;
  terms.session_present = accepted.is_session_present();
  const mqtt::properties& told = accepted.get_properties();
  if (told.contains(mqtt::property::RECEIVE_MAXIMUM)) {
    terms.receive_maximum = mqtt::get<std::uint16_t>(told, mqtt::property::RECEIVE_MAXIMUM);
  }
  if (told.contains(mqtt::property::MAXIMUM_PACKET_SIZE)) {
    terms.maximum_packet_size = mqtt::get<std::uint32_t>(told, mqtt::property::MAXIMUM_PACKET_SIZE);
  }
  if (told.contains(mqtt::property::MAXIMUM_QOS)) {
    terms.maximum_qos =
        static_cast<Qos>(mqtt::get<std::uint8_t>(told, mqtt::property::MAXIMUM_QOS));
  }
  if (told.contains(mqtt::property::RETAIN_AVAILABLE)) {
    terms.retain_available = mqtt::get<std::uint8_t>(told, mqtt::property::RETAIN_AVAILABLE) != 0;
  }
  return terms;
}

// By MQTT 5 the response is not asked for: it throws where the server answers with a code above 2.
ReasonCode grant_of(const mqtt::token& subscribed, MqttVersion protocol) {
  if (protocol == MqttVersion::v5) return code_of_paho(subscribed.get_reason_code());
  return code_of_paho(subscribed.get_subscribe_response().get_reason_codes().front());
}

std::optional<ReasonCode> refusal_of(const mqtt::token& failed) {
  const ReasonCode code = code_of_paho(failed.get_reason_code());
  if (failed.get_return_code() != 0 || !is_failure(code)) return std::nullopt;
  return code;
}

std::string server_reference_in(const mqtt::properties& properties) {
  return text_in(properties, mqtt::property::SERVER_REFERENCE);
}

Kept::Kept(const mqtt::message& message)
    : topic(message.get_topic()),
      payload(message.get_payload()),
      content_type(text_in(message.get_properties(), mqtt::property::CONTENT_TYPE)),
      content_encoding(content_encoding_in(message.get_properties())),
      response_topic(text_in(message.get_properties(), mqtt::property::RESPONSE_TOPIC)),
      correlation_data(text_in(message.get_properties(), mqtt::property::CORRELATION_DATA)),
      qos(static_cast<Qos>(message.get_qos())),
      retain(message.is_retained()) {}

Arrival Kept::arrival(ArrivalId id) const {
  return {id,
          topic,
          payload,
          qos,
          retain,
          content_type,
          content_encoding,
          response_topic,
          correlation_data};
}

}  // namespace watchpost::client
