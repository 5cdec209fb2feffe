// PahoPublisher: the Publisher over Eclipse Paho MQTT C++. With paho_values the only upstream file
// that knows Paho. Promise: as Publisher says. No Paho persistence, buffering or reconnecting; each
// link is a fresh Paho client, so that nothing of an old session is sent by Paho behind our back.
// All of Paho's calls are made on a thread of its own: Paho holds one lock for all its clients
// while a callback runs, while it resolves a name and while it shuts down
// (docs/decisions/0003-paho-facts.md); so names are looked up by us, before. I/O thread only. At
// most max_outstanding publications and a few other calls wait for Paho.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "base/call_thread.hpp"
#include "net/name_lookup.hpp"
#include "upstream/publisher.hpp"

namespace watchpost::upstream {

class PahoPublisher final : public Publisher {
 public:
  PahoPublisher(boost::asio::any_io_executor io, PublisherOptions options);
  // Waits for Paho to let go of the last link: up to about a second.
  ~PahoPublisher() override;
  PahoPublisher(const PahoPublisher&) = delete;
  PahoPublisher& operator=(const PahoPublisher&) = delete;

  void observe(PublisherEvents& events) override;
  void connect(const Will& will) override;
  void publish(Publication publication) override;
  void subscribe(const std::string& topic) override;
  void disconnect(std::chrono::milliseconds wait) override;
  void drop() override;

 private:
  class Link;
  struct Keeper;

  boost::asio::any_io_executor io_;
  PublisherOptions options_;
  PublisherEvents* events_ = nullptr;
  std::shared_ptr<Link> link_;
  std::shared_ptr<Keeper> keeper_;
  net::NameLookup names_;
  std::size_t turn_ = 0;  // which of several addresses is next
  CallThread paho_;       // last: joins before the rest goes
};

}  // namespace watchpost::upstream
