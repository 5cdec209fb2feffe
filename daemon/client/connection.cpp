// Connection: from name lookup to the end.
#include "client/connection.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include "client/connect_refusal.hpp"

namespace watchpost::client {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLeaveWithin{1};
constexpr std::string_view kCheckNetwork =
    "Check the network, the address and port, and that the broker runs; it is tried again by "
    "itself";
constexpr std::string_view kByItself =
    "Check the network if it does not come back; it is tried again by itself";

}  // namespace

void MqttClient::Connection::connect(bool clean) {
  ++attempt;
  clean_start = clean;
  stage = Stage::open;
  is_writing = is_reading = flush_posted = ping_waits = false;
  waiting.clear();
  framer = protocol::Framer(options.maximum_packet_size);
  deadline = Steady::now() + options.connect_timeout;
  wire.reset();
  connector.connect(deadline,
                    now([](Connection& self, const auto& made, const net::ConnectTrouble& trouble) {
                      self.joined(made, trouble);
                    }));
}

void MqttClient::Connection::joined(const std::shared_ptr<net::Stream>& made,
                                    const net::ConnectTrouble& trouble) {
  if (!made) return give_up({LinkEnd::How::unreached, 0, trouble.failure});
  wire = made;
  check_time();
  last_sent = last_left = last_received = Steady::now();
  session.connect(clean_start, waiting);
  flush();
  read();
}

void MqttClient::Connection::disconnect(std::chrono::milliseconds wait) {
  if (!is_open() || stage == Stage::leaving) return;
  held = false;
  if (!wire || !session.ready()) return end();
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
  give_up({LinkEnd::How::ours,
           0,
           {Failure::Kind::unavailable,
            fmt::format("the connection to {} was closed by us", options.url.text()), ""}});
}

void MqttClient::Connection::give_up(LinkEnd end) {
  if (!is_open()) return;
  if (is_connecting() && wire) connector.try_next_address();
  stage = Stage::closed;
  connector.cancel();
  if (wire) wire->close();
  timer.cancel();
  if (parted) return;
  session.lost();
  asio::post(io, [self = shared_from_this(), dropped = drops, end = std::move(end)] {
    if (dropped == self->drops) self->listener.closed(end);
  });
}

SteadyTime MqttClient::Connection::due() const {
  // The connector keeps the deadline until there is a connection.
  if (stage == Stage::open && !wire) return SteadyTime::max();
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

LinkEnd MqttClient::Connection::overdue() const {
  if (is_connecting()) {
    return {LinkEnd::How::silent,
            0,
            {Failure::Kind::unavailable,
             fmt::format("{} cannot be reached as a broker: it takes the connection, but gives no "
                         "answer to our CONNECT within {} s",
                         options.url.text(), options.connect_timeout.count() / 1'000),
             std::string(kCheckNetwork)}};
  }
  return broke(LinkEnd::How::silent, "it does not answer a ping");
}

LinkEnd MqttClient::Connection::broke(LinkEnd::How how, const std::string& why) const {
  const std::string url = options.url.text();
  if (is_connecting()) {
    return {
        how,
        0,
        {Failure::Kind::unavailable, fmt::format("{} cannot be reached as a broker: {}", url, why),
         std::string(kCheckNetwork)}};
  }
  return {how,
          0,
          {Failure::Kind::unavailable, fmt::format("the connection to {} broke: {}", url, why),
           std::string(kByItself)}};
}

LinkEnd MqttClient::Connection::end_of(const protocol::Trouble& trouble) const {
  const auto code = static_cast<std::uint8_t>(trouble.code);
  switch (trouble.kind) {
    case protocol::Trouble::Kind::refused: {
      const bool is_old = options.version == protocol::Version::v3_1_1;
      const int said = is_old ? to_connect_return_code(trouble.code) : int{code};
      return {LinkEnd::How::refused, static_cast<std::uint8_t>(said),
              connect_refusal(options.url.text(), {said, trouble.reference}, options.section)};
    }
    case protocol::Trouble::Kind::broken:
      return broke(LinkEnd::How::garbled, fmt::format("it sent what is not MQTT {}: {}",
                                                      to_string(options.version), trouble.what));
    case protocol::Trouble::Kind::ended:
      break;
  }
  return {LinkEnd::How::ended, code,
          end_by_server(options.url.text(), {code, trouble.reference}, options.section)};
}

}  // namespace watchpost::client
