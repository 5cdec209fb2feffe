// ClientSession: the client's side of an MQTT session, 3.1.1 or 5, without I/O.
// Promise: as OutboundFlow's for what we publish; a QoS 2 message that arrives twice is reported
// once. The listener is told last, when all is done: it may end the session in the call.
// Pure; one per client, used by its owner only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "protocol/client_terms.hpp"
#include "protocol/codec.hpp"
#include "protocol/outbound_flow.hpp"

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
  static constexpr std::uint16_t kMostWindow = OutboundFlow::kMostWindow;

  ClientSession(const ClientOptions& options, ClientListener& listener);

  // Of the connects from now on; without a topic there is none. It is sent retained at QoS 1.
  struct WillText {
    std::string topic;
    std::string payload;
  };
  void set_will(WillText will);
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
  [[nodiscard]] std::optional<CloseReason> receive(const Frame& frame, std::string& out);
  // The connection is gone.
  void lost();

  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool can_publish() const { return ready_ && outbound_.has_room(); }
  [[nodiscard]] std::size_t in_flight() const { return outbound_.in_flight(); }
  [[nodiscard]] bool awaits_pingresp() const { return awaits_pingresp_; }
  [[nodiscard]] const ServerTerms& terms() const { return terms_; }

 private:
  class Incoming;  // one packet of the server, by its type

  std::optional<CloseReason> take(const Connack& connack, std::string& out);
  std::optional<CloseReason> take(const Publish& publish, std::string& out);
  void put(const Outgoing& outgoing, PacketId id, std::string& out);

  ClientOptions options_;
  std::string will_topic_;
  std::string will_payload_;
  ClientListener& listener_;
  OutboundFlow outbound_;
  Properties spare_;                            // room for those of one PUBLISH
  std::unordered_set<std::uint16_t> received_;  // QoS 2 towards us, not yet released: <= 65535
  ServerTerms terms_;
  bool ready_ = false;
  bool awaits_pingresp_ = false;
};

}  // namespace watchpost::protocol
