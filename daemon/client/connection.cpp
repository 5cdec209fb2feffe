// Connection: its life from name lookup to the end, by its deadlines.
#include "client/connection.hpp"

#include <boost/asio/post.hpp>

#include "client/connect_refusal.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::client {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kLeaveWithin{1};

LinkEnd ended(LinkEnd::How how, Trouble trouble) {
  return {how, 0, failure_of(Failure::Kind::unavailable, std::move(trouble))};
}

}  // namespace

void MqttClient::Connection::connect(bool clean) {
  ++attempt;
  clean_start = clean;
  stage = Stage::open;
  is_writing = is_reading = flush_posted = ping_waits = held = false;
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
  if (wait.count() == 0 || session.in_flight() == 0) send_disconnect();
  check_time();
}

void MqttClient::Connection::send_disconnect() {
  stage = Stage::leaving;
  deadline = Steady::now() + kLeaveWithin;
  session.disconnect(waiting);
  flush();
  // The read is posted: a frame of the framer's buffer may be in use at this moment.
  asio::post(io, now([](Connection& self) { self.read(); }));
}

void MqttClient::Connection::end() {
  give_up(ended(LinkEnd::How::ours,
                trouble<TroubleCode::link_ended_here>(arg<"url">(options.url.text()))));
}

void MqttClient::Connection::give_up(LinkEnd end) {
  if (!is_open()) return;
  if (is_connecting() && wire) connector.try_next_address();
  stage = Stage::closed;
  connector.cancel();
  if (wire) wire->close();
  timer.cancel();
  if (is_left) return;
  session.lost();
  asio::post(io, [self = shared_from_this(), dropped = drops, end = std::move(end)] {
    if (dropped == self->drops) self->observer.closed(end);
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
      send_disconnect();
    } else if (is_connecting() || (!held && session.awaits_pingresp())) {
      return give_up(overdue());
    } else {
      ping_waits = true;
      session.ping(waiting);
      // Set also where a write is under way, so that the next ping is not due earlier.
      last_sent = time;
      flush();
    }
  }
  // An answer in time brings the next ping forward, so the time is looked at twice per keep_alive.
  const std::chrono::seconds keep_alive{session.terms().keep_alive_s};
  timer.expires_at(session.ready() ? std::min(due(), time + keep_alive / 2) : due());
  timer.async_wait(now([](Connection& self, error_code error) {
    if (!error) self.check_time();
  }));
}

LinkEnd MqttClient::Connection::overdue() const {
  const auto url = arg<"url">(options.url.text());
  if (is_connecting()) {
    return ended(LinkEnd::How::silent,
                 trouble<TroubleCode::link_no_connack>(
                     url, arg<"time">(std::chrono::duration_cast<std::chrono::seconds>(
                              options.connect_timeout))));
  }
  return ended(LinkEnd::How::silent, trouble<TroubleCode::link_no_ping_answer>(url));
}

LinkEnd MqttClient::Connection::closed() const {
  const auto url = arg<"url">(options.url.text());
  return ended(LinkEnd::How::closed, is_connecting()
                                         ? trouble<TroubleCode::link_closed_in_connect>(url)
                                         : trouble<TroubleCode::link_closed>(url));
}

LinkEnd MqttClient::Connection::broke(LinkEnd::How how, const std::string& why) const {
  const auto url = arg<"url">(options.url.text());
  return ended(how, is_connecting()
                        ? trouble<TroubleCode::link_broken_in_connect>(url, arg<"why">(why))
                        : trouble<TroubleCode::link_broken>(url, arg<"why">(why)));
}

LinkEnd MqttClient::Connection::end_of(const protocol::CloseReason& reason) const {
  const auto code = static_cast<std::uint8_t>(reason.code);
  switch (reason.kind) {
    case protocol::CloseReason::Kind::refused: {
      const bool is_old = options.version == protocol::Version::v3_1_1;
      const int said = is_old ? to_connect_return_code(reason.code) : int{code};
      return {LinkEnd::How::refused, static_cast<std::uint8_t>(said),
              connect_refusal(options.url.text(), {said, reason.reference},
                              ConfigSection{options.section})};
    }
    case protocol::CloseReason::Kind::broken:
      return ended(LinkEnd::How::garbled,
                   trouble<TroubleCode::link_not_mqtt>(
                       arg<"url">(options.url.text()),
                       arg<"version">(std::string(to_string(options.version))),
                       arg<"why">(std::string(reason.what))));
    case protocol::CloseReason::Kind::ended:
      break;
  }
  return {
      LinkEnd::How::ended, code,
      end_by_server(options.url.text(), {code, reason.reference}, ConfigSection{options.section})};
}

}  // namespace watchpost::client
