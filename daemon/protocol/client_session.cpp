#include "protocol/client_session.hpp"

#include <algorithm>

namespace watchpost::protocol {
namespace {

// Above those of all slots, so that it never meets a publish.
constexpr PacketId kSubscribeId{65'535};
constexpr std::uint32_t kLargestPublishId = 65'534;

Trouble broken(std::string_view what, ReasonCode code = ReasonCode::protocol_error) {
  return {Trouble::Kind::broken, code, what};
}

}  // namespace

ClientSession::ClientSession(const ClientOptions& options, ClientListener& listener)
    : options_(options), listener_(listener) {
  options_.window = std::clamp<std::uint16_t>(options_.window, 1, kMostWindow);
  slots_.resize(options_.window);
  unused_.reserve(options_.window);
  for (std::uint16_t index = options_.window; index > 0; --index) {
    unused_.push_back(index - 1);
    slots_[index - 1U].id = PacketId{index};
  }
  limit_ = options_.window;
  terms_.keep_alive_s = options_.keep_alive_s;
}

void ClientSession::set_will(std::string topic, std::string payload) {
  will_topic_ = std::move(topic);
  will_payload_ = std::move(payload);
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
  if (!will_topic_.empty()) {
    connect.will.emplace();
    connect.will->qos = Qos::at_least_once;
    connect.will->retain = true;
    connect.will->topic = will_topic_;
    connect.will->payload = will_payload_;
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
  // The room of the last list.
  publish.properties = std::exchange(spare_, {});
  publish.properties.clear();
  if (!outgoing.content_type.empty()) {
    publish.properties.add(PropertyId::content_type, outgoing.content_type);
  }
  if (!outgoing.content_encoding.empty()) {
    publish.properties.add_user("content-encoding", outgoing.content_encoding);
  }
  encode(publish, options_.version, out);
  spare_ = std::move(publish.properties);
}

ClientSession::Taking ClientSession::publish(const Outgoing& outgoing, std::string& out) {
  const bool needs_slot = outgoing.qos != Qos::at_most_once;
  if (!ready_ || (needs_slot && (in_flight_ >= limit_ || unused_.empty()))) return Taking::not_now;
  Slot* const slot = needs_slot ? &slots_[unused_.back()] : nullptr;
  const std::size_t before = out.size();
  put(outgoing, slot == nullptr ? PacketId{} : slot->id, out);
  if (out.size() - before > terms_.maximum_packet_size) {
    out.resize(before);
    return Taking::too_large;
  }
  if (slot == nullptr) return Taking::taken;
  unused_.pop_back();
  ++in_flight_;
  slot->stage = Stage::published;
  slot->received = false;
  slot->qos = outgoing.qos;
  slot->tag = outgoing.tag;
  slot->order = next_order_++;
  if (options_.resends) slot->frame.assign(out, before);
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
  if (options_.resends) return;
  for (Slot& slot : slots_) {
    if (slot.stage != Stage::unused) release(slot);
  }
}

std::optional<Trouble> ClientSession::receive(const Frame& frame, std::string& out) {
  if (!ready_ && frame.type != PacketType::connack) return broken("a packet before CONNACK");
  if (frame.type == PacketType::publish) {
    const auto publish = decode_publish(frame, options_.version);
    if (!publish) return broken(publish.error().what, publish.error().code);
    return take_publish(*publish, out);
  }
  if (frame.type == PacketType::puback) {
    const auto puback = decode_puback(frame, options_.version);
    if (!puback) return broken(puback.error().what, puback.error().code);
    finish(puback->packet_id, PacketType::puback, puback->code);
    return std::nullopt;
  }
  const auto decoded = decode(frame, options_.version);
  if (!decoded) return broken(decoded.error().what, decoded.error().code);
  return take(*decoded, out);
}

std::optional<Trouble> ClientSession::take(const Packet& packet, std::string& out) {
  if (const auto* connack = std::get_if<Connack>(&packet)) return take_connack(*connack, out);
  if (const auto* pubrec = std::get_if<Pubrec>(&packet)) {
    take_pubrec(*pubrec, out);
  } else if (const auto* pubcomp = std::get_if<Pubcomp>(&packet)) {
    finish(pubcomp->packet_id, PacketType::pubcomp, pubcomp->code);
  } else if (const auto* pubrel = std::get_if<Pubrel>(&packet)) {
    received_.erase(pubrel->packet_id.value);
    encode_acknowledgement(PacketType::pubcomp, pubrel->packet_id, out);
  } else if (const auto* suback = std::get_if<Suback>(&packet)) {
    listener_.subscribed(suback->codes);
  } else if (std::holds_alternative<Pingresp>(packet)) {
    awaits_pingresp_ = false;
  } else if (const auto* disconnect = std::get_if<Disconnect>(&packet)) {
    if (options_.version != Version::v5) return broken("DISCONNECT, which only clients send");
    return Trouble{Trouble::Kind::ended, disconnect->code, to_string(disconnect->code)};
  } else {
    return broken("a packet that was not asked for");
  }
  return std::nullopt;
}

std::optional<Trouble> ClientSession::take_connack(const Connack& connack, std::string& out) {
  if (ready_) return broken("a second CONNACK");
  if (is_failure(connack.code)) {
    return Trouble{Trouble::Kind::refused, connack.code, to_string(connack.code)};
  }
  const auto told = [&](PropertyId id, auto otherwise) {
    return static_cast<decltype(otherwise)>(connack.properties.number(id).value_or(otherwise));
  };
  const ServerTerms unsaid;
  terms_.receive_maximum = told(PropertyId::receive_maximum, unsaid.receive_maximum);
  terms_.maximum_packet_size = told(PropertyId::maximum_packet_size, unsaid.maximum_packet_size);
  terms_.retain_available = told(PropertyId::retain_available, 1U) != 0;
  terms_.keep_alive_s = told(PropertyId::server_keep_alive, options_.keep_alive_s);
  limit_ = std::min(options_.window, terms_.receive_maximum);
  ready_ = true;
  awaits_pingresp_ = false;
  if (!connack.session_present) received_.clear();
  send_again(connack.session_present, out);
  listener_.connected(connack.session_present);
  return std::nullopt;
}

void ClientSession::send_again(bool session_present, std::string& out) {
  std::vector<Slot*> waiting;
  for (Slot& slot : slots_) {
    if (slot.stage == Stage::unused) continue;
    // The server took it with its PUBREC and forgot the exchange since: there is nothing to
    // release.
    if (slot.stage == Stage::released && !session_present) {
      release(slot);
      continue;
    }
    waiting.push_back(&slot);
  }
  std::sort(waiting.begin(), waiting.end(),
            [](const Slot* a, const Slot* b) { return a->order < b->order; });
  constexpr unsigned kDup = 8;
  // A server that came back with a smaller Receive Maximum gets what it had already accepted.
  for (Slot* slot : waiting) {
    if (slot->stage == Stage::released) {
      encode_acknowledgement(PacketType::pubrel, slot->id, out);
      continue;
    }
    const auto first = static_cast<unsigned>(static_cast<unsigned char>(slot->frame[0])) & ~kDup;
    slot->frame[0] = static_cast<char>(session_present ? first | kDup : first);
    out.append(slot->frame);
  }
}

ClientSession::Slot* ClientSession::slot_of(PacketId id) {
  if (id.value == 0) return nullptr;
  Slot& slot = slots_[(id.value - 1U) % slots_.size()];
  return slot.stage == Stage::unused || slot.id != id ? nullptr : &slot;
}

void ClientSession::release(Slot& slot) {
  slot.stage = Stage::unused;
  const auto index = static_cast<std::uint16_t>((slot.id.value - 1U) % slots_.size());
  const std::uint32_t next = slot.id.value + static_cast<std::uint32_t>(slots_.size());
  slot.id = PacketId{static_cast<std::uint16_t>(next > kLargestPublishId ? index + 1U : next)};
  unused_.push_back(index);
  --in_flight_;
}

void ClientSession::finish(PacketId id, PacketType by, ReasonCode code) {
  Slot* const slot = slot_of(id);
  const bool expected =
      slot != nullptr &&
      (by == PacketType::puback ? slot->qos == Qos::at_least_once : slot->stage == Stage::released);
  if (!expected) return;  // an answer to a copy that was answered already
  const Acknowledged acknowledged{slot->tag, by, code};
  release(*slot);
  listener_.acknowledged(acknowledged);
}

void ClientSession::take_pubrec(const Pubrec& pubrec, std::string& out) {
  Slot* const slot = slot_of(pubrec.packet_id);
  if (slot == nullptr || slot->qos != Qos::exactly_once) {
    encode_acknowledgement(PacketType::pubrel, pubrec.packet_id, out);
    return;
  }
  const Acknowledged acknowledged{slot->tag, PacketType::pubrec, pubrec.code};
  const bool first = !slot->received;
  slot->received = true;
  if (is_failure(pubrec.code)) {
    release(*slot);
  } else {
    slot->stage = Stage::released;
    encode_acknowledgement(PacketType::pubrel, pubrec.packet_id, out);
  }
  if (first) listener_.acknowledged(acknowledged);
}

std::optional<Trouble> ClientSession::take_publish(const Publish& publish, std::string& out) {
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
