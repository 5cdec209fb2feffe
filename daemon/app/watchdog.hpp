// Watchdog: feeds systemd's watchdog only while the I/O loop and the spool both make progress.
// Promise: a beat is an empty append that has to come back through the spool thread; no beat is fed
// while the last one is still out, so a stuck disk or a stuck loop ends in a restart, never in a
// daemon that looks alive.
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

  // Does nothing where the service manager has set no watchdog.
  void start();
  void stop();

 private:
  class Beat;
  std::shared_ptr<Beat> beat_;
};

}  // namespace watchpost::app
