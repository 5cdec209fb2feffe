// ServiceNotifier: tells systemd that we are ready, alive, or stopping (sd_notify(3)).
// Promise: harmless where no service manager listens; never blocks. The watchdog is fed only by
// whoever calls watchdog(): a stuck daemon is restarted because nobody calls it.
// I/O thread only.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace watchpost::app {

class ServiceNotifier {
 public:
  // The daemon can do its work from now on.
  void ready(std::string_view status);
  // One line for `systemctl status`.
  void status(std::string_view line);
  void watchdog();
  void stopping(std::string_view status);
  // Starting takes longer than the unit allows, and goes on: the next `more` are needed too.
  static void still_starting(std::chrono::seconds more, std::string_view status);

  // How often watchdog() is expected at the latest: half of WatchdogSec, as sd_watchdog_enabled(3)
  // recommends. Nothing when the unit has no watchdog.
  [[nodiscard]] static std::optional<std::chrono::microseconds> watchdog_interval();
};

}  // namespace watchpost::app
