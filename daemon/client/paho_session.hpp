// PahoSession: one connection of a PahoLink over Paho MQTT C++, from connect to its end, and where
// Paho's callbacks meet the I/O thread and its exceptions end.
// Promise: with owner_acknowledges (promise 1) Paho sends the PUBACK when the message
// callback returns, whatever it returns; so the callback waits for `acknowledge`, and where the end
// comes first it shuts the socket down, so that no PUBACK can leave and the server sends the
// message again. Always QoS 1: at QoS 2 Paho sends PUBREC before the callback (3.1.1). All Paho
// clients of the process share one receiving thread and one lock, and a waiting callback holds
// both. No Paho call is ever made on the I/O thread, which would wait for itself.
#pragma once

#include <mqtt/async_client.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/call_thread.hpp"
#include "client/mqtt_link.hpp"
#include "client/paho_socket.hpp"
#include "net/name_lookup.hpp"

namespace watchpost::client {

// A client that is never connected and keeps Paho's threads: Paho tears them down with its last
// client, and a client that another thread made at that moment would be lost with them.
[[nodiscard]] std::shared_ptr<void> paho_keeper();

// Calls come from three sides: the I/O thread, Paho's calling thread, and Paho's receiving thread,
// whose callbacks only post or wait.
class PahoSession final : public std::enable_shared_from_this<PahoSession>,
                          private mqtt::iaction_listener {
 public:
  struct Surroundings {
    boost::asio::any_io_executor io;
    CallThread& paho;        // valid until `end`, as is `listener`
    LinkObserver& listener;  // I/O thread
  };

  PahoSession(Surroundings around, LinkOptions options, Will will);

  // I/O thread.
  void publish(Publication publication);
  void acknowledge(ArrivalId id);
  // From now on nothing is told; a callback that waits gives its message back to the server.
  void end();
  // True: the server has accepted the connection, however it ended since.
  [[nodiscard]] bool stood() const { return stood_; }

  // On the thread of the lookup. Paho is asked only where the name is known: it would look it up
  // with the lock held that all its clients need.
  void named(const Result<net::NameLookup::Addresses>& found, std::size_t turn);

  // Paho's calling thread. `address`: empty where the url has one.
  void open(const std::string& address);
  void subscribe(const std::vector<std::string>& topics);
  void close(std::chrono::milliseconds wait);
  // Waits for callbacks under way; none comes afterwards.
  void release();

 private:
  // How a call of ours that Paho took has ended.
  void on_success(const mqtt::token& done) override;
  void on_failure(const mqtt::token& failed) override;
  void send(Publication publication);
  void connected(const LinkTerms& terms);
  void connect_failed(int code);
  void answered(PublishToken token, ReasonCode code);
  void granted(ReasonCode& place, ReasonCode code);
  void connection_lost(const std::string& why);
  void ended_by_server(const std::string& reference, int code);
  void report_disconnected();
  void lose(LinkEnd end);
  // False: the arrival must not be acknowledged.
  [[nodiscard]] bool take(const mqtt::message& message);
  template <class Report>
  void to_io(Report report);

  Surroundings around_;
  const LinkOptions options_;
  const Will will_;
  bool alive_ = true;  // I/O thread only, as is the next
  bool stood_ = false;
  std::unique_ptr<mqtt::async_client> client_;  // Paho's calling thread only
  std::vector<ReasonCode> grants_;  // one for each topic; I/O thread only, once these are asked for
  std::size_t unanswered_ = 0;      // of grants_
  PahoSocket socket_;               // Paho's receiving thread only

  std::mutex mutex_;
  std::condition_variable changed_;
  ArrivalId newest_;        // handed to the owner
  ArrivalId acknowledged_;  // by the owner
  bool ended_ = false;
};

}  // namespace watchpost::client
