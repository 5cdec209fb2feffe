#include "console/routes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watchpost::console {

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

Found find_route(std::span<const Route> routes, const RequestLine& asked) {
  const std::string_view method = asked.method;
  const auto path = path_of(asked.target);
  const auto there = std::find_if(routes.begin(), routes.end(),
                                  [path](const Route& each) { return each.path == path; });
  if (there == routes.end()) {
    std::string paths;
    for (const Route& each : routes) {
      paths += fmt::format("{}{} ({})", paths.empty() ? "" : ", ", each.path, each.purpose);
    }
    return {nullptr, 404, fmt::format("there is no {}: ask for {}", path, paths), {}};
  }
  if (there->method != method) {
    return {nullptr, 405, fmt::format("{} takes {}, not {}", path, there->method, method),
            there->method};
  }
  return {&*there, 200, {}, {}};
}

}  // namespace watchpost::console
