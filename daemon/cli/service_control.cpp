#include "cli/service_control.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <system_error>

namespace watchpost::cli {

bool may_control_service() {
  std::error_code error;
  return ::geteuid() == 0 && std::filesystem::exists("/run/systemd/system", error);
}

bool control_service(const std::string& verb) {
  std::string program = "systemctl";
  std::string wish = verb;
  std::string unit = "watchpostd.service";
  std::array<char*, 4> words{program.data(), wish.data(), unit.data(), nullptr};
  pid_t child = 0;
  if (::posix_spawnp(&child, words.front(), nullptr, nullptr, words.data(), environ) != 0) {
    return false;
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace watchpost::cli
