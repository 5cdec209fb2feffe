#include "upstream/asio_publisher.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/invariant.hpp"
#include "upstream/refusal.hpp"

namespace watchpost::upstream {
namespace {

client::MqttClientOptions client_options(const PublisherOptions& options) {
  client::MqttClientOptions client;
  client.url = options.url;
  client.version =
      options.protocol == MqttVersion::v5 ? protocol::Version::v5 : protocol::Version::v3_1_1;
  client.client_id = options.client_id;
  client.user_name = options.username;
  client.password = options.password;
  client.tls = options.tls;
  client.session_expiry_s = 0;
  client.keep_alive_s = static_cast<std::uint16_t>(options.keep_alive.count());
  client.connect_timeout = options.connect_timeout;
  client.window = static_cast<std::uint16_t>(
      std::min<std::size_t>(options.max_outstanding, protocol::ClientSession::kMostWindow));
  client.resends = false;
  client.section = "upstream";
  return client;
}

ReasonCode reason_of(protocol::ReasonCode code) {
  return ReasonCode{static_cast<std::uint8_t>(code)};
}

}  // namespace

AsioPublisher::AsioPublisher(boost::asio::any_io_executor io, const PublisherOptions& options)
    : io_(io),
      clean_start_(options.clean_start),
      client_(std::move(io), client_options(options), *this) {}

void AsioPublisher::connect(const Will& will) {
  WATCHPOST_INVARIANT(events_ != nullptr);
  drop();
  link_ = std::make_shared<AsioPublisher*>(this);
  client_.set_will(will.topic, will.payload);
  client_.connect(clean_start_ ? client::MqttClient::Start::clean
                               : client::MqttClient::Start::resume);
}

void AsioPublisher::publish(Publication publication) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  if (!waiting_.empty() || !send(publication)) waiting_.push_back(std::move(publication));
}

bool AsioPublisher::send(const Publication& publication) {
  using Taking = protocol::ClientSession::Taking;
  const client::Outgoing outgoing{publication.topic,           publication.payload,
                                  Qos::at_least_once,          publication.token.value,
                                  publication.retain,          publication.content_type,
                                  publication.content_encoding};
  const Taking taking = client_.publish(outgoing);
  if (taking == Taking::too_large) {
    boost::asio::post(io_, [weak = std::weak_ptr(link_), token = publication.token] {
      if (const auto link = weak.lock()) (*link)->events_->acknowledged(token, kPacketTooLarge);
    });
  }
  return taking != Taking::not_now;
}

void AsioPublisher::send_waiting() {
  while (!waiting_.empty() && send(waiting_.front())) waiting_.pop_front();
}

void AsioPublisher::subscribe(const std::string& topic) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  client_.subscribe(topic, Qos::at_least_once);
}

void AsioPublisher::disconnect(std::chrono::milliseconds wait) {
  WATCHPOST_INVARIANT(link_ != nullptr);
  is_leaving_ = true;
  client_.disconnect(wait);
}

void AsioPublisher::drop() {
  client_.drop();
  waiting_.clear();
  is_leaving_ = false;
  link_.reset();
}

void AsioPublisher::connected(bool session_present) {
  const protocol::ServerTerms& said = client_.session().terms();
  LinkTerms terms;
  terms.session_present = session_present;
  terms.retain_available = said.retain_available;
  terms.receive_maximum = said.receive_maximum;
  terms.maximum_packet_size = said.maximum_packet_size;
  events_->connected(terms);
}

void AsioPublisher::acknowledged(const client::Acknowledged& acknowledged) {
  send_waiting();
  events_->acknowledged(PublishToken{acknowledged.tag}, reason_of(acknowledged.code));
}

void AsioPublisher::arrived(const protocol::Publish& publish) {
  events_->message_arrived(std::string(publish.topic), std::string(publish.payload));
}

void AsioPublisher::subscribed(std::span<const protocol::ReasonCode> codes) {
  events_->subscribed(reason_of(codes.front()));
}

void AsioPublisher::closed(const client::LinkEnd& end) {
  waiting_.clear();
  link_.reset();
  if (std::exchange(is_leaving_, false)) return events_->disconnected();
  events_->link_lost(end);
}

}  // namespace watchpost::upstream
