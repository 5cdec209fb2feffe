#include "protocol/client_session.hpp"

#include <algorithm>
#include <concepts>
#include <utility>

namespace watchpost::protocol {
namespace {

// The packet id of SUBSCRIBE is above the ids of all slots, so no publish ever has the same one.
constexpr PacketId kSubscribeId{65'535};

std::string reference_in(const Properties& properties) {
  return std::string(properties.text(PropertyId::server_reference).value_or(std::string_view()));
}

CloseReason broken(std::string_view what, ReasonCode code = ReasonCode::protocol_error) {
  return {CloseReason::Kind::broken, code, what, {}};
}

// Packets that only clients send, and answers to requests that we never send.
template <class T>
concept NotAskedFor =
    std::same_as<T, Connect> || std::same_as<T, Subscribe> || std::same_as<T, Unsubscribe> ||
    std::same_as<T, Unsuback> || std::same_as<T, Pingreq> || std::same_as<T, Auth>;

ClientOptions with_window(ClientOptions options) {
  options.window = std::clamp<std::uint16_t>(options.window, 1, OutboundFlow::kMostWindow);
  return options;
}

}  // namespace

ClientSession::ClientSession(const ClientOptions& options, ClientObserver& listener)
    : options_(with_window(options)),
      listener_(listener),
      outbound_({options_.window, options_.resends}) {
  terms_.keep_alive_s = options_.keep_alive_s;
}

void ClientSession::set_will(WillText will) {
  will_ = std::move(will);
}

void ClientSession::connect(bool clean_start, std::string& out) {
  Connect connect;
  connect.version = options_.version;
  connect.clean_start = clean_start;
  connect.keep_alive = options_.keep_alive_s;
  connect.client_id = options_.client_id;
  if (options_.version == Version::v5 && options_.session_expiry_s > 0) {
    connect.properties.add(PropertyId::session_expiry_interval, options_.session_expiry_s);
  }
  if (options_.version == Version::v5 && options_.receive_maximum > 0) {
    connect.properties.add(PropertyId::receive_maximum, options_.receive_maximum);
  }
  if (options_.version == Version::v5) {
    connect.properties.add(PropertyId::maximum_packet_size, options_.maximum_packet_size);
  }
  if (!will_.topic.empty()) {
    connect.will.emplace();
    connect.will->qos = Qos::at_least_once;
    connect.will->retain = will_.retain;
    connect.will->topic = will_.topic;
    connect.will->payload = will_.payload;
  }
  if (!options_.user_name.empty()) connect.user_name = options_.user_name;
  if (!options_.password.empty()) connect.password = options_.password;
  encode(Packet{std::move(connect)}, options_.version, out);
}

void ClientSession::subscribe(std::span<const std::string> filters, Qos maximum_qos,
                              std::string& out) {
  Subscribe subscribe;
  subscribe.packet_id = kSubscribeId;
  for (const std::string& filter : filters) {
    Subscription subscription;
    subscription.filter = filter;
    subscription.maximum_qos = maximum_qos;
    subscribe.subscriptions.push_back(subscription);
  }
  encode(Packet{std::move(subscribe)}, options_.version, out);
}

void ClientSession::put(const Outgoing& outgoing, PacketId id, std::string& out) {
  Publish publish;
  publish.qos = outgoing.qos;
  publish.retain = outgoing.retain;
  publish.topic = outgoing.topic;
  publish.packet_id = id;
  publish.payload = outgoing.payload;
  // The list takes over the memory of the last PUBLISH.
  publish.properties = std::exchange(spare_, {});
  publish.properties.clear();
  if (!outgoing.content_type.empty()) {
    publish.properties.add(PropertyId::content_type, outgoing.content_type);
  }
  if (!outgoing.content_encoding.empty()) {
    publish.properties.add_user({.name = "content-encoding", .value = outgoing.content_encoding});
  }
  if (!outgoing.correlation_data.empty()) {
    publish.properties.add(PropertyId::correlation_data, outgoing.correlation_data);
  }
  encode(publish, options_.version, out);
  spare_ = std::move(publish.properties);
}

ClientSession::Taking ClientSession::publish(const Outgoing& outgoing, std::string& out) {
  const bool is_acknowledged = outgoing.qos != Qos::at_most_once;
  if (!ready_ || (is_acknowledged && !outbound_.has_room())) return Taking::not_now;
  const std::size_t before = out.size();
  put(outgoing, is_acknowledged ? outbound_.next_id() : PacketId{}, out);
  if (out.size() - before > terms_.maximum_packet_size) {
    out.resize(before);
    return Taking::too_large;
  }
  if (is_acknowledged) {
    outbound_.sent({outgoing.qos, outgoing.tag, std::string_view(out).substr(before)});
  }
  return Taking::taken;
}

void ClientSession::acknowledge(PacketId id, std::string& out) {
  if (ready_) encode_acknowledgement(PacketType::puback, id, out);
}

void ClientSession::ping(std::string& out) {
  awaits_pingresp_ = true;
  encode(Packet{Pingreq{}}, options_.version, out);
}

void ClientSession::disconnect(std::string& out) {
  if (ready_) encode(Packet{Disconnect{}}, options_.version, out);
  lost();
}

void ClientSession::lost() {
  ready_ = awaits_pingresp_ = false;
  outbound_.connection_lost();
}

// A packet type that is missing here does not compile.
class ClientSession::Incoming {
 public:
  using Outcome = std::optional<CloseReason>;

