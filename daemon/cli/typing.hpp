// What a person types at a command.
// Promise: a terminal shows as it did before when a QuietTerminal is gone. Main thread.
#pragma once

#include <termios.h>

#include <optional>
#include <string>

namespace watchpost::cli {

// The terminal does not show what is typed, for as long as this lives.
class QuietTerminal {
 public:
  QuietTerminal();
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal();
  [[nodiscard]] bool is_quiet() const { return is_quiet_; }

 private:
  termios before_{};
  bool is_quiet_ = false;
};

// The next line of standard input, without its end; nothing at the end of it.
[[nodiscard]] std::optional<std::string> a_line();

}  // namespace watchpost::cli
