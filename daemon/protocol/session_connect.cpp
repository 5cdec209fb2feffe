// CONNECT: who it is, what was agreed, what is refused.
#include <algorithm>
#include <utility>

#include "protocol/session.hpp"
#include "protocol/session_send.hpp"

namespace watchpost::protocol {
namespace {

std::optional<PendingWill> will_of(const Connect& connect, const std::string& client_id) {
  if (!connect.will) return std::nullopt;
  const Will& will = *connect.will;
  auto topic = Topic::parse(will.topic);
  if (!topic) return std::nullopt;  // cannot be: the decoder checked it
  const auto content_type = will.properties.text(PropertyId::content_type).value_or("");
  const auto delay = will.properties.number(PropertyId::will_delay_interval).value_or(0);
  PendingWill pending{Message{.topic = std::move(*topic)}, std::chrono::seconds{delay}};
  pending.message.payload = will.payload;
  pending.message.qos = will.qos;
  pending.message.retain = will.retain;
  pending.message.content_type = content_type;
  pending.message.source = client_id;
  return pending;
}

std::string_view advice(ReasonCode code) {
  switch (code) {
    case ReasonCode::bad_authentication_method:
      return "only user name and password are supported";
    case ReasonCode::client_identifier_not_valid:
      return "the client id is too long, or empty for a session that is to be kept";
    case ReasonCode::bad_user_name_or_password:
      return "the user name or password is wrong";
    case ReasonCode::not_authorized:
      return "this listener wants a user name and password";
    case ReasonCode::quota_exceeded:
      return "too many sessions";
    default:
      return to_string(code);
  }
}

}  // namespace

void Session::on_connect(const Frame& frame, SteadyTime now, Actions& actions) {
  const Malformed first{ReasonCode::protocol_error, "the first packet is not CONNECT",
                        std::nullopt};
  if (frame.type != PacketType::connect) {
    malformed(first, now, actions);
    return;
  }
  const auto connect = decode_connect(frame);
  if (!connect) {
    const Malformed& wrong = connect.error();
    const bool answerable =
        wrong.version == Version::v5 ||
        (wrong.version && wrong.code == ReasonCode::unsupported_protocol_version);
    // 3.1.1 has no way to name what was malformed; its connection is closed without a word.
    if (answerable) {
      refuse(*wrong.version, wrong.code, std::string(wrong.what), actions);
      std::get<Close>(actions.back()).malformed = true;
    } else {
      malformed(wrong, now, actions);
    }
    return;
  }
  client_id_ = connect->client_id;
  const Properties& asked = connect->properties;
  problem_information_ = asked.number(PropertyId::request_problem_information).value_or(1) != 0;
  client_maximum_packet_size_ =
      asked.number(PropertyId::maximum_packet_size).value_or(kLargestVariableByteInteger);
  if (const auto code = objection(*connect)) {
    refuse(connect->version, *code, std::string(advice(*code)), actions);
    return;
  }
  open(*connect, now, actions);
}

std::optional<ReasonCode> Session::objection(const Connect& connect) const {
  if (connect.properties.find(PropertyId::authentication_method) != nullptr) {
    return ReasonCode::bad_authentication_method;
  }
  const bool nameless_session =
      connect.version == Version::v3_1_1 && connect.client_id.empty() && !connect.clean_start;
  if (nameless_session || connect.client_id.size() > around_.options.longest_client_id) {
    return ReasonCode::client_identifier_not_valid;
  }
  switch (around_.authenticator.admit(connect.user_name, connect.password)) {
    case Admission::admitted:
      return std::nullopt;
    case Admission::anonymous_refused:
      return ReasonCode::not_authorized;
    case Admission::bad_credentials:
      return ReasonCode::bad_user_name_or_password;
  }
  return ReasonCode::not_authorized;
}

std::chrono::seconds Session::granted_expiry(const Connect& connect) const {
  std::chrono::seconds wish{0};
  if (connect.version == Version::v5) {
    wish = std::chrono::seconds{
        connect.properties.number(PropertyId::session_expiry_interval).value_or(0)};
  } else if (!connect.clean_start) {
    wish = kNeverExpires;
  }
  return std::min(wish, around_.options.session_expiry_maximum);
}

std::uint16_t Session::granted_keep_alive(const Connect& connect) const {
  const auto most = around_.options.keep_alive_maximum.count();
  const bool longer = connect.keep_alive == 0 || connect.keep_alive > most;
  if (connect.version != Version::v5 || most == 0 || !longer) return connect.keep_alive;
  return static_cast<std::uint16_t>(std::min<std::int64_t>(most, 0xFFFF));
}

void Session::open(const Connect& connect, SteadyTime now, Actions& actions) {
  SessionRegistry::Request request;
  request.client_id =
      connect.client_id.empty() ? around_.registry.new_client_id() : std::string(connect.client_id);
  request.connection = connection_;
  request.clean_start = connect.clean_start;
  request.expiry = granted_expiry(connect);
  request.will = will_of(connect, request.client_id);
  client_id_ = request.client_id;
  version_ = connect.version;
  if (greeting(connect, false).empty()) {
    phase_ = Phase::closed;
    actions.push_back(Close{ReasonCode::packet_too_large,
                            "the client's Maximum Packet Size leaves no room for CONNACK", true});
    return;
  }
  auto opened = around_.registry.open(std::move(request), now, actions);
  if (!opened) {
    refuse(connect.version, ReasonCode::quota_exceeded,
           std::string(advice(ReasonCode::quota_exceeded)), actions);
    return;
  }
  state_ = std::move(opened->state);
  phase_ = Phase::opening;
  patience_ = std::chrono::milliseconds{1'500} * granted_keep_alive(connect);
  greeting_ = greeting(connect, opened->present);
  if (opened->changes.empty()) {
    greet(std::nullopt, now, actions);
    return;
  }
  // Were CONNACK sent before the commit, a crash in between would bring back packet ids of the
  // session that Clean Start ended: a new message under one of them would be taken for a repeat,
  // acknowledged and lost.
  Pending pending;
  pending.answer = Pending::Answer::connack;
  const auto ticket = owe(std::move(pending));
  actions.push_back(Commit{std::move(opened->changes), ticket});
}

void Session::greet(const std::optional<Failure>& failure, SteadyTime now, Actions& actions) {
  if (!failure) {
    phase_ = Phase::connected;
    actions.push_back(Send{std::exchange(greeting_, {})});
    return;
  }
  around_.registry.abandon(*state_, connection_);
  leave(now, actions);
  refuse(version_, ReasonCode::server_unavailable, failure->what, actions);
}

std::string Session::greeting(const Connect& connect, bool present) const {
  const Properties& asked = connect.properties;
  const std::uint16_t keep_alive = granted_keep_alive(connect);
  const auto expiry = granted_expiry(connect);
  Connack connack;
  connack.session_present = present;
  Properties& said = connack.properties;
  const auto& options = around_.options;
  said.add(PropertyId::receive_maximum, options.receive_maximum);
  said.add(PropertyId::maximum_packet_size, options.maximum_packet_size);
  said.add(PropertyId::topic_alias_maximum, options.topic_alias_maximum);
  // QoS 2 and retained messages are taken, so Maximum QoS and Retain Available stay at their
  // defaults. So do the subscription flags: each filter is refused in SUBACK instead, because a
  // client told that wildcards are unavailable would have to be disconnected for using one.
  if (connect.client_id.empty()) said.add(PropertyId::assigned_client_identifier, client_id_);
  if (keep_alive != connect.keep_alive) said.add(PropertyId::server_keep_alive, keep_alive);
  const auto wish = asked.number(PropertyId::session_expiry_interval).value_or(0);
  if (expiry.count() != wish) {
    said.add(PropertyId::session_expiry_interval, static_cast<std::uint32_t>(expiry.count()));
  }
  return fitted(std::move(connack));
}

void Session::refuse(Version version, ReasonCode code, std::string why, Actions& actions) {
  version_ = version;
  phase_ = Phase::closed;
  Connack connack;
  connack.code = is_reason_of(PacketType::connack, static_cast<std::uint8_t>(code))
                     ? code
                     : ReasonCode::malformed_packet;
  connack.properties.add(PropertyId::reason_string, why);
  send(std::move(connack), actions);
  actions.push_back(Close{code, std::move(why), false, true});
}

}  // namespace watchpost::protocol
