#include "client/own_link.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::client {
namespace {

// Our Receive Maximum where the owner acknowledges. A commit takes all that has come meanwhile, so
// the number is large: a slow disk is still used well.
constexpr std::uint16_t kReceiveMaximum = 1'000;

MqttClientOptions client_options(const LinkOptions& options) {
  MqttClientOptions client;
  client.url = options.url;
  client.version =
      options.protocol == MqttVersion::v5 ? protocol::Version::v5 : protocol::Version::v3_1_1;
  client.client_id = options.client_id;
  client.user_name = options.username;
  client.password = options.password;
  client.tls = options.tls;
  client.session_expiry_s = static_cast<std::uint32_t>(options.session_expiry.count());
  client.keep_alive_s = static_cast<std::uint16_t>(options.keep_alive.count());
  client.connect_timeout = options.connect_timeout;
  client.window = static_cast<std::uint16_t>(
      std::min<std::size_t>(options.max_outstanding, protocol::ClientSession::kMostWindow));
  client.resends = false;
  client.owner_acknowledges = options.owner_acknowledges;
  client.receive_maximum = options.owner_acknowledges ? kReceiveMaximum : std::uint16_t{0};
  client.section = options.section;
  return client;
}

}  // namespace

OwnLink::OwnLink(boost::asio::any_io_executor io, const LinkOptions& options)
    : io_(io),
      clean_start_(options.clean_start),
      client_(std::move(io), client_options(options), *this) {}

void OwnLink::connect(const Will& will) {
  WATCHPOST_INVARIANT(listener_ != nullptr);
  drop();
  link_ = std::make_shared<OwnLink*>(this);
  client_.set_will({.topic = will.topic, .payload = will.payload, .retain = will.retain});
  client_.connect(clean_start_ ? MqttClient::Start::clean : MqttClient::Start::resume);
}

void OwnLink::publish(Publication publication) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  if (!waiting_.empty() || !send(publication)) waiting_.push_back(std::move(publication));
}

bool OwnLink::send(const Publication& publication) {
  using Taking = protocol::ClientSession::Taking;
  const Outgoing outgoing{publication.topic,
                          publication.payload,
                          Qos::at_least_once,
                          publication.token.value,
                          publication.retain,
                          publication.content_type,
                          publication.content_encoding,
                          publication.correlation_data};
  const Taking taking = client_.publish(outgoing);
  if (taking == Taking::too_large) {
    boost::asio::post(io_, [weak = std::weak_ptr(link_), token = publication.token] {
      if (const auto link = weak.lock())
        (*link)->listener_->acknowledged(token, ReasonCode::packet_too_large);
    });
  }
  return taking != Taking::not_now;
}

void OwnLink::send_waiting() {
  while (!waiting_.empty() && send(waiting_.front())) waiting_.pop_front();
}

void OwnLink::subscribe(const std::vector<std::string>& topics) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  client_.subscribe(topics, Qos::at_least_once);
}

// A message that arrived at QoS 0 has no packet id, and no acknowledgement.
void OwnLink::acknowledge(ArrivalId id) {
  if (link_ == nullptr || id.value == 0) return;
  client_.acknowledge(PacketId{static_cast<std::uint16_t>(id.value)});
}

void OwnLink::disconnect(std::chrono::milliseconds wait) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  is_leaving_ = true;
  client_.disconnect(wait);
}

void OwnLink::forget() {
  waiting_.clear();
  is_leaving_ = false;
  link_.reset();
}

void OwnLink::drop() {
  client_.drop();
  forget();
}

void OwnLink::leave() {
  client_.leave();
  forget();
}

void OwnLink::connected(bool session_present) {
  const protocol::ServerTerms& said = client_.session().terms();
  LinkTerms terms;
  terms.session_present = session_present;
  terms.retain_available = said.retain_available;
  terms.maximum_qos = said.maximum_qos;
  terms.receive_maximum = said.receive_maximum;
  terms.maximum_packet_size = said.maximum_packet_size;
  listener_->connected(terms);
}

void OwnLink::acknowledged(const Acknowledged& acknowledged) {
  send_waiting();
  listener_->acknowledged(PublishToken{acknowledged.tag}, acknowledged.code);
}

void OwnLink::arrived(const protocol::Publish& publish) {
  using protocol::PropertyId;
  Arrival arrival;
  arrival.id = ArrivalId{publish.packet_id.value};
  arrival.topic = publish.topic;
  arrival.payload = publish.payload;
  arrival.qos = publish.qos;
  arrival.retain = publish.retain;
  arrival.content_type =
      publish.properties.text(PropertyId::content_type).value_or(std::string_view());
  arrival.content_encoding =
      publish.properties.user("content-encoding").value_or(std::string_view());
  arrival.response_topic =
      publish.properties.text(PropertyId::response_topic).value_or(std::string_view());
  arrival.correlation_data =
      publish.properties.text(PropertyId::correlation_data).value_or(std::string_view());
  listener_->arrived(arrival);
}

void OwnLink::subscribed(std::span<const ReasonCode> codes) {
  listener_->subscribed(codes);
}

void OwnLink::closed(const LinkEnd& end) {
  waiting_.clear();
  link_.reset();
  if (std::exchange(is_leaving_, false)) return listener_->disconnected();
  listener_->link_lost(end);
}

}  // namespace watchpost::client
