#include "cli/local_time.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

namespace watchpost::cli {

std::string local_time(WallTime time) {
  using std::chrono::floor;
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  const auto whole = floor<seconds>(time);
  const auto rest = floor<milliseconds>(time - whole);
  const std::time_t moment = whole.time_since_epoch().count();
  std::tm here{};
  if (::localtime_r(&moment, &here) == nullptr) return to_rfc3339(time);
  const long minutes = here.tm_gmtoff / 60;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}", here.tm_year + 1900,
                     here.tm_mon + 1, here.tm_mday, here.tm_hour, here.tm_min, here.tm_sec,
                     rest.count(), minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                     std::abs(minutes) % 60);
}

std::string local_time(std::string_view rfc3339) {
  const auto time = from_rfc3339(rfc3339, std::chrono::minutes{0});
  return time ? local_time(*time) : std::string(rfc3339);
}

}  // namespace watchpost::cli
