// Peer: a client of the harness's listener that sends real bytes over a loopback socket.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "harness.hpp"

namespace watchpost::ingress::testing {

// A client of the harness's listener.
class Peer {
 public:
  // `from`: an address of this machine.
  explicit Peer(Harness& harness, const char* from = "127.0.0.1")
      : harness_(harness), socket_(own_) {
    socket_.open(boost::asio::ip::tcp::v4());
    socket_.bind({boost::asio::ip::make_address(from), 0});
    socket_.connect({boost::asio::ip::address_v4::loopback(), harness.port()});
    socket_.non_blocking(true);
  }
  void sends_bytes(std::string_view bytes) {
    boost::system::error_code error;
    while (!bytes.empty()) {
      const auto count = socket_.write_some(boost::asio::buffer(bytes), error);
      if (error == boost::asio::error::would_block) {
        full = true;
        return;
      }
      if (error) return;
      bytes.remove_prefix(count);
    }
  }
  // Sends as many of `bytes` as the socket takes at once; returns how many.
  std::size_t sends_some_of(std::string_view bytes) {
    boost::system::error_code error;
    return socket_.write_some(boost::asio::buffer(bytes), error);
  }
  void sends(const Packet& packet) {
    std::string bytes;
    encode(packet, version, bytes);
    sends_bytes(bytes);
  }
  // The bytes of the next packet; empty when the daemon closed the connection, or sent nothing for
  // five seconds.
  std::string receives() {
    std::string frame;
    harness_.until([&] {
      take();
      const auto next = protocol::first_frame(received_, 1'000'000);
      if (!next || !*next) return closed_;
      const auto end = (*next)->body.data() + (*next)->body.size() - received_.data();
      frame = received_.substr(0, static_cast<std::size_t>(end));
      received_.erase(0, frame.size());
      return true;
    });
    return frame;
  }
  [[nodiscard]] bool has_received_nothing() {
    harness_.settle_down();
    take();
    return received_.empty() && !closed_;
  }
  template <class T>
  T receives_a() {
    last_ = receives();
    REQUIRE_FALSE(last_.empty());
    const auto frame = protocol::first_frame(last_, 1'000'000);
    const auto packet = protocol::decode(frame.value().value(), version);
    REQUIRE(packet.has_value());
    REQUIRE(std::holds_alternative<T>(*packet));
    return std::get<T>(*packet);
  }
  [[nodiscard]] bool has_been_closed() {
    harness_.settle_down();
    take();
    return closed_;
  }
  bool is_closed_by_daemon() {
    return harness_.until([&] {
      take();
      return closed_;
    });
  }
  void connects(protocol::Connect connect) {
    version = connect.version;
    sends(connect);
    CHECK(receives_a<protocol::Connack>().code == protocol::ReasonCode::success);
  }
  void vanishes() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  Version version = Version::v5;
  bool full = false;  // the daemon does not read, and the socket takes no more bytes

 private:
  void take() {
    boost::system::error_code error;
    char room[4096];
    while (!closed_) {
      const auto count = socket_.read_some(boost::asio::buffer(room), error);
      received_.append(room, count);
      if (error == boost::asio::error::would_block) return;
      if (error) closed_ = true;
    }
  }

  Harness& harness_;
  boost::asio::io_context own_;
  boost::asio::ip::tcp::socket socket_;
  std::string received_;
  std::string last_;
  bool closed_ = false;
};

inline protocol::Connect a_connect(std::string_view client_id, Version version = Version::v5) {
  protocol::Connect connect;
  connect.version = version;
  connect.client_id = client_id;
  connect.keep_alive = 60;
  return connect;
}

inline protocol::Publish a_publish(Qos qos, std::uint16_t id) {
  protocol::Publish publish;
  publish.qos = qos;
  publish.topic = "wp/in/fire/smoke";
  publish.packet_id = PacketId(id);
  publish.payload = "1";
  return publish;
}

}  // namespace watchpost::ingress::testing