  Incoming(ClientSession& session, std::string& out) : session_(session), out_(out) {}

  Outcome operator()(const Connack& connack) { return session_.take(connack, out_); }
  Outcome operator()(const Publish& publish) { return session_.take(publish, out_); }
  Outcome operator()(const Puback& puback) { return report(session_.outbound_.take(puback)); }
  Outcome operator()(const Pubcomp& pubcomp) { return report(session_.outbound_.take(pubcomp)); }
  Outcome operator()(const Pubrec& pubrec) { return report(session_.outbound_.take(pubrec, out_)); }
  Outcome operator()(const Pubrel& pubrel) {
    session_.received_.erase(pubrel.packet_id.value);
    encode_acknowledgement(PacketType::pubcomp, pubrel.packet_id, out_);
    return std::nullopt;
  }
  Outcome operator()(const Suback& suback) {
    session_.listener_.subscribed(suback.codes);
    return std::nullopt;
  }
  Outcome operator()(const Pingresp&) {
    session_.awaits_pingresp_ = false;
    return std::nullopt;
  }
  Outcome operator()(const Disconnect& disconnect) {
    if (session_.options_.version != Version::v5) {
      return broken("DISCONNECT, which only clients send");
    }
    return CloseReason{CloseReason::Kind::ended, disconnect.code, to_string(disconnect.code),
                       reference_in(disconnect.properties)};
  }
  template <NotAskedFor T>
  Outcome operator()(const T&) {
    return broken("a packet that was not asked for");
  }

 private:
  Outcome report(const std::optional<Acknowledged>& acknowledged) {
    // No value: it answers a second copy of a publish that was answered already.
    if (acknowledged) session_.listener_.acknowledged(*acknowledged);
    return std::nullopt;
  }

  ClientSession& session_;
  std::string& out_;
};

std::optional<CloseReason> ClientSession::receive(const Frame& frame, std::string& out) {
  if (!ready_ && frame.type != PacketType::connack) return broken("a packet before CONNACK");
  Incoming incoming(*this, out);
  // Most packets are PUBLISH or PUBACK. Each of them is decoded as its own type, because a Packet
  // of any type costs a copy.
  if (frame.type == PacketType::publish) {
    const auto publish = decode_publish(frame, options_.version);
    if (!publish) return broken(publish.error().what, publish.error().code);
    return incoming(*publish);
  }
  if (frame.type == PacketType::puback) {
    const auto puback = decode_puback(frame, options_.version);
    if (!puback) return broken(puback.error().what, puback.error().code);
    return incoming(*puback);
  }
  const auto decoded = decode(frame, options_.version);
  if (!decoded) return broken(decoded.error().what, decoded.error().code);
  return std::visit(incoming, *decoded);
}

std::optional<CloseReason> ClientSession::take(const Connack& connack, std::string& out) {
  if (ready_) return broken("a second CONNACK");
  if (is_failure(connack.code)) {
    return CloseReason{CloseReason::Kind::refused, connack.code, to_string(connack.code),
                       reference_in(connack.properties)};
  }
  const auto told = [&](PropertyId id, auto otherwise) {
    return static_cast<decltype(otherwise)>(connack.properties.number(id).value_or(otherwise));
  };
  const ServerTerms unsaid;
  terms_.receive_maximum = told(PropertyId::receive_maximum, unsaid.receive_maximum);
  terms_.maximum_packet_size = told(PropertyId::maximum_packet_size, unsaid.maximum_packet_size);
  terms_.retain_available = told(PropertyId::retain_available, 1U) != 0;
  terms_.maximum_qos = static_cast<Qos>(told(PropertyId::maximum_qos, 2U));
  terms_.keep_alive_s = told(PropertyId::server_keep_alive, options_.keep_alive_s);
  outbound_.set_receive_maximum(terms_.receive_maximum);
  ready_ = true;
  awaits_pingresp_ = false;
  if (!connack.session_present) received_.clear();
  outbound_.send_again(connack.session_present ? OutboundFlow::SessionAt::the_other_side
                                               : OutboundFlow::SessionAt::nobody,
                       out);
  listener_.connected(connack.session_present);
  return std::nullopt;
}

std::optional<CloseReason> ClientSession::take(const Publish& publish, std::string& out) {
  // We allow no Topic Alias.
  if (publish.properties.find(PropertyId::topic_alias) != nullptr) {
    return broken("a Topic Alias, which we have not allowed", ReasonCode::topic_alias_invalid);
  }
  bool is_new = true;
  if (publish.qos == Qos::at_least_once && !options_.owner_acknowledges) {
    encode_acknowledgement(PacketType::puback, publish.packet_id, out);
  } else if (publish.qos == Qos::exactly_once) {
    is_new = received_.insert(publish.packet_id.value).second;
    encode_acknowledgement(PacketType::pubrec, publish.packet_id, out);
  }
  if (is_new) listener_.arrived(publish);
  return std::nullopt;
}

}  // namespace watchpost::protocol
