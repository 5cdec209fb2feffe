// PahoSession: one connection of a PahoLink over Paho's C interface, from connect to its end, and
// where Paho's callbacks meet the I/O thread.
// Promise: with owner_acknowledges (DESIGN promise 1) Paho sends the PUBACK when the message
// callback returns, whatever it returns; so the callback waits for `acknowledge`, and where the end
// comes first it shuts the socket down, so that no PUBACK can leave and the server sends the
// message again. Always QoS 1: at QoS 2 Paho sends PUBREC before the callback (3.1.1). All Paho
// clients of the process share one receiving thread and one lock, and a waiting callback holds
// both. No Paho call is ever made on the I/O thread, which would wait for itself.
#pragma once

#include <MQTTAsync.h>

#include <condition_variable>
#include <deque>
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
class PahoSession : public std::enable_shared_from_this<PahoSession> {
 public:
  struct Surroundings {
    boost::asio::any_io_executor io;
    CallThread& paho;        // valid until `end`, as is `listener`
    LinkListener& listener;  // I/O thread
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
  // A publication of ours on its way; its address is what Paho gives back.
  struct Sent {
    PahoSession* session;
    PublishToken token;  // I/O thread only
  };
  struct Subscribing {
    PahoSession* session;
    std::size_t topics;
  };

  static int on_message(void* context, char* topic, int length, MQTTAsync_message* message);
  static void on_connection_lost(void* context, char* cause);
  static void on_disconnected(void* context, MQTTProperties* properties, MQTTReasonCodes code);
  void set_connect_callbacks(MQTTAsync_connectOptions& options);
  void send(const Publication& publication, Sent& sent);
  void connected(const LinkTerms& terms);
  void connect_failed(int code);
  void answered(Sent& sent, ReasonCode code);
  void subscribed(std::vector<ReasonCode> codes);
  void report_disconnected();
  void lose(LinkEnd end);
  // False: the arrival must not be acknowledged.
  [[nodiscard]] bool take(const Arrival& arrival);
  template <class Report>
  void to_io(Report report);
  [[nodiscard]] bool is_v5() const { return options_.protocol == MqttVersion::v5; }

  Surroundings around_;
  const LinkOptions options_;
  const Will will_;
  bool alive_ = true;  // I/O thread only, as are the next three
  bool stood_ = false;
  std::deque<Sent> sent_;       // at most max_outstanding
  std::vector<Sent*> spare_;    // of sent_, answered
  MQTTAsync client_ = nullptr;  // Paho's calling thread only
  Subscribing subscribing_{this, 0};
  PahoSocket socket_;  // Paho's receiving thread only

  std::mutex mutex_;
  std::condition_variable changed_;
  ArrivalId newest_;        // handed to the owner
  ArrivalId acknowledged_;  // by the owner
  bool ended_ = false;
};

}  // namespace watchpost::client
