#include "app/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace watchpost::app {

class Watchdog::Beat final : public CustodySink, public std::enable_shared_from_this<Beat> {
 public:
  Beat(boost::asio::io_context& io, spool::Spool& spool, ServiceNotifier& notifier, Log& log)
      : spool_(spool), notifier_(notifier), log_(log), timer_(io) {}

  void start() {
    const auto within = ServiceNotifier::watchdog_interval();
    if (!within) return;
    interval_ = std::chrono::duration_cast<SteadyDuration>(*within) / 2;
    send();
  }

  void stop() {
    stopped_ = true;
    timer_.cancel();
  }

  // Even a failed append counts as a sign of life of the spool thread: a full disk is no reason to
  // restart.
  void settled(TicketNumber, const Result<void>&) override {
    is_out_ = false;
    if (warned_) log_.info("The spool answers again");
    warned_ = false;
    notifier_.watchdog();
  }

 private:
  void send() {
    if (stopped_) return;
    if (is_out_) {
      if (!warned_) {
        log_.warning(
            "The spool has not answered for {} s: systemd restarts the daemon if that goes on. "
            "Check the disk or SD card (dmesg shows its errors)",
            std::chrono::duration_cast<std::chrono::seconds>(interval_).count());
      }
      warned_ = true;
    } else {
      is_out_ = true;
      spool::Append heartbeat;
      heartbeat.ticket = CustodyTicket{shared_from_this(), TicketNumber{}};
      spool_.append(std::move(heartbeat));
    }
    timer_.expires_after(interval_);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
      if (const auto self = weak.lock(); self && !cancelled) self->send();
    });
  }

  spool::Spool& spool_;
  ServiceNotifier& notifier_;
  Log& log_;
  boost::asio::steady_timer timer_;
  SteadyDuration interval_{};
  bool is_out_ = false;
  bool warned_ = false;
  bool stopped_ = false;
};

Watchdog::Watchdog(boost::asio::io_context& io, spool::Spool& spool, ServiceNotifier& notifier,
                   Log& log)
    : beat_(std::make_shared<Beat>(io, spool, notifier, log)) {}

Watchdog::~Watchdog() {
  stop();
}

void Watchdog::start() {
  beat_->start();
}

void Watchdog::stop() {
  beat_->stop();
}

}  // namespace watchpost::app
