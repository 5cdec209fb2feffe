#include "simulator/simulate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <random>
#include <utility>

#include "model/event_topic.hpp"
#include "model/topic.hpp"
#include "simulator/simulation.hpp"
#include "simulator/story.hpp"
#include "simulator/street.hpp"

namespace watchpost::simulator {
namespace {

constexpr int kCouldNotRun = 2;

Failure refused(Complaint complaint) {
  return Failure{Failure::Kind::invalid_input, std::move(complaint.what),
                 std::move(complaint.remedy)};
}

Result<void> in_range(std::string_view option, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return refused({.what = fmt::format("{} is {}", option, value),
                  .remedy = fmt::format("Choose a number from {} to {}", low, high)});
}

Result<void> check_words(const SimulateOptions& options) {
  const bool protocol =
      options.protocol == "5" || options.protocol == "3.1.1" || options.protocol == "mixed";
  if (!protocol) {
    return refused({.what = fmt::format("--protocol is \"{}\"", options.protocol),
                    .remedy = "Choose 5, 3.1.1 or mixed"});
  }
  const bool qos =
      options.qos == "0" || options.qos == "1" || options.qos == "2" || options.qos == "mix";
  if (!qos)
    return refused(
        {.what = fmt::format("--qos is \"{}\"", options.qos), .remedy = "Choose 0, 1, 2 or mix"});
  if (!options.story.empty() && story_called(options.story) == nullptr) {
    return refused({.what = fmt::format("There is no story \"{}\"", options.story),
                    .remedy = "Choose one of " + story_names()});
  }
  if (!TopicFilter::parse(options.area_prefix)) {
    return refused(
        {.what = fmt::format("--area-prefix \"{}\" is no Topic Filter", options.area_prefix),
         .remedy = fmt::format("Write it as {}", kFilterExamples)});
  }
  if (!options.verify.empty()) {
    if (const auto street = street_from(options.verify); !street) return street.error();
  } else if (options.show_events) {
    return refused({.what = "--show-events has nothing to show",
                    .remedy = "Add --verify mqtt://host:port of the upstream broker"});
  }
  return {};
}

// The seed is no secret: it only has to differ from run to run.
std::uint64_t drawn_seed() {
  std::random_device device;
  return 1 + device() % 999'999;
}

}  // namespace

Result<void> check(const SimulateOptions& options) {
  struct Bound {
    std::string_view option;
    double value;
    double low;
    double high;
  };
  const Bound bounds[] = {
      {"--port", static_cast<double>(options.port), 1, 65'535},
      {"--devices", static_cast<double>(options.devices), 1, 5'000},
      {"--rate", options.rate, 0, 100'000},
      {"--seconds", options.seconds, 0, 31'536'000},
      {"--alarms-per-minute", options.alarms_per_minute, 0, 6'000},
      {"--speed", options.speed, 1, 100'000},
      {"--wait-seconds", options.wait_seconds, 0, 3'600},
  };
  for (const auto& [option, value, low, high] : bounds) {
    if (const auto fits = in_range(option, value, low, high); !fits) return fits.error();
  }
  return check_words(options);
}

int run_simulate(const SimulateOptions& options, LocalWay local) {
  if (const auto checked = check(options); !checked) {
    std::cerr << "watchpost simulate: " << checked.error().sentence() << "\n";
    return kCouldNotRun;
  }
  SimulateOptions complete = options;
  if (complete.seed == 0) complete.seed = options.print_config ? 1 : drawn_seed();
  if (complete.print_config) {
    const auto village = build_village(village_options(complete));
    std::cout << device_tables(village);
    return 0;
  }
  Simulation simulation(complete, std::move(local));
  return simulation.run();
}

}  // namespace watchpost::simulator
