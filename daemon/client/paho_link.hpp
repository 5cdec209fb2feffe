// PahoLink: an MqttLink over Eclipse Paho MQTT C++. With paho_session, paho_values and paho_socket
// the only files that know Paho. Promise: as MqttLink says. No Paho persistence, buffering or
// reconnecting; each link is a fresh Paho client, so that nothing of an old session is sent by Paho
// behind our back. All of Paho's calls are made on a thread of its own: Paho holds one lock for all
// its clients while a callback runs, while it resolves a name and while it shuts down
// (docs/decisions/0003-paho-facts.md); so we look names up ourselves, before. With
// owner_acknowledges one message arrives at a time, and while it waits all Paho links of the
// process wait: end every such link before the first Paho link is destroyed. I/O thread only. At
// most max_outstanding publications and a few other calls wait for Paho.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "base/call_thread.hpp"
#include "client/mqtt_link.hpp"
#include "net/name_lookup.hpp"

namespace watchpost::client {

class PahoSession;

class PahoLink final : public MqttLink {
 public:
  PahoLink(boost::asio::any_io_executor io, LinkOptions options);
  // Waits for Paho to let go of the last link: up to about a second.
  ~PahoLink() override;
  PahoLink(const PahoLink&) = delete;
  PahoLink& operator=(const PahoLink&) = delete;

  void observe(LinkObserver& listener) override;
  void connect(const Will& will) override;
  void publish(Publication publication) override;
  void subscribe(const std::vector<std::string>& topics) override;
  void acknowledge(ArrivalId id) override;
  // Nothing is to be done: while one message waits for its acknowledgement no other arrives.
  void hold(bool) override {}
  void disconnect(std::chrono::milliseconds wait) override;
  void drop() override;
  // Paho sends its acknowledgements by itself, at once.
  void leave() override { drop(); }

 private:
  boost::asio::any_io_executor io_;
  LinkOptions options_;
  LinkObserver* listener_ = nullptr;
  std::shared_ptr<PahoSession> session_;
  std::shared_ptr<void> keeper_;  // touched by Paho's calling thread only
  net::NameLookup names_;
  std::size_t turn_ = 0;  // which of several addresses is next
  CallThread paho_;       // the last member: joins before the others go
};

}  // namespace watchpost::client
