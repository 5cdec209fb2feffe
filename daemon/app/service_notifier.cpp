#include "app/service_notifier.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string>

namespace watchpost::app {
namespace {

// Line ends separate the assignments of a notification, so a status must not contain one.
std::string status_line(std::string_view text) {
  std::string line = "STATUS=";
  line += text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

// A failure is ignored: the daemon works without a service manager that listens.
void notify(const std::string& state) {
  static_cast<void>(sd_notify(0, state.c_str()));
}

}  // namespace

void ServiceNotifier::ready(std::string_view status) {
  notify("READY=1\n" + status_line(status));
}

void ServiceNotifier::status(std::string_view line) {
  notify(status_line(line));
}

// MONOTONIC_USEC is asked for by Type=notify-reload (sd_notify(3)).
void ServiceNotifier::reloading() {
  timespec now{};
  (void)::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto usec = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
  notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec));
}

void ServiceNotifier::watchdog() {
  notify("WATCHDOG=1");
}

void ServiceNotifier::stopping(std::string_view status) {
  notify("STOPPING=1\n" + status_line(status));
}

// Also feeds the watchdog, which runs already when the daemon was ready before and begins anew.
void ServiceNotifier::still_starting(std::chrono::seconds more, std::string_view status) {
  const std::chrono::microseconds wanted = more;
  notify("EXTEND_TIMEOUT_USEC=" + std::to_string(wanted.count()) + "\nWATCHDOG=1\n" +
         status_line(status));
}

std::optional<std::chrono::microseconds> ServiceNotifier::watchdog_interval() {
  std::uint64_t period = 0;
  if (sd_watchdog_enabled(0, &period) <= 0) return std::nullopt;
  return std::chrono::microseconds{static_cast<std::int64_t>(period / 2)};
}

}  // namespace watchpost::app
