#include "cli/typing.hpp"

#include <unistd.h>

#include <iostream>

namespace watchpost::cli {

QuietTerminal::QuietTerminal() {
  if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
  termios quiet = before_;
  quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  is_quiet_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
}

QuietTerminal::~QuietTerminal() {
  if (is_quiet_) (void)::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
}

std::optional<std::string> a_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace watchpost::cli
