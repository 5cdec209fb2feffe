// WiredStage: a Stage with a WiredListener on a loopback port, for stations that send real bytes.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>

#include "ingress/wired_listener.hpp"
#include "stage.hpp"
#include "support/catch.hpp"
#include "wired/gb26875_frame.hpp"

namespace watchpost::ingress::testing {

struct WiredStage : Stage {
  explicit WiredStage(WiredOptions options = {}, WiredLimits limits = quick()) {
    options.port = 0;
    listener.emplace(around(), limits);
    REQUIRE(listener->start({std::move(options)}).has_value());
  }
  static WiredLimits quick() {
    WiredLimits limits;
    limits.tick = std::chrono::milliseconds(10);
    return limits;
  }
  [[nodiscard]] std::size_t connections() const {
    return listener->status().addresses.at(0).connections;
  }

  std::optional<WiredListener> listener;
};

struct Gb26875Answer {
  std::uint16_t serial = 0;
  std::uint8_t command = 0;
  friend bool operator==(const Gb26875Answer&, const Gb26875Answer&) = default;
};

class Station {
 public:
  explicit Station(WiredStage& stage) : stage_(stage), socket_(own_) {
    socket_.connect(
        {boost::asio::ip::address_v4::loopback(), stage.listener->status().addresses.at(0).port});
    socket_.non_blocking(true);
  }
  // False: the socket takes no more bytes, or is closed.
  bool sends(std::string_view bytes) {
    boost::system::error_code error;
    while (!bytes.empty()) {
      const auto count = socket_.write_some(boost::asio::buffer(bytes), error);
      if (error) return false;
      bytes.remove_prefix(count);
    }
    return true;
  }
  void sends_nothing_more() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  // The next answer; nothing when none came within five seconds.
  std::optional<Gb26875Answer> receives() {
    std::optional<Gb26875Answer> answer;
    stage_.until([&] {
      take();
      if (received_.size() < wired::gb26875::kAround) return closed_;
      const auto frame =
          wired::Gb26875Frame::read(std::string_view(received_).substr(0, wired::gb26875::kAround));
      REQUIRE(frame.has_value());
      answer = Gb26875Answer{frame->serial, frame->command};
      received_.erase(0, wired::gb26875::kAround);
      return true;
    });
    return answer;
  }
  [[nodiscard]] bool has_received_nothing() {
    stage_.settle_down();
    take();
    return received_.empty() && !closed_;
  }
  bool is_closed_by_daemon() {
    return stage_.until([&] {
      take();
      return closed_;
    });
  }

 private:
  void take() {
    std::array<char, 4'096> room{};
    boost::system::error_code error;
    while (const auto count = socket_.read_some(boost::asio::buffer(room), error)) {
      received_.append(room.data(), count);
    }
    if (error && error != boost::asio::error::would_block) closed_ = true;
  }

  WiredStage& stage_;
  boost::asio::io_context own_;
  boost::asio::ip::tcp::socket socket_;
  std::string received_;
  bool closed_ = false;
};

}  // namespace watchpost::ingress::testing
