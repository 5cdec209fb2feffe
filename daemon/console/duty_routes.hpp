// Routes of what people on duty see and do: open alarms, one alarm, devices, commands.
// GET /v1/alarms, /v1/alarm?number=37, /v1/devices; POST /v1/command (model/command_json.hpp) and
// /v1/enter, both answered once it is on disk, and with `?origin=cli` where the command line asks.
// Promise: who asks is answered within the deadline, also where the disk does not answer. I/O
// thread only.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "console/routes.hpp"
#include "model/transition.hpp"

namespace watchpost::console {

using ToldAnswer = std::function<void(Result<std::string>)>;

// Each gives JSON.
struct DutySources {
  std::function<std::string()> alarms{};
  std::function<Result<std::string>(std::string_view number)> alarm{};
  std::function<std::string()> devices{};
  // `told` is called once, later or at once.
  using Post = std::function<void(std::string_view body, Origin origin, ToldAnswer told)>;
  Post command{};
  Post enter_devices{};
  // A disk that takes longer than this is a trouble of its own.
  std::chrono::milliseconds longest_commit{8'000};
};

void add_duty_routes(const DutySources& sources, std::vector<Route>& routes);

}  // namespace watchpost::console
