#include "client/paho_values.hpp"

#include <algorithm>

namespace watchpost::client {
namespace {

constexpr int kWillQos = 1;
// Paho's limit is so far above what is ever outstanding: at its limit Paho's send thread sleeps for
// up to a second.
constexpr std::size_t kSpare = 2;
constexpr std::string_view kContentEncoding = "content-encoding";

int most_under_way(const LinkOptions& options) {
  return static_cast<int>(options.max_outstanding + kSpare);
}

const char* text_or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

// Lends the text to Paho, which copies it when the property is added.
MQTTLenString lent(std::string_view text) {
  return {static_cast<int>(text.size()), const_cast<char*>(text.data())};
}

std::string_view view_of(const MQTTLenString& text) {
  return {text.data, static_cast<std::size_t>(text.len)};
}

std::string_view content_encoding_of(MQTTProperties& properties) {
  for (int i = 0;; ++i) {
    const auto* const property =
        MQTTProperties_getPropertyAt(&properties, MQTTPROPERTY_CODE_USER_PROPERTY, i);
    if (property == nullptr) return {};
    if (view_of(property->value.data) == kContentEncoding) return view_of(property->value.value);
  }
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

MQTTAsync_createOptions create_options(const LinkOptions& options) {
  MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
  if (options.protocol == MqttVersion::v3_1_1) create.MQTTVersion = MQTTVERSION_3_1_1;
  create.sendWhileDisconnected = 0;
  create.maxBufferedMessages = most_under_way(options);
  return create;
}

PahoConnect::PahoConnect(const LinkOptions& from, const Will& will) {
  const bool v5 = from.protocol == MqttVersion::v5;
  const MQTTAsync_connectOptions initial5 = MQTTAsync_connectOptions_initializer5;
  const MQTTAsync_connectOptions initial3 = MQTTAsync_connectOptions_initializer;
  options = v5 ? initial5 : initial3;
  options.MQTTVersion = v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  (v5 ? options.cleanstart : options.cleansession) = from.clean_start ? 1 : 0;
  options.keepAliveInterval = static_cast<int>(from.keep_alive.count());
  options.connectTimeout = static_cast<int>(from.connect_timeout.count());
  options.maxInflight = most_under_way(from);
  options.automaticReconnect = 0;
  if (!from.username.empty()) {
    options.username = from.username.c_str();
    options.password = from.password.c_str();
  }
  if (!will.topic.empty()) {
    will_.topicName = will.topic.c_str();
    will_.payload = {static_cast<int>(will.payload.size()), will.payload.data()};
    will_.qos = kWillQos;
    will_.retained = 1;
    options.will = &will_;
  }
  if (from.url.tls) {
    tls_.trustStore = text_or_null(from.tls.ca_file);
    tls_.keyStore = text_or_null(from.tls.certificate);
    tls_.privateKey = text_or_null(from.tls.private_key);
    tls_.enableServerCertAuth = tls_.verify = from.tls.verify_server ? 1 : 0;
    options.ssl = &tls_;
  }
  if (v5 && from.session_expiry.count() > 0) {
    MQTTProperty expiry{};
    expiry.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL;
    expiry.value.integer4 = static_cast<unsigned int>(from.session_expiry.count());
    MQTTProperties_add(&properties_, &expiry);
    options.connectProperties = &properties_;
  }
}

MQTTProperties properties_of(const Publication& publication) {
  MQTTProperties properties = MQTTProperties_initializer;
  if (!publication.content_type.empty()) {
    MQTTProperty type{};
    type.identifier = MQTTPROPERTY_CODE_CONTENT_TYPE;
    type.value.data = lent(publication.content_type);
    MQTTProperties_add(&properties, &type);
  }
  if (!publication.content_encoding.empty()) {
    MQTTProperty encoding{};
    encoding.identifier = MQTTPROPERTY_CODE_USER_PROPERTY;
    encoding.value.data = lent(kContentEncoding);
    encoding.value.value = lent(publication.content_encoding);
    MQTTProperties_add(&properties, &encoding);
  }
  return properties;
}

LinkTerms terms_of(const MQTTAsync_successData5& connected) {
  LinkTerms terms;
  terms.session_present = connected.alt.connect.sessionPresent != 0;
  MQTTProperties properties = connected.properties;  // shares the list, which is only read here
  const auto told = [&properties](MQTTPropertyCodes code, auto otherwise) {
    if (MQTTProperties_hasProperty(&properties, code) == 0) return otherwise;
    return static_cast<decltype(otherwise)>(MQTTProperties_getNumericValue(&properties, code));
  };
  terms.receive_maximum = told(MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, terms.receive_maximum);
  // Paho gives numbers as `int`; this number may use all 32 bits.
  terms.maximum_packet_size = static_cast<std::uint32_t>(
      told(MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, terms.maximum_packet_size));
  terms.retain_available = told(MQTTPROPERTY_CODE_RETAIN_AVAILABLE, 1) != 0;
  return terms;
}

// A 3.1.1 server says nothing more; the defaults of the standard hold.
LinkTerms terms_of(const MQTTAsync_successData& connected) {
  LinkTerms terms;
  terms.session_present = connected.alt.connect.sessionPresent != 0;
  return terms;
}

std::vector<ReasonCode> codes_of(const MQTTAsync_successData5& granted) {
  // With one topic Paho gives the code of that topic beside the list.
  const auto count = static_cast<std::size_t>(std::max(granted.alt.sub.reasonCodeCount, 1));
  if (count == 1) return {code_of_paho(granted.reasonCode)};
  std::vector<ReasonCode> codes;
  for (std::size_t i = 0; i < count; ++i) {
    codes.push_back(code_of_paho(granted.alt.sub.reasonCodes[i]));
  }
  return codes;
}

std::vector<ReasonCode> codes_of(const MQTTAsync_successData& granted, std::size_t topics) {
  if (topics == 1) return {code_of_paho(granted.alt.qos)};
  std::vector<ReasonCode> codes;
  for (std::size_t i = 0; i < topics; ++i) codes.push_back(code_of_paho(granted.alt.qosList[i]));
  return codes;
}

std::string server_reference_in(MQTTProperties* properties) {
  if (properties == nullptr) return {};
  const auto* const property =
      MQTTProperties_getProperty(properties, MQTTPROPERTY_CODE_SERVER_REFERENCE);
  return property == nullptr ? std::string() : std::string(view_of(property->value.data));
}

Arrival arrival_of(MQTTAsync_message& message) {
  Arrival arrival;
  arrival.payload = {static_cast<const char*>(message.payload),
                     static_cast<std::size_t>(message.payloadlen)};
  arrival.qos = static_cast<Qos>(message.qos);
  arrival.retain = message.retained != 0;
  const auto* const type =
      MQTTProperties_getProperty(&message.properties, MQTTPROPERTY_CODE_CONTENT_TYPE);
  if (type != nullptr) arrival.content_type = view_of(type->value.data);
  arrival.content_encoding = content_encoding_of(message.properties);
  return arrival;
}

}  // namespace watchpost::client
