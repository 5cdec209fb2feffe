// Watchdog: feeds systemd's watchdog only while the I/O loop and the spool both make progress.
// Promise: a beat is an empty append that must come back through the spool thread. While one beat
// is out, systemd's watchdog is not fed, so a stuck disk or a stuck loop ends in a restart, never
// in a daemon that only looks alive.
// I/O thread only.
#pragma once

#include <chrono>
#include <memory>

#include "app/service_notifier.hpp"
#include "base/log.hpp"
#include "model/custody.hpp"
#include "spool/spool.hpp"

namespace boost::asio {
class io_context;
}

namespace watchpost::app {

class Watchdog {
 public:
  Watchdog(boost::asio::io_context& io, spool::Spool& spool, ServiceNotifier& notifier, Log& log);
  ~Watchdog();

  // Does nothing where the unit sets no watchdog.
  void start();
  void stop();

 private:
  class Beat;
  std::shared_ptr<Beat> beat_;
};

}  // namespace watchpost::app
