#include "cli/mqtt_client_session.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watchpost::cli {

using protocol::PacketType;
using protocol::PropertyId;
using protocol::ReasonCode;
using protocol::Version;

namespace {

// Above all window slots, so that it never meets a publish.
constexpr PacketId kSubscribeId{65'535};

}  // namespace

MqttClientSession::MqttClientSession(const MqttClientOptions& options, MqttClientListener& listener)
    : options_(options), listener_(listener), keep_alive_s_(options.keep_alive_s) {
  options_.window = std::clamp<std::uint16_t>(options_.window, 1, kMostWindow);
  slots_.resize(options_.window);
  unused_.reserve(options_.window);
  for (std::uint16_t index = options_.window; index > 0; --index) unused_.push_back(index - 1);
  limit_ = options_.window;
}

void MqttClientSession::connect(bool clean_start, std::string& out) {
  protocol::Connect connect;
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
  if (!options_.user_name.empty()) connect.user_name = options_.user_name;
  if (!options_.password.empty()) connect.password = options_.password;
  protocol::encode(protocol::Packet{std::move(connect)}, options_.version, out);
}

void MqttClientSession::subscribe(std::string_view filter, Qos maximum_qos, std::string& out) {
  protocol::Subscribe subscribe;
  subscribe.packet_id = kSubscribeId;
  protocol::Subscription subscription;
  subscription.filter = filter;
  subscription.maximum_qos = maximum_qos;
  subscribe.subscriptions.push_back(subscription);
  protocol::encode(protocol::Packet{std::move(subscribe)}, options_.version, out);
}

bool MqttClientSession::publish(const Outgoing& outgoing, std::string& out) {
  if (!ready_) return false;
  if (outgoing.qos == Qos::at_most_once) {
    protocol::Publish publish;
    publish.topic = outgoing.topic;
    publish.payload = outgoing.payload;
    protocol::encode(publish, options_.version, out);
    return true;
  }
  if (in_flight_ >= limit_ || unused_.empty()) return false;
  const std::uint16_t index = unused_.back();
  unused_.pop_back();
  ++in_flight_;
  Slot& slot = slots_[index];
  slot.stage = Stage::published;
  slot.received = false;
  slot.qos = outgoing.qos;
  slot.tag = outgoing.tag;
  slot.order = next_order_++;
  slot.topic.assign(outgoing.topic);
  slot.payload.assign(outgoing.payload);
  send(index, false, out);
  return true;
}

void MqttClientSession::send(std::uint16_t index, bool dup, std::string& out) {
  const Slot& slot = slots_[index];
  const PacketId id{static_cast<std::uint16_t>(index + 1)};
  if (slot.stage == Stage::released) {
    protocol::encode_acknowledgement(PacketType::pubrel, id, out);
    return;
  }
  protocol::Publish publish;
  publish.dup = dup;
  publish.qos = slot.qos;
  publish.topic = slot.topic;
  publish.packet_id = id;
  publish.payload = slot.payload;
  protocol::encode(publish, options_.version, out);
}

void MqttClientSession::acknowledge(PacketId id, std::string& out) {
  if (ready_) protocol::encode_acknowledgement(PacketType::puback, id, out);
}

void MqttClientSession::ping(std::string& out) {
  awaits_pingresp_ = true;
  protocol::encode(protocol::Packet{protocol::Pingreq{}}, options_.version, out);
}

void MqttClientSession::disconnect(std::string& out) {
  if (ready_) protocol::encode(protocol::Packet{protocol::Disconnect{}}, options_.version, out);
  lost();
}

std::string MqttClientSession::receive(const protocol::Frame& frame, std::string& out) {
  if (frame.type == PacketType::publish) {
    const auto publish = protocol::decode_publish(frame, options_.version);
    if (!publish) return std::string(publish.error().what);
    take_publish(*publish, out);
    return {};
  }
  const auto decoded = protocol::decode(frame, options_.version);
  if (!decoded) return std::string(decoded.error().what);
  const protocol::Packet& packet = *decoded;
  if (const auto* connack = std::get_if<protocol::Connack>(&packet)) {
    return take_connack(*connack, out);
  }
  if (const auto* puback = std::get_if<protocol::Puback>(&packet)) {
    finish(puback->packet_id, PacketType::puback, puback->code);
  } else if (const auto* pubrec = std::get_if<protocol::Pubrec>(&packet)) {
    take_pubrec(*pubrec, out);
  } else if (const auto* pubcomp = std::get_if<protocol::Pubcomp>(&packet)) {
    finish(pubcomp->packet_id, PacketType::pubcomp, pubcomp->code);
  } else if (const auto* pubrel = std::get_if<protocol::Pubrel>(&packet)) {
    received_.erase(pubrel->packet_id.value);
    protocol::encode_acknowledgement(PacketType::pubcomp, pubrel->packet_id, out);
  } else if (const auto* suback = std::get_if<protocol::Suback>(&packet)) {
    listener_.subscribed(suback->codes.empty() ? ReasonCode::unspecified_error
                                               : suback->codes.front());
  } else if (std::holds_alternative<protocol::Pingresp>(packet)) {
    awaits_pingresp_ = false;
  } else if (const auto* disconnect = std::get_if<protocol::Disconnect>(&packet)) {
    return fmt::format("the server said: {}", protocol::to_string(disconnect->code));
  } else {
    return "the server sent a packet that only clients send";
  }
  return {};
}

std::string MqttClientSession::take_connack(const protocol::Connack& connack, std::string& out) {
  if (protocol::is_failure(connack.code)) {
    return fmt::format("the server refused the connection: {}", protocol::to_string(connack.code));
  }
  if (ready_) return "a second CONNACK";
  const auto receive_maximum = connack.properties.number(PropertyId::receive_maximum);
  limit_ = std::min<std::size_t>(options_.window, receive_maximum.value_or(65'535));
  keep_alive_s_ = static_cast<std::uint16_t>(
      connack.properties.number(PropertyId::server_keep_alive).value_or(options_.keep_alive_s));
  ready_ = true;
  awaits_pingresp_ = false;
  if (!connack.session_present) received_.clear();
  send_again(connack.session_present, out);
  listener_.connected(connack.session_present);
  return {};
}

void MqttClientSession::send_again(bool session_present, std::string& out) {
  std::vector<std::uint16_t> waiting;
  for (std::uint16_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].stage == Stage::unused) continue;
    // The server took it with its PUBREC and forgot the exchange since: there is nothing to
    // release.
    if (slots_[index].stage == Stage::released && !session_present) {
      release(index);
      continue;
    }
    waiting.push_back(index);
  }
  std::sort(waiting.begin(), waiting.end(),
            [&](auto a, auto b) { return slots_[a].order < slots_[b].order; });
  // A server that came back with a smaller Receive Maximum gets what it had already accepted.
  for (const auto index : waiting) send(index, session_present, out);
}

MqttClientSession::Slot* MqttClientSession::slot_of(PacketId id) {
  if (id.value == 0 || id.value > slots_.size()) return nullptr;
  Slot& slot = slots_[id.value - 1U];
  return slot.stage == Stage::unused ? nullptr : &slot;
}

void MqttClientSession::release(std::uint16_t index) {
  slots_[index].stage = Stage::unused;
  unused_.push_back(index);
  --in_flight_;
}

void MqttClientSession::finish(PacketId id, PacketType by, ReasonCode code) {
  const Slot* slot = slot_of(id);
  const bool expected =
      slot != nullptr &&
      (by == PacketType::puback ? slot->qos == Qos::at_least_once : slot->stage == Stage::released);
  if (!expected) return;  // an answer to a copy that was answered already
  const Acknowledged acknowledged{slot->tag, by, code};
  release(static_cast<std::uint16_t>(id.value - 1U));
  listener_.acknowledged(acknowledged);
}

void MqttClientSession::take_pubrec(const protocol::Pubrec& pubrec, std::string& out) {
  Slot* slot = slot_of(pubrec.packet_id);
  if (slot == nullptr || slot->qos != Qos::exactly_once) {
    protocol::encode_acknowledgement(PacketType::pubrel, pubrec.packet_id, out);
    return;
  }
  const Acknowledged acknowledged{slot->tag, PacketType::pubrec, pubrec.code};
  const bool first = !slot->received;
  slot->received = true;
  if (protocol::is_failure(pubrec.code)) {
    release(static_cast<std::uint16_t>(pubrec.packet_id.value - 1U));
  } else {
    slot->stage = Stage::released;
    protocol::encode_acknowledgement(PacketType::pubrel, pubrec.packet_id, out);
  }
  if (first) listener_.acknowledged(acknowledged);
}

void MqttClientSession::take_publish(const protocol::Publish& publish, std::string& out) {
  switch (publish.qos) {
    case Qos::at_most_once:
      listener_.arrived(publish);
      return;
    case Qos::at_least_once:
      listener_.arrived(publish);
      if (options_.owner_acknowledges) return;
      protocol::encode_acknowledgement(PacketType::puback, publish.packet_id, out);
      return;
    case Qos::exactly_once:
      if (received_.insert(publish.packet_id.value).second) listener_.arrived(publish);
      protocol::encode_acknowledgement(PacketType::pubrec, publish.packet_id, out);
      return;
  }
}

}  // namespace watchpost::cli
