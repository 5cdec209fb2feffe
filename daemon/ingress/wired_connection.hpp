// WiredConnection: one station's stream and its line; one coroutine reads, one writes.
// Promise: does what the line says, in order; a message goes to the intake and its outcome comes
// back to the line (promise 1). It reads nothing while the intake is full or while as many
// messages are under way as the line allows. A station that is silent, slow or does not read its
// answers is closed. I/O thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "ingress/outgoing.hpp"
#include "ingress/socket_timers.hpp"
#include "ingress/wired_connections.hpp"
#include "model/custody.hpp"
#include "wired/line.hpp"

namespace watchpost::ingress {

class WiredConnection final : public CustodySink,
                              public std::enable_shared_from_this<WiredConnection> {
 public:
  WiredConnection(std::shared_ptr<net::Stream> stream, std::shared_ptr<WiredAddress> address,
                  std::shared_ptr<WiredConnections> all);
  WiredConnection(const WiredConnection&) = delete;
  WiredConnection& operator=(const WiredConnection&) = delete;
  ~WiredConnection() override = default;

  void start();
  void settled(TicketNumber ticket, const Result<void>& outcome) override;
  void tick();
  void resume_reading();
  // Reads nothing more, writes what the outcomes ask for, and closes.
  void finish();
  // Closes without sending what is still to be sent.
  void cut_off();

  [[nodiscard]] bool is_settled() const { return line_->under_way() == 0 && out_.is_flushed(); }
  // Open, and came in at this address.
  [[nodiscard]] bool is_at(const WiredAddress& address) const {
    return our_address_.get() == &address && !is_finishing_;
  }
  [[nodiscard]] bool has_spoken() const { return has_spoken_; }
  // The last frame; before it, the connecting.
  [[nodiscard]] SteadyTime spoke_at() const { return spoke_at_; }

 private:
  static boost::asio::awaitable<void> read(std::shared_ptr<WiredConnection> self);
  static boost::asio::awaitable<void> write(std::shared_ptr<WiredConnection> self);
  class Performer;  // one step, by its kind
  void perform(wired::Steps steps);
  void hand_over(wired::HandOver message);
  void send(std::string_view bytes);
  void note(const wired::Noise& noise);
  void complain(LogLevel level, std::string_view what);
  [[nodiscard]] StationBook::Speaker speaker(const std::string& station) const;
  [[nodiscard]] bool is_finished() const { return is_finishing_ && is_settled(); }
  void coroutine_ended();
  [[nodiscard]] SteadyTime now() const { return all_->around().clock.steady(); }

  std::shared_ptr<WiredAddress> our_address_;
  std::shared_ptr<WiredConnections> all_;
  std::string peer_;
  std::string address_;  // peer_ without the port
  std::optional<SocketTimers> socket_;
  std::unique_ptr<wired::Line> line_;
  Outgoing out_;
  SteadyTime heard_at_;  // the last byte
  SteadyTime spoke_at_;
  bool has_spoken_ = false;
  bool reading_paused_ = false;
  bool is_finishing_ = false;
  int coroutines_ = 0;
};

}  // namespace watchpost::ingress
