// ClientSession: the client's side of an MQTT session, 3.1.1 or 5, without I/O.
// Promise: at most `window` publishes, and no more than the server's Receive Maximum, are
// unacknowledged. After a reconnect each of them is sent again in its first order, with DUP where
// the server still has the session, or they are forgotten with the link (`resends`). A packet id
// comes again only after all the others of its slot, so that an answer that comes twice settles
// nothing else. A QoS 2 message that arrives twice is reported once. The listener is told last,
// when all is done: it may end the session in the call. Slots and buffers are reused: no allocation
// per message in steady state. Pure; one per client, used by its owner only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "protocol/client_terms.hpp"
#include "protocol/codec.hpp"

namespace watchpost::protocol {

class ClientListener {
 public:
  virtual ~ClientListener() = default;
  // CONNACK accepted us; publishing may go on.
  virtual void connected(bool session_present) = 0;
  virtual void acknowledged(const Acknowledged& acknowledged) = 0;
  // The views live for the call.
  virtual void arrived(const Publish& publish) { static_cast<void>(publish); }
  // One code for each filter of `subscribe`.
  virtual void subscribed(std::span<const ReasonCode> codes) { static_cast<void>(codes); }
};

class ClientSession {
 public:
  static constexpr std::uint16_t kMostWindow = 2'000;

  ClientSession(const ClientOptions& options, ClientListener& listener);

  // Of the connects from now on; without a topic there is none. It is sent retained at QoS 1.
  void set_will(std::string topic, std::string payload);
  // Each appends to `out` what is to be sent.
  void connect(bool clean_start, std::string& out);
  void subscribe(std::span<const std::string> filters, Qos maximum_qos, std::string& out);
  // Unless `taken`, nothing was.
  enum class Taking : std::uint8_t { taken, not_now, too_large };
  [[nodiscard]] Taking publish(const Outgoing& outgoing, std::string& out);
  // With owner_acknowledges: the PUBACK of a message that arrived at QoS 1 on this connection.
  // [MQTT-4.6.0-2]: in the order of their arrival.
  void acknowledge(PacketId id, std::string& out);
  void ping(std::string& out);
  void disconnect(std::string& out);
  // What is wrong with the server's packet or its answer, if anything: the connection is to end.
  [[nodiscard]] std::optional<Trouble> receive(const Frame& frame, std::string& out);
  // The connection is gone.
  void lost();

  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool can_publish() const { return ready_ && in_flight_ < limit_; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  [[nodiscard]] bool awaits_pingresp() const { return awaits_pingresp_; }
  [[nodiscard]] const ServerTerms& terms() const { return terms_; }

 private:
  enum class Stage : std::uint8_t { unused, published, released };
  struct Slot {
    Stage stage = Stage::unused;
    bool received = false;  // PUBREC was reported
    Qos qos = Qos::at_least_once;
    PacketId id;
    std::uint64_t tag = 0;
    std::uint64_t order = 0;
    std::string frame;  // where it may be sent again
  };

  std::optional<Trouble> take_connack(const Connack& connack, std::string& out);
  std::optional<Trouble> take(const Packet& packet, std::string& out);
  std::optional<Trouble> take_publish(const Publish& publish, std::string& out);
  void send_again(bool session_present, std::string& out);
  void put(const Outgoing& outgoing, PacketId id, std::string& out);
  void release(Slot& slot);
  void finish(PacketId id, PacketType by, ReasonCode code);
  void take_pubrec(const Pubrec& pubrec, std::string& out);
  [[nodiscard]] Slot* slot_of(PacketId id);

  ClientOptions options_;
  std::string will_topic_;
  std::string will_payload_;
  ClientListener& listener_;
  std::vector<Slot> slots_;  // (packet id - 1) modulo their number
  std::vector<std::uint16_t> unused_;
  Properties spare_;                            // room for those of one PUBLISH
  std::unordered_set<std::uint16_t> received_;  // QoS 2 towards us, not yet released: <= 65535
  std::uint64_t next_order_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t limit_ = 0;
  ServerTerms terms_;
  bool ready_ = false;
  bool awaits_pingresp_ = false;
};

}  // namespace watchpost::protocol
