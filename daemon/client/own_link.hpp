// OwnLink: an MqttLink over our own MQTT client.
// Promise: as MqttLink says. No thread of its own: all that was published in one turn of the I/O
// thread leaves in one write, and all answers of one read are told in the turn that read them.
// Publications beyond the server's Receive Maximum wait here for room. With owner_acknowledges many
// messages may wait for their acknowledgement at once, as many as our Receive Maximum allows. I/O
// thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>

#include "client/mqtt_client.hpp"
#include "client/mqtt_link.hpp"

namespace watchpost::client {

class OwnLink final : public MqttLink, private MqttClient::Observer {
 public:
  OwnLink(boost::asio::any_io_executor io, const LinkOptions& options);
  ~OwnLink() override = default;
  OwnLink(const OwnLink&) = delete;
  OwnLink& operator=(const OwnLink&) = delete;

  void observe(LinkObserver& listener) override { listener_ = &listener; }
  void connect(const Will& will) override;
  void publish(Publication publication) override;
  void subscribe(const std::vector<std::string>& topics) override;
  void acknowledge(ArrivalId id) override;
  void hold(bool held) override { client_.hold(held); }
  void disconnect(std::chrono::milliseconds wait) override;
  void drop() override;
  void leave() override;

 private:
  void connected(bool session_present) override;
  void acknowledged(const Acknowledged& acknowledged) override;
  void arrived(const protocol::Publish& publish) override;
  void subscribed(std::span<const ReasonCode> codes) override;
  void closed(const LinkEnd& end) override;
  // False while there is no room for the publication.
  [[nodiscard]] bool send(const Publication& publication);
  void send_waiting();
  void forget();

  boost::asio::any_io_executor io_;
  bool clean_start_;
  LinkObserver* listener_ = nullptr;
  std::deque<Publication> waiting_;  // at most max_outstanding
  bool is_leaving_ = false;
  std::shared_ptr<OwnLink*> link_;  // calls posted for a link hold it weakly; gone with the link
  MqttClient client_;
};

}  // namespace watchpost::client
