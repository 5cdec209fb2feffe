// OwnLink: a BrokerReader's connection over our own MQTT client.
// Promise (DESIGN promise 1): each PUBACK leaves after the commit of its message, in the order of
// arrival; many messages may wait for commits at once, as many as Receive Maximum and the intake
// allow. Where the intake takes no more, nothing is read. Without a commit, or with none in
// custody_timeout, the link is given up and the broker sends again. I/O thread only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>

#include "client/mqtt_client.hpp"
#include "ingress/broker_link.hpp"

namespace watchpost::ingress {

class BrokerReader::OwnLink final : public Link,
                                    private client::MqttClient::Listener,
                                    public std::enable_shared_from_this<OwnLink> {
 public:
  explicit OwnLink(BrokerReader& reader);

  void open() override;
  void subscribe() override;
  void end() override;
  void settled(std::uint64_t ticket, const Result<void>& outcome) override;

 private:
  // Received, and not acknowledged yet.
  struct Arrival {
    PacketId id;  // 0 at QoS 0
    SteadyTime since;
    bool is_settled = false;
  };

  void connected(bool session_present) override;
  void acknowledged(const client::Acknowledged&) override {}
  void subscribed(std::span<const protocol::ReasonCode> codes) override;
  void arrived(const protocol::Publish& publish) override;
  void closed(const client::LinkEnd& end) override;
  void hand_over(Message message);
  void acknowledge();
  void refuse(const std::string& why);
  void watch();

  BrokerReader* reader_;  // null once ended
  std::deque<Arrival> arrivals_;
  std::uint64_t first_ticket_ = 1;  // of arrivals_
  std::optional<Message> held_;     // the newest arrival, while the intake takes no more
  boost::asio::steady_timer timer_;
  bool is_watching_ = false;
  client::MqttClient client_;
};

}  // namespace watchpost::ingress
