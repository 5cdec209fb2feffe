// MqttClientSession: the client's side of an MQTT session, 3.1.1 or 5, without I/O.
// Promise: at most `window` publishes are unacknowledged; after a reconnect each of them is sent
// again in its first order, with DUP where the server still has the session; a QoS 2 message that
// arrives twice is reported once. Slots and buffers are reused: no allocation per message in steady
// state. Pure; one per client, used by its owner only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "model/message.hpp"
#include "model/mqtt_link.hpp"
#include "protocol/codec.hpp"

namespace watchpost::cli {

struct MqttClientOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 1883;
  std::string client_id;
  protocol::Version version = protocol::Version::v5;
  std::uint32_t session_expiry_s = 3'600;  // version 5; 3.1.1 keeps a session that is not clean
  std::uint16_t keep_alive_s = 30;
  std::string user_name;  // empty: none
  std::string password;
  std::uint16_t window = 20;  // publishes at QoS 1 and 2 unacknowledged at once, 1..1000
  // What the server may send us unacknowledged (version 5); 0: not said.
  std::uint16_t receive_maximum = 0;
  // PUBACKs are left to the owner: see MqttClientSession::acknowledge.
  bool owner_acknowledges = false;
  bool use_tls = false;
  TlsFiles tls;
};

struct Outgoing {
  std::string_view topic;
  std::string_view payload;
  Qos qos = Qos::at_least_once;
  std::uint64_t tag = 0;  // the owner's own number, given back with the acknowledgements
};

// PUBACK, PUBREC or PUBCOMP. Custody passes with the first two, the slot is free after the first
// and the last (and after a PUBREC that refuses).
struct Acknowledged {
  std::uint64_t tag = 0;
  protocol::PacketType by{};
  protocol::ReasonCode code = protocol::ReasonCode::success;
};

class MqttClientListener {
 public:
  virtual ~MqttClientListener() = default;
  // CONNACK accepted us; publishing may go on.
  virtual void connected(bool session_present) = 0;
  virtual void acknowledged(const Acknowledged& acknowledged) = 0;
  // The views live for the call.
  virtual void arrived(const protocol::Publish& publish) { static_cast<void>(publish); }
  virtual void subscribed(protocol::ReasonCode code) { static_cast<void>(code); }
};

class MqttClientSession {
 public:
  static constexpr std::uint16_t kMostWindow = 1'000;

  MqttClientSession(const MqttClientOptions& options, MqttClientListener& listener);

  // Each appends to `out` what is to be sent.
  void connect(bool clean_start, std::string& out);
  void subscribe(std::string_view filter, Qos maximum_qos, std::string& out);
  // False when the window is full or CONNACK has not come: nothing was taken.
  bool publish(const Outgoing& outgoing, std::string& out);
  // With owner_acknowledges: the PUBACK of a message that arrived at QoS 1 on this connection.
  // [MQTT-4.6.0-2]: in the order of their arrival.
  void acknowledge(PacketId id, std::string& out);
  void ping(std::string& out);
  void disconnect(std::string& out);
  // A sentence about what is wrong with the server's packet or its answer; empty when all is well.
  [[nodiscard]] std::string receive(const protocol::Frame& frame, std::string& out);
  // The connection is gone; what is unacknowledged waits for the next one.
  void lost() { ready_ = awaits_pingresp_ = false; }

  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool can_publish() const { return ready_ && in_flight_ < limit_; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  [[nodiscard]] bool awaits_pingresp() const { return awaits_pingresp_; }
  [[nodiscard]] std::uint16_t keep_alive_s() const { return keep_alive_s_; }

 private:
  enum class Stage : std::uint8_t { unused, published, released };
  struct Slot {
    Stage stage = Stage::unused;
    bool received = false;  // PUBREC was reported
    Qos qos = Qos::at_least_once;
    std::uint64_t tag = 0;
    std::uint64_t order = 0;
    std::string topic;
    std::string payload;
  };

  std::string take_connack(const protocol::Connack& connack, std::string& out);
  void send_again(bool session_present, std::string& out);
  void send(std::uint16_t index, bool dup, std::string& out);
  void release(std::uint16_t index);
  void finish(PacketId id, protocol::PacketType by, protocol::ReasonCode code);
  void take_pubrec(const protocol::Pubrec& pubrec, std::string& out);
  void take_publish(const protocol::Publish& publish, std::string& out);
  [[nodiscard]] Slot* slot_of(PacketId id);

  MqttClientOptions options_;
  MqttClientListener& listener_;
  std::vector<Slot> slots_;  // packet id - 1
  std::vector<std::uint16_t> unused_;
  std::unordered_set<std::uint16_t> received_;  // QoS 2 towards us, not yet released: <= 65535
  std::uint64_t next_order_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t limit_ = 0;
  std::uint16_t keep_alive_s_ = 0;
  bool ready_ = false;
  bool awaits_pingresp_ = false;
};

}  // namespace watchpost::cli
