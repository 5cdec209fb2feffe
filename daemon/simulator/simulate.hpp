// watchpost simulate: a village of devices that publishes to a daemon, and a street that checks
// what arrives.
// Promise: deterministic (same seed, same messages); every wait and buffer is bounded; the ledger
// counts a message as acknowledged only by its PUBACK or PUBREC.
// Called once, from main, on the main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "model/event_topic.hpp"

namespace watchpost::simulator {

struct SimulateOptions {
  // --host: name or address of the daemon's listener.
  std::string host = "127.0.0.1";
  // --port: TCP port, 1..65535.
  std::uint32_t port = 1'883;
  // --devices: number of devices, 1..5000.
  std::uint32_t devices = 300;
  // --rate: messages a second, 0..100000; 0 = the natural course of the day, see speed.
  double rate = 0;
  // --seconds: how long to publish, 0..31536000; 0 = until Ctrl-C.
  double seconds = 0;
  // --protocol: "5", "3.1.1" or "mixed" (client by client).
  std::string protocol = "mixed";
  // --qos: "mix", "0", "1" or "2". mix: 1; but 2 for every tenth device and 0 for every fifth gauge
  // of water or rain that has a connection of its own. What goes at QoS 0 is in no ledger.
  std::string qos = "mix";
  // --alarms-per-minute: alarms that begin in a minute of real time, on average; 0..6000.
  double alarms_per_minute = 6;
  // --seed: any number; 0 = drawn and printed.
  std::uint64_t seed = 0;
  // --speed: simulated seconds in one second, 1..100000; 1440 shows a day in a minute.
  double speed = 1'440;
  // --print: prints one line for each published message.
  bool print = false;
  // --ledger: file of JSON lines, one for each acknowledged message; empty = none.
  std::string ledger;
  // --verify: mqtt://host:port of the upstream broker; empty = publish only. Needs raw = "always"
  // in the daemon's [[upstream]].
  std::string verify;
  // --area-prefix: Topic Filter of the events to count.
  std::string area_prefix{kEveryEventFilter};
  // --wait-seconds: how long to wait for late events without any progress after the end; 0..3600.
  double wait_seconds = 15;
  // --show-events: prints arriving events for a person (needs --verify).
  bool show_events = false;
  // --story: the name of a story (story.hpp), which is told instead of the course of a day; empty =
  // none.
  std::string story;
  // --duty: people on duty take, escalate and close the alarms, over the daemon's local socket; so
  // they do in a story.
  bool duty = false;
  // --print-config: prints the [[device]] tables that the daemon needs for these devices, and ends.
  bool print_config = false;
  // --username, --password: for a listener that wants them; empty = anonymous.
  std::string user_name;
  std::string password;
};

// The daemon's local API. Each blocks until it is answered, or until it gives up with a Failure.
struct LocalWay {
  std::function<Result<std::string>(const std::string& target)> get;
  std::function<Result<std::string>(const std::string& target, const std::string& body)> post;
};

// A Failure names everything that is wrong with the options; run_simulate() checks them too.
[[nodiscard]] Result<void> check(const SimulateOptions& options);

// The exit code: 0 = done, and with --verify nothing was lost; 1 = an acknowledged message did not
// arrive; 2 = could not run; standard error has the reason and what to do.
[[nodiscard]] int run_simulate(const SimulateOptions& options, LocalWay local);

}  // namespace watchpost::simulator
