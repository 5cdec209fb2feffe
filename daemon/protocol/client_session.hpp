// ClientSession: the client's side of an MQTT session, 3.1.1 or 5, without I/O.
// Promise: for what we publish, that of OutboundFlow; a QoS 2 message that arrives twice is
// reported once. The listener is called last, when all else is done: it may end the session in the
// call. Pure; one per client, used by its owner only.
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

class ClientObserver {
 public:
  virtual ~ClientObserver() = default;
  // CONNACK accepted us; publishing may go on.
  virtual void connected(bool session_present) = 0;
  virtual void acknowledged(const Acknowledged& acknowledged) = 0;
  // The views in `publish` live for the call.
  virtual void arrived(const Publish& publish) { static_cast<void>(publish); }
  // One code for each filter of `subscribe`.
  virtual void subscribed(std::span<const ReasonCode> codes) { static_cast<void>(codes); }
};

class ClientSession {
 public:
  static constexpr std::uint16_t kMostWindow = OutboundFlow::kMostWindow;

  ClientSession(const ClientOptions& options, ClientObserver& listener);

  // The will of later connects, announced at QoS 1; an empty topic: no will.
  struct WillText {
    std::string topic;
    std::string payload;
    bool retain = true;
  };
  void set_will(WillText will);
  // Each of the following appends to `out` the bytes that are to be sent.
  void connect(bool clean_start, std::string& out);
  void subscribe(std::span<const std::string> filters, Qos maximum_qos, std::string& out);
  // Unless the answer is `taken`, nothing was appended and the message is still the caller's.
  enum class Taking : std::uint8_t { taken, not_now, too_large };
  [[nodiscard]] Taking publish(const Outgoing& outgoing, std::string& out);
  // With owner_acknowledges: sends the PUBACK of a message that arrived at QoS 1 on this
  // connection. The owner calls it in the order in which the messages arrived [MQTT-4.6.0-2].
  void acknowledge(PacketId id, std::string& out);
  void ping(std::string& out);
  void disconnect(std::string& out);
  // Why the connection must end: the server's packet is wrong or refuses us. Nothing: it goes on.
  [[nodiscard]] std::optional<CloseReason> receive(const Frame& frame, std::string& out);
  // The connection is gone.
  void lost();

  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] std::size_t in_flight() const { return outbound_.in_flight(); }
  [[nodiscard]] bool awaits_pingresp() const { return awaits_pingresp_; }
  [[nodiscard]] const ServerTerms& terms() const { return terms_; }

 private:
  class Incoming;  // one packet of the server, by its type

  std::optional<CloseReason> take(const Connack& connack, std::string& out);
  std::optional<CloseReason> take(const Publish& publish, std::string& out);
  void put(const Outgoing& outgoing, PacketId id, std::string& out);

  ClientOptions options_;
  WillText will_;
  ClientObserver& listener_;
  OutboundFlow outbound_;
  Properties spare_;                            // memory for the properties of one PUBLISH
  std::unordered_set<std::uint16_t> received_;  // ids of QoS 2 to us, not yet released: <= 65535
  ServerTerms terms_;
  bool ready_ = false;
  bool awaits_pingresp_ = false;
};

}  // namespace watchpost::protocol
