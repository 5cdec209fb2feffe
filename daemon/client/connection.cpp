// Connection: from name lookup to the end.
#include "client/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>

#include "base/place.hpp"
#include "client/connect_refusal.hpp"

namespace watchpost::client {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using protocol::ReasonCode;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLeaveWithin{1};
constexpr std::string_view kCheckNetwork =
    "Check the network, the address and port, and that the broker runs; it is tried again by "
    "itself";
constexpr std::string_view kByItself =
    "Check the network if it does not come back; it is tried again by itself";

// Where more can be said than to ask for the log (MQTT 5.0 section 3.14.2.1).
struct Ended {
  ReasonCode code;
  std::string_view remedy;
};
constexpr std::array kEnded{
    Ended{ReasonCode::session_taken_over,
          "Another client uses our client_id there: give each gateway one of its own"},
    Ended{ReasonCode::server_shutting_down, "Nothing to do: it is tried again by itself"},
    Ended{ReasonCode::server_busy, "Nothing to do: it is tried again by itself"},
    Ended{ReasonCode::keep_alive_timeout, kByItself},
    Ended{ReasonCode::packet_too_large,
          "Ask the operator of the broker to accept larger packets; it is tried again by itself"},
    Ended{ReasonCode::quota_exceeded,
          "Ask the operator of the broker to make room; it is tried again by itself"},
    Ended{ReasonCode::not_authorized,
          "Ask the operator of the broker which topics this user may use; it is tried again"},
};

}  // namespace

void MqttClient::Connection::connect(bool clean) {
  ++attempt;
  clean_start = clean;
  stage = Stage::open;
  is_writing = is_reading = flush_posted = ping_waits = false;
  waiting.clear();
  framer = protocol::Framer(options.maximum_packet_size);
  deadline = Steady::now() + options.connect_timeout;
  wire = std::make_shared<Wire>(io);
  if (options.use_tls) {
    auto ready = wire->use_tls(options.tls, options.host);
    if (!ready) return give_up(ready.error());
  }
  check_time();
  if (is_address(options.host)) return join(options.host);
  names.ask(options.host,
            [io = io, then = now([](Connection& self, const auto& found) { self.named(found); })](
                const auto& found) { asio::post(io, [then, found] { then(found); }); });
}

void MqttClient::Connection::named(const Result<NameLookup::Addresses>& found) {
  if (!found) return give_up(found.error());
  join((*found)[turn % found->size()]);
}

void MqttClient::Connection::join(const std::string& address) {
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) return give_up(wire->connect_trouble(options.url(), error));
  wire->connect({parsed, options.port},
                now([](Connection& self, error_code failed, std::size_t) { self.joined(failed); }));
}

void MqttClient::Connection::joined(const error_code& error) {
  if (error) return give_up(wire->connect_trouble(options.url(), error));
  last_sent = last_left = last_received = Steady::now();
  session.connect(clean_start, waiting);
  flush();
  read();
}

void MqttClient::Connection::disconnect(std::chrono::milliseconds wait) {
  if (!is_open() || stage == Stage::leaving) return;
  held = false;
  if (!session.ready()) return end();
  stage = Stage::draining;
  deadline = Steady::now() + wait;
  if (wait.count() == 0 || session.in_flight() == 0) leave();
  check_time();
}

void MqttClient::Connection::leave() {
  stage = Stage::leaving;
  deadline = Steady::now() + kLeaveWithin;
  session.disconnect(waiting);
  flush();
  // Not at once: a frame may be looked at.
  asio::post(io, now([](Connection& self) { self.read(); }));
}

void MqttClient::Connection::end() {
  give_up({Failure::Kind::unavailable,
           fmt::format("the connection to {} was closed by us", options.url()), ""});
}

void MqttClient::Connection::give_up(Failure why) {
  if (!is_open()) return;
  // Where a name has several addresses, one that does not answer is not tried twice in a row.
  if (is_connecting()) ++turn;
  stage = Stage::closed;
  names.forget();
  wire->close();
  timer.cancel();
  if (parted) return;
  session.lost();
  asio::post(io, [self = shared_from_this(), dropped = drops, why = std::move(why)] {
    if (dropped == self->drops) self->listener.closed(why);
  });
}

SteadyTime MqttClient::Connection::due() const {
  if (stage != Stage::open || is_connecting()) return deadline;
  const std::chrono::seconds keep_alive{session.terms().keep_alive_s};
  if (keep_alive.count() == 0) return SteadyTime::max();
  // While held no answer is read: pings only keep the server from giving us up.
  if (held) return last_sent + keep_alive / 2;
  if (!session.awaits_pingresp()) return std::min(last_sent, last_received) + keep_alive * 3 / 4;
  return std::max(last_received, ping_waits ? last_left : pinged) + keep_alive;
}

void MqttClient::Connection::check_time() {
  const auto time = Steady::now();
  if (due() <= time) {
    if (stage == Stage::leaving) return end();
    if (stage == Stage::draining) {
      leave();
    } else if (is_connecting() || (!held && session.awaits_pingresp())) {
      return give_up(overdue());
    } else {
      ping_waits = true;
      session.ping(waiting);
      // Also where a write is under way: the next ping is not due before.
      last_sent = time;
      flush();
    }
  }
  // An answer in time brings the next ping forward: looked at twice in each keep_alive.
  const std::chrono::seconds keep_alive{session.terms().keep_alive_s};
  timer.expires_at(session.ready() ? std::min(due(), time + keep_alive / 2) : due());
  timer.async_wait(now([](Connection& self, error_code error) {
    if (!error) self.check_time();
  }));
}

Failure MqttClient::Connection::overdue() const {
  if (is_connecting()) {
    return {Failure::Kind::unavailable,
            fmt::format("{} cannot be reached: no answer for {} s", options.url(),
                        options.connect_timeout.count() / 1'000),
            std::string(kCheckNetwork)};
  }
  return broke("it does not answer a ping");
}

Failure MqttClient::Connection::broke(const std::string& why) const {
  if (is_connecting()) {
    return {Failure::Kind::unavailable,
            fmt::format("{} cannot be reached as a broker: {}", options.url(), why),
            std::string(kCheckNetwork)};
  }
  return {Failure::Kind::unavailable,
          fmt::format("the connection to {} broke: {}", options.url(), why),
          std::string(kByItself)};
}

Failure MqttClient::Connection::failure_of(const protocol::Trouble& trouble) const {
  const bool old = options.version == protocol::Version::v3_1_1;
  switch (trouble.kind) {
    case protocol::Trouble::Kind::refused:
      return connect_refusal(
          options.url(),
          old ? to_connect_return_code(trouble.code) : static_cast<int>(trouble.code),
          options.section);
    case protocol::Trouble::Kind::broken:
      return broke(
          fmt::format("it sent what is not MQTT {}: {}", to_string(options.version), trouble.what));
    case protocol::Trouble::Kind::ended:
      break;
  }
  const auto known = std::find_if(kEnded.begin(), kEnded.end(),
                                  [&](const Ended& each) { return each.code == trouble.code; });
  return {Failure::Kind::unavailable,
          fmt::format("{} ended the connection: {} (code {})", options.url(), trouble.what,
                      static_cast<int>(trouble.code)),
          known != kEnded.end() ? std::string(known->remedy)
                                : "Ask the operator of the broker for its log; it is tried again"};
}

}  // namespace watchpost::client
