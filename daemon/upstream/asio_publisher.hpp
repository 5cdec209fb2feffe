// AsioPublisher: the Publisher over our own MQTT client.
// Promise: as Publisher says. No thread of its own: all that was published in one turn of the I/O
// thread leaves in one write, and all answers of one read are told in the turn that read them. More
// than the broker's Receive Maximum waits here until there is room. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>

#include "client/mqtt_client.hpp"
#include "upstream/publisher.hpp"

namespace watchpost::upstream {

class AsioPublisher final : public Publisher, private client::MqttClient::Listener {
 public:
  AsioPublisher(boost::asio::any_io_executor io, const PublisherOptions& options);
  ~AsioPublisher() override = default;
  AsioPublisher(const AsioPublisher&) = delete;
  AsioPublisher& operator=(const AsioPublisher&) = delete;

  void observe(PublisherEvents& events) override { events_ = &events; }
  void connect(const Will& will) override;
  void publish(Publication publication) override;
  void subscribe(const std::string& topic) override;
  void disconnect(std::chrono::milliseconds wait) override;
  void drop() override;

 private:
  void connected(bool session_present) override;
  void acknowledged(const client::Acknowledged& acknowledged) override;
  void arrived(const protocol::Publish& publish) override;
  void subscribed(std::span<const protocol::ReasonCode> codes) override;
  void closed(const client::LinkEnd& end) override;
  // False while there is no room for it.
  [[nodiscard]] bool send(const Publication& publication);
  void send_waiting();

  boost::asio::any_io_executor io_;
  bool clean_start_;
  PublisherEvents* events_ = nullptr;
  std::deque<Publication> waiting_;  // at most max_outstanding
  bool is_leaving_ = false;
  std::shared_ptr<AsioPublisher*> link_;  // what is posted for a link holds; gone with it
  client::MqttClient client_;
};

}  // namespace watchpost::upstream
