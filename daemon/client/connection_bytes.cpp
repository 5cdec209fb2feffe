// Connection: bytes in and out.
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "client/connection.hpp"
#include "net/tls_probe.hpp"

namespace watchpost::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kWaitingBytesStopReading = 256UL * 1'024;

}  // namespace

void MqttClient::Connection::read() {
  if (std::exchange(is_reading, true)) return;
  const auto room = framer.prepare();
  wire->read_some({room.data(), room.size()},
                  now([](Connection& self, const net::Error& error, std::size_t count) {
                    self.is_reading = false;
                    if (error) return self.lose(error);
                    self.last_received = std::chrono::steady_clock::now();
                    // What comes after our DISCONNECT is not looked at.
                    if (self.stage == Stage::leaving) return self.read();
                    self.framer.commit(count);
                    self.parse();
                  }));
}

void MqttClient::Connection::parse() {
  const auto current = attempt;
  while (!held && stage != Stage::leaving) {
    const auto frame = framer.next();
    if (!frame) {
      return give_up(end_of(
          {protocol::CloseReason::Kind::broken, frame.error().code, frame.error().what, {}}));
    }
    if (!frame->has_value()) break;
    const bool was_connecting = is_connecting();
    const auto trouble = session.receive(**frame, waiting);
    if (!is_open() || current != attempt) return;  // the observer ended the connection
    if (trouble) return give_up(end_of(*trouble));
    if (was_connecting) check_time();  // from now on keep_alive says what is due
  }
  if (stage == Stage::draining && session.in_flight() == 0) send_disconnect();
  flush();
  if (!held && waiting.size() <= kWaitingBytesStopReading) read();
}

void MqttClient::Connection::read_on() {
  if (held || is_reading || !session.ready()) return;
  // We did not read, so the silence until now was not the server's.
  last_received = std::chrono::steady_clock::now();
  parse();
}

// Flushes at the end of the current round of calls, so that all that they publish leaves together.
void MqttClient::Connection::flush_soon() {
  if (is_writing || flush_posted || waiting.empty()) return;
  flush_posted = true;
  asio::post(io, now([](Connection& self) {
               self.flush_posted = false;
               self.flush();
             }));
}

void MqttClient::Connection::flush() {
  if (is_writing || waiting.empty()) return;
  is_writing = true;
  writing.clear();
  writing.swap(waiting);
  last_sent = last_left = std::chrono::steady_clock::now();
  const auto left = [self = shared_from_this()] {
    self->last_left = std::chrono::steady_clock::now();
  };
  wire->write(writing, left, now([](Connection& self, const net::Error& error, std::size_t) {
                self.is_writing = false;
                if (error) return self.lose(error);
                self.written();
              }));
}

void MqttClient::Connection::written() {
  if (ping_waits && waiting.empty()) {
    ping_waits = false;
    pinged = last_left;
  }
  if (stage == Stage::leaving && waiting.empty()) wire->finish();
  flush();
  if (!is_reading) read_on();
}

void MqttClient::Connection::lose(const net::Error& error) {
  if (stage == Stage::leaving) return end();
  const bool is_end = net::is_end_of_stream(error);
  // In TLS 1.3 a server looks at our certificate only after the handshake.
  if (is_connecting() && options.url.tls && !is_end) {
    return give_up({LinkEnd::How::unreached, 0,
                    net::ended_after_certificate(options.url, options.tls.certificate)});
  }
  if (is_end) return give_up(closed());
  const bool is_closed =
      error == asio::error::connection_reset || error == asio::error::broken_pipe;
  give_up(broke(is_closed ? LinkEnd::How::closed : LinkEnd::How::broken, error.message()));
}

}  // namespace watchpost::client
