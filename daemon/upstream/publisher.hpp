// Publisher: one MQTT client connection to an upstream's broker.
// Promise: every token given to `publish` is answered by one `acknowledged`, or is lost with the
// link, which one `link_lost` says. After `drop`, `disconnect`'s end or `link_lost` no event of
// that link comes any more and `connect` may be called again. Nothing here ever waits. I/O thread
// only, calls and events alike; events come by posting, never from inside a call.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/strong.hpp"
#include "client/link_end.hpp"
#include "model/mqtt_link.hpp"
#include "net/url.hpp"

namespace watchpost::upstream {

using PublishToken = Strong<struct PublishTokenTag, std::uint64_t>;
// MQTT 5.0 section 2.4. A 3.1.1 PUBACK counts as 0x00.
using ReasonCode = Strong<struct ReasonCodeTag, std::uint8_t>;
// MQTT 5.0 section 2.4: 0x80 and above are failures.
[[nodiscard]] constexpr bool is_failure(ReasonCode code) {
  return code.value >= 0x80;
}

// MQTT 5.0 section 3.4.2.1: taken, and given to nobody; only a 5.0 broker says so.
constexpr ReasonCode kNoMatchingSubscribers{0x10};
// Who heard what a broker has acknowledged.
enum class Hearing : std::uint8_t { somebody, nobody };
[[nodiscard]] constexpr Hearing hearing_of(ReasonCode code) {
  return code == kNoMatchingSubscribers ? Hearing::nobody : Hearing::somebody;
}

struct Publication {
  PublishToken token;
  std::string topic;
  std::string payload;
  bool retain = false;
  // Properties of MQTT 5.0, where not empty; 3.1.1 has no place for them.
  std::string content_type{};      // section 3.3.2.3.9
  std::string content_encoding{};  // as a User Property `content-encoding`, section 3.3.2.3.7
};

// On the wire: header, packet id and the frames of properties generously.
[[nodiscard]] inline std::size_t size_of(const Publication& publication) {
  constexpr std::size_t kAround = 48;
  return publication.topic.size() + publication.payload.size() + publication.content_type.size() +
         publication.content_encoding.size() + kAround;
}

struct Will {
  std::string topic;
  std::string payload;
};

// What the broker said when it accepted us.
struct LinkTerms {
  bool session_present = false;
  bool retain_available = true;          // MQTT 5.0 section 3.2.2.3.5
  std::size_t receive_maximum = 65'535;  // MQTT 5.0 section 3.2.2.3.3
  std::size_t maximum_packet_size =
      268'435'460;  // MQTT 5.0 section 3.2.2.3.6; here the format's own
};

struct PublisherOptions {
  net::Url url;
  MqttVersion protocol = MqttVersion::v5;
  std::string client_id;
  std::string username;
  std::string password;
  TlsFiles tls;
  std::chrono::seconds keep_alive = kDefaultKeepAlive;
  std::chrono::seconds connect_timeout{15};
  bool clean_start = true;
  std::size_t max_outstanding = 64;  // the owner publishes no more than this without answers
};

class PublisherEvents {
 public:
  virtual ~PublisherEvents() = default;
  virtual void connected(const LinkTerms& terms) = 0;
  // The attempt failed, or the link is gone, with every unanswered token.
  virtual void link_lost(const client::LinkEnd& end) = 0;
  virtual void acknowledged(PublishToken token, ReasonCode code) = 0;
  // The answer to `subscribe`. A 3.1.1 SUBACK says 0x80 for any refusal.
  virtual void subscribed(ReasonCode code) = 0;
  virtual void message_arrived(const std::string& topic, const std::string& payload) = 0;
  virtual void disconnected() = 0;
};

class Publisher {
 public:
  virtual ~Publisher() = default;
  // Once, before anything else. `events` outlives the publisher or its last call.
  virtual void observe(PublisherEvents& events) = 0;
  // Ends in `connected` or `link_lost`.
  virtual void connect(const Will& will) = 0;
  // QoS 1. Only while connected.
  virtual void publish(Publication publication) = 0;
  // QoS 1. Only while connected; once for each link. Ends in `subscribed` or is lost with the link;
  // what arrives from then on comes as `message_arrived`.
  virtual void subscribe(const std::string& topic) = 0;
  // Sends DISCONNECT once what is outstanding has been answered, at the latest after `wait`; ends
  // in `disconnected`. The will is not sent.
  virtual void disconnect(std::chrono::milliseconds wait) = 0;
  // Forgets the link at once: no event of it comes any more.
  virtual void drop() = 0;
};

}  // namespace watchpost::upstream
