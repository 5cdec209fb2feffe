#include "ingress/own_link.hpp"

#include <fmt/format.h>

#include <utility>

namespace watchpost::ingress {
namespace {

// A commit takes all that has come meanwhile: wide, so that a slow disk is still used well.
constexpr std::uint16_t kReceiveMaximum = 1'000;

client::MqttClientOptions client_options(const BrokerReaderOptions& options) {
  client::MqttClientOptions client;
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
  client.receive_maximum = kReceiveMaximum;
  client.owner_acknowledges = true;
  client.section = "broker";
  return client;
}

}  // namespace

BrokerReader::OwnLink::OwnLink(BrokerReader& reader)
    : reader_(&reader),
      timer_(reader.around_.io),
      client_(reader.around_.io, client_options(reader.options_), *this) {}

void BrokerReader::OwnLink::open() {
  client_.connect(client::MqttClient::Start::resume);
}

void BrokerReader::OwnLink::subscribe() {
  client_.subscribe(reader_->options_.topics, Qos::at_least_once);
}

void BrokerReader::OwnLink::end() {
  reader_ = nullptr;
  held_.reset();
  timer_.cancel();
  client_.part();
}

void BrokerReader::OwnLink::connected(bool) {
  reader_->connected();
}

void BrokerReader::OwnLink::subscribed(std::span<const protocol::ReasonCode> codes) {
  const BrokerReaderOptions& options = reader_->options_;
  std::optional<Failure> failure;
  for (std::size_t i = 0; i < codes.size() && i < options.topics.size(); ++i) {
    if (is_failure(codes[i]))
      failure = refused_topic(options.url.text(), options.topics[i], static_cast<int>(codes[i]));
  }
  reader_->subscribed(failure);
}

void BrokerReader::OwnLink::arrived(const protocol::Publish& publish) {
  arrivals_.push_back({publish.packet_id, reader_->around_.clock.steady()});
  auto topic = Topic::parse(publish.topic);
  if (!topic) {
    reader_->complain_of_topic(publish.topic.size());
    arrivals_.back().is_settled = true;
    return acknowledge();
  }
  ++reader_->status_.received;
  Message message{std::move(*topic), std::string(publish.payload)};
  message.qos = publish.qos;
  // Retain As Published is not asked for: a broker sets the flag only on a copy it had kept
  // (MQTT 5.0 section 3.3.1.3, 3.1.1 the same), sent because we subscribed.
  message.retain = message.stored_copy = publish.retain;
  message.content_type =
      publish.properties.text(protocol::PropertyId::content_type).value_or(std::string_view());
  message.content_encoding =
      publish.properties.user("content-encoding").value_or(std::string_view());
  message.source = reader_->options_.name;
  watch();
  if (reader_->around_.intake.accepting()) return hand_over(std::move(message));
  held_ = std::move(message);
  client_.hold(true);
  reader_->around_.intake.when_accepting([self = shared_from_this()] {
    if (!self->held_) return;
    self->hand_over(*std::exchange(self->held_, std::nullopt));
    self->client_.hold(false);
  });
}

void BrokerReader::OwnLink::hand_over(Message message) {
  const std::uint64_t ticket = first_ticket_ + arrivals_.size() - 1;
  reader_->around_.intake.submit(std::move(message), {}, {shared_from_this(), ticket});
}

void BrokerReader::OwnLink::settled(std::uint64_t ticket, const Result<void>& outcome) {
  if (reader_ == nullptr) return;
  if (outcome.has_error()) return refuse(outcome.error().sentence());
  ++reader_->status_.kept;
  reader_->reconnect_.reset();
  arrivals_[ticket - first_ticket_].is_settled = true;
  acknowledge();
}

// [MQTT-4.6.0-2]: in the order of arrival.
void BrokerReader::OwnLink::acknowledge() {
  for (; !arrivals_.empty() && arrivals_.front().is_settled; ++first_ticket_) {
    if (arrivals_.front().id.value != 0) client_.acknowledge(arrivals_.front().id);
    arrivals_.pop_front();
  }
}

void BrokerReader::OwnLink::refuse(const std::string& why) {
  reader_->status_.refused += arrivals_.size();
  reader_->lost({client::LinkEnd::How::ours, 0, not_kept(reader_->options_.url.text(), why)});
}

// The oldest one has custody_timeout.
void BrokerReader::OwnLink::watch() {
  if (std::exchange(is_watching_, true)) return;
  timer_.expires_at(arrivals_.front().since + reader_->options_.custody_timeout);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->reader_ == nullptr) return;
    self->is_watching_ = false;
    if (self->arrivals_.empty()) return;
    const SteadyTime late = self->arrivals_.front().since + self->reader_->options_.custody_timeout;
    if (late <= self->reader_->around_.clock.steady()) {
      return self->refuse("the store did not answer in time");
    }
    self->watch();
  });
}

void BrokerReader::OwnLink::closed(const client::LinkEnd& end) {
  reader_->lost(end);
}

}  // namespace watchpost::ingress
