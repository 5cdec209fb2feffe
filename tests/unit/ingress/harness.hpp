// A Listener on a loopback port, an intake that settles on command, and peers that speak real
// bytes. One thread: until() runs the daemon's io_context and is the only place that waits, with a
// deadline.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string>
#include <vector>

#include "ingress/listener.hpp"
#include "protocol/codec.hpp"
#include "support/catch.hpp"

namespace watchpost::ingress::testing {

using protocol::Packet;
using protocol::Version;

class QuietLog final : public Log {
 public:
  void write(LogLevel, std::string_view line) override { lines.emplace_back(line); }
  [[nodiscard]] bool wants(LogLevel) const override { return true; }
  std::vector<std::string> lines;
};

class FakeIntake final : public pipeline::Intake {
 public:
  struct Submission {
    std::optional<Message> message;
    std::vector<SessionChange> changes;
    CustodyTicket ticket;
  };
  void submit(Message message, std::vector<SessionChange> changes, CustodyTicket ticket) override {
    messages.push_back(submissions.size());
    submissions.push_back({std::move(message), std::move(changes), std::move(ticket)});
  }
  void submit(std::vector<SessionChange> changes, CustodyTicket ticket) override {
    submissions.push_back({std::nullopt, std::move(changes), std::move(ticket)});
  }
  [[nodiscard]] bool accepting() const override { return open; }
  void when_accepting(std::function<void()> resume) override { waiting.push_back(resume); }

  void settle_message(std::size_t index, const Result<void>& outcome = {}) {
    auto ticket = std::exchange(submissions.at(messages.at(index)).ticket, {});
    ticket.settle(outcome);
  }
  void accept_again() {
    open = true;
    for (const auto& resume : std::exchange(waiting, {})) resume();
  }
  [[nodiscard]] const Message& message(std::size_t index) const {
    return *submissions.at(messages.at(index)).message;
  }

  bool open = true;
  std::vector<Submission> submissions;
  std::vector<std::size_t> messages;  // which of them have one
  std::vector<std::function<void()>> waiting;
};

struct Harness {
  explicit Harness(ListenerOptions options = {}, ListenerLimits limits = quick()) {
    options.port = 0;
    listener.emplace(Listener::Surroundings{context, intake, clock, log}, limits);
    std::vector<ListenerOptions> addresses{std::move(options)};
    REQUIRE(listener->start(std::move(addresses), {}).has_value());
  }
  static ListenerLimits quick() {
    ListenerLimits limits;
    limits.tick = std::chrono::milliseconds(10);
    limits.linger = std::chrono::milliseconds(200);
    return limits;
  }
  [[nodiscard]] std::uint16_t port() const { return listener->status().addresses.at(0).port; }

  // Runs the daemon until it is so; false after five seconds.
  bool until(const std::function<bool()>& is_so) {
    const auto over = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > over) return false;
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
    }
    return true;
  }
  bool until_messages(std::size_t count) {
    return until([&] { return intake.messages.size() >= count; });
  }
  // Everything that is ready has been done, and a few ticks have passed.
  void settle_down() {
    const auto over = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    until([&] { return std::chrono::steady_clock::now() > over; });
  }

  boost::asio::io_context context;
  FakeIntake intake;
  SystemClock clock;
  QuietLog log;
  std::optional<Listener> listener;
};

// A client of the harness's listener.
class Peer {
 public:
  explicit Peer(Harness& harness) : harness_(harness), socket_(own_) {
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
  void sends(const Packet& packet) {
    std::string bytes;
    encode(packet, version, bytes);
    sends_bytes(bytes);
  }
  // The bytes of the next packet; empty when the daemon closed, or sent nothing in five seconds.
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
  bool full = false;  // the daemon does not read and the socket takes no more

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
