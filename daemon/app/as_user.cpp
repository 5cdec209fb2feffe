#include "app/as_user.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace watchpost::app {
namespace {

constexpr int kCannotBecome = 255;

}  // namespace

std::optional<int> as_user(const std::string& user, const std::function<int()>& ask) {
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr) return std::nullopt;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_user = ::initgroups(entry->pw_name, entry->pw_gid) == 0 &&
                         ::setgid(entry->pw_gid) == 0 && ::setuid(entry->pw_uid) == 0;
    ::_exit(is_user ? std::clamp(ask(), 0, kCannotBecome - 1) : kCannotBecome);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return std::nullopt;
  if (WEXITSTATUS(status) == kCannotBecome) return std::nullopt;
  return WEXITSTATUS(status);
}

}  // namespace watchpost::app
