// MqttLink: one MQTT client and its connection to one server, over our own client or Eclipse Paho.
// The one way in which the daemon talks to its upstreams and to the brokers that it reads.
// Promise: every token given to `publish` is answered by one `acknowledged`, or is lost with the
// link, which one `link_lost` says. After `drop`, `leave`, `disconnect`'s end or `link_lost`
// nothing of that link is told any more and `connect` may be called again. Nothing here ever waits.
// With `owner_acknowledges` a message that arrived is acknowledged to the server only after
// `acknowledge`; where the link goes first, the server sends it again. I/O thread only, calls and
// events alike; events come by posting, never from inside a call.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong.hpp"
#include "client/link_end.hpp"
#include "model/message.hpp"
#include "model/mqtt_link.hpp"
#include "net/url.hpp"
#include "protocol/reason_code.hpp"

namespace watchpost::client {

using PublishToken = Strong<struct PublishTokenTag, std::uint64_t>;
// A 3.1.1 PUBACK counts as 0x00. What is not sent because the server takes nothing so large is
// answered by ourselves, with packet_too_large; no PUBACK has it.
using protocol::ReasonCode;

struct Publication {
  PublishToken token;
  std::string topic;
  std::string payload;
  bool retain = false;
  // Properties of MQTT 5.0, where not empty; 3.1.1 has no place for them.
  std::string content_type{};      // section 3.3.2.3.9
  std::string content_encoding{};  // as a User Property `content-encoding`, section 3.3.2.3.7
  std::string correlation_data{};  // section 3.3.2.3.6
};

// Bytes on the wire; header, packet id and the frames of properties are counted generously.
[[nodiscard]] inline std::size_t size_of(const Publication& publication) {
  constexpr std::size_t kAround = 48;
  return publication.topic.size() + publication.payload.size() + publication.content_type.size() +
         publication.content_encoding.size() + publication.correlation_data.size() + kAround;
}

// Sent at QoS 1.
struct Will {
  std::string topic;  // empty: there is no will
  std::string payload;
  bool retain = true;
};

// What the server said when it accepted us.
struct LinkTerms {
  bool session_present = false;
  bool retain_available = true;                   // MQTT 5.0 section 3.2.2.3.5
  Qos maximum_qos = Qos::exactly_once;            // section 3.2.2.3.4
  std::size_t receive_maximum = 65'535;           // MQTT 5.0 section 3.2.2.3.3
  std::size_t maximum_packet_size = 268'435'460;  // section 3.2.2.3.6; here the format's own
};

// Names a message that arrived, for `acknowledge`; valid on its own link only.
using ArrivalId = Strong<struct ArrivalIdTag, std::uint64_t>;

// A message that arrived. The views live for the call.
struct Arrival {
  ArrivalId id;
  std::string_view topic;  // as the server sent it: it may break the standard
  std::string_view payload;
  Qos qos = Qos::at_most_once;
  bool retain = false;
  std::string_view content_type{};      // empty when absent
  std::string_view content_encoding{};  // its User Property `content-encoding`
  std::string_view response_topic{};    // as its sender wrote it, unread (MQTT 5.0 section 4.10)
  std::string_view correlation_data{};
};

struct LinkOptions {
  net::Url url;
  MqttVersion protocol = MqttVersion::v5;
  std::string client_id;
  std::string username;  // empty: none
  std::string password;
  TlsFiles tls;
  std::chrono::seconds keep_alive = kDefaultKeepAlive;
  std::chrono::seconds connect_timeout{15};
  bool clean_start = true;                 // the server forgets what it kept for this client
  std::chrono::seconds session_expiry{0};  // the life of the session; MQTT 5.0 section 3.1.2.11.2
  std::size_t max_outstanding = 64;        // the owner publishes no more than this without answers
  bool owner_acknowledges = false;
  // Where the remedies of failures send the operator: "this upstream", "this broker".
  std::string_view section = "upstream";
};

class LinkObserver {
 public:
  virtual ~LinkObserver() = default;
  virtual void connected(const LinkTerms& terms) = 0;
  // The attempt failed, or the link is gone, with every unanswered token.
  virtual void link_lost(const LinkEnd& end) = 0;
  virtual void acknowledged(PublishToken token, ReasonCode code) = 0;
  // The answer to `subscribe`, one code for each topic in their order; where the server refuses all
  // of them, one may stand for all. A 3.1.1 SUBACK says 0x80 for any refusal.
  virtual void subscribed(std::span<const ReasonCode> codes) = 0;
  // Called also right after `connected`, where the server had kept our session.
  virtual void arrived(const Arrival& arrival) = 0;
  virtual void disconnected() = 0;
};

class MqttLink {
 public:
  virtual ~MqttLink() = default;
  // Called once, before anything else. `listener` lives until the link is gone or calls no more.
  virtual void observe(LinkObserver& listener) = 0;
  // Ends in `connected` or `link_lost`.
  virtual void connect(const Will& will) = 0;
  // QoS 1. Only while connected.
  virtual void publish(Publication publication) = 0;
  // QoS 1: what was published at QoS 2 arrives at 1. Only while connected, and not while another is
  // unanswered. Ends in `subscribed` or is lost with the link.
  virtual void subscribe(const std::vector<std::string>& topics) = 0;
  // With owner_acknowledges: called once for each arrival, in the order of their arrival
  // [MQTT-4.6.0-2]. For an arrival of a link that has ended it does nothing.
  virtual void acknowledge(ArrivalId id) = 0;
  // With owner_acknowledges, for an owner that leaves the newest arrival unacknowledged meanwhile:
  // while held nothing more arrives, what the server still sends waits in the network's buffers.
  // Ends with the link.
  virtual void hold(bool held) = 0;
  // Sends DISCONNECT once what is outstanding has been answered, at the latest after `wait`; ends
  // in `disconnected`. The will is not sent.
  virtual void disconnect(std::chrono::milliseconds wait) = 0;
  // Forgets the link at once. Our client goes without a word, so that the server publishes the
  // will; Paho says DISCONNECT where nothing waits to be written.
  virtual void drop() = 0;
  // As `drop` for the owner; but acknowledgements that the owner has given still leave, where they
  // can within a second.
  virtual void leave() = 0;
};

[[nodiscard]] std::unique_ptr<MqttLink> make_link(boost::asio::any_io_executor io,
                                                  MqttLibrary library, const LinkOptions& options);

}  // namespace watchpost::client
