// passwd: users and passwords of a listener's password file.
// Promise: a password is read from the terminal without being shown, twice, or from the first line
// of standard input; never from the command line, where every user of the box could read it. The
// file is changed as accounts/password_edit.hpp says. Used by the watchpost command.
#pragma once

#include <string>

namespace watchpost::cli {

struct PasswdOptions {
  std::string file;
  std::string user;
  bool removes = false;
  std::string group = "watchpost";  // of a new file, where the command runs as root
  std::string language;
};
[[nodiscard]] int run_passwd(const PasswdOptions& options);

}  // namespace watchpost::cli
