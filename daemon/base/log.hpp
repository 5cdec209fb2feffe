// Log: one line per state change, none per message above debug.
// Promise: error = loss or operator needed (carries a remedy), warning = degraded and healing,
// info = state change. Injected by constructor; called from any thread.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace watchpost {

enum class LogLevel { debug, info, warning, error };

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view line) = 0;
  [[nodiscard]] virtual bool wants(LogLevel level) const = 0;
  // From now on; any thread.
  virtual void set_threshold(LogLevel /*threshold*/) {}

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) {
    if (wants(LogLevel::debug)) {
      write(LogLevel::debug, fmt::format(format, std::forward<Args>(args)...));
    }
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) {
    write(LogLevel::info, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) {
    write(LogLevel::warning, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) {
    write(LogLevel::error, fmt::format(format, std::forward<Args>(args)...));
  }
};

// Where lines go: the journal with its priorities when systemd runs us, else stderr.
enum class LogSink { automatic, journal, standard_error };
[[nodiscard]] std::unique_ptr<Log> make_log(LogSink sink, LogLevel threshold);

}  // namespace watchpost
