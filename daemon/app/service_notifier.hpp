// ServiceNotifier: tells systemd that watchpostd is ready, alive or stopping (sd_notify(3)).
// Promise: does nothing where no service manager listens; never blocks. Only a call of watchdog()
// feeds the watchdog, so a stuck daemon, which calls nothing, is restarted.
// I/O thread only.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace watchpost::app {

class ServiceNotifier {
 public:
  // Reports that the daemon can do its work from now on.
  void ready(std::string_view status);
  // Reports one line for `systemctl status`.
  void status(std::string_view line);
  // Reports that the configuration is being read again; ready() ends it.
  void reloading();
  void watchdog();
  void stopping(std::string_view status);
  // Asks for `more` time from now on, because the start takes longer than the unit allows.
  static void still_starting(std::chrono::seconds more, std::string_view status);

  // The longest time between two calls of watchdog(): half of WatchdogSec, as
  // sd_watchdog_enabled(3) recommends. Nothing when the unit has no watchdog.
  [[nodiscard]] static std::optional<std::chrono::microseconds> watchdog_interval();
};

}  // namespace watchpost::app
