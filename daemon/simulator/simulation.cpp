#include "simulator/simulation.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "model/command_json.hpp"
#include "simulator/accounts.hpp"
#include "simulator/duty_desk.hpp"
#include "simulator/fleet.hpp"
#include "simulator/ledger_file.hpp"
#include "simulator/story.hpp"
#include "simulator/street.hpp"
#include "simulator/street_view.hpp"
#include "simulator/summary.hpp"

namespace watchpost::simulator {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kTick{5};
constexpr std::chrono::seconds kReachDeadline{10};
constexpr std::chrono::milliseconds kLeaveDeadline{1'500};
constexpr std::size_t kMostQueued = 5'000;   // at this many the village publishes nothing
constexpr std::size_t kMostPerTick = 2'000;  // few enough that Ctrl-C is heard
constexpr std::uint64_t kEscalatesEvery = 4;
constexpr std::chrono::seconds kBetweenLooks{1};
constexpr int kLost = 1;
constexpr int kCouldNotGoOn = 2;

DayOptions day_options(const SimulateOptions& options, const Village& village) {
  DayOptions day;
  day.seed = options.seed;
  // Where a rate is given, the day passes so fast that the devices' reports reach the rate.
  day.speed = options.rate > 0 ? options.rate / reports_per_second(village) : options.speed;
  day.alarms_per_minute = options.alarms_per_minute;
  day.begin = std::chrono::floor<std::chrono::milliseconds>(SystemClock().wall());
  return day;
}

std::string sim_clock(SimTime time) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time).count() % (24 * 60);
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

}  // namespace

VillageOptions village_options(const SimulateOptions& options) {
  VillageOptions village;
  village.seed = options.seed;
  village.devices = options.devices;
  village.protocol = options.protocol == "5"       ? ProtocolChoice::v5
                     : options.protocol == "3.1.1" ? ProtocolChoice::v3_1_1
                                                   : ProtocolChoice::mixed;
  village.qos = options.qos == "0"   ? QosChoice::zero
                : options.qos == "1" ? QosChoice::one
                : options.qos == "2" ? QosChoice::two
                                     : QosChoice::mix;
  return village;
}

struct Simulation::Run final : FleetObserver {
  enum class Phase : std::uint8_t { subscribing, connecting, publishing, awaiting, leaving };

  Run(const SimulateOptions& wanted, LocalWay local_way);

  int run();
  void enter(Phase next);
  void tick();
  void wait_for_street();
  void wait_for_daemon();
  void publish_due();
  void tell_due();
  void sit_at_desk();
  void act(Command command);
  [[nodiscard]] bool enter_devices();
  [[nodiscard]] bool is_due(const Planned& planned) const;
  void await_late_events();
  void show(bool all);
  void fail(std::string_view sentence);
  void listen_for_signals();
  void sent(const Sending& sending) override;
  void acknowledged(std::uint64_t tag, protocol::ReasonCode code) override;
  void arrived(std::string_view event);
  [[nodiscard]] Seconds in_phase() const { return SteadyClock::now() - phase_began; }

  using SteadyClock = std::chrono::steady_clock;

  SimulateOptions options;
  LocalWay local;
  const Story* story;
  boost::asio::io_context io{1};
  boost::asio::steady_timer timer{io};
  boost::asio::signal_set signals{io, SIGINT, SIGTERM};
  SystemClock clock;
  Village village;
  DayCourse course;
  Accounts accounts;
  Latencies acknowledgements;
  StreetView view;
  std::optional<LedgerFile> ledger;
  Fleet fleet;
  std::optional<Street> street;
  std::optional<Planned> next;
  std::optional<DutyDesk> desk;
  std::size_t told = 0;  // beats of the story
  SteadyTime last_at_desk{};
  std::uint64_t acts = 0;
  Phase phase = Phase::connecting;
  SteadyTime phase_began{};
  SteadyTime last_progress{};
  SteadyTime last_shown{};
  Seconds published_for{0};
  std::uint64_t last_tag = 0;
  std::uint64_t dispatched = 0;
  bool stop = false;
  int exit_code = 0;
};

Simulation::Run::Run(const SimulateOptions& wanted, LocalWay local_way)
    : options(wanted),
      local(std::move(local_way)),
      story(story_called(wanted.story)),
      village(build_village(village_options(wanted))),
      course(village, day_options(wanted, village)),
      view(isatty(STDOUT_FILENO) != 0),
      fleet(io,
            FleetOptions{wanted.host, static_cast<std::uint16_t>(wanted.port), wanted.user_name,
                         wanted.password},
            *this) {
  std::set<std::string> devices;
  for (const Device& each : village.devices) devices.insert(each.id);
  if (story != nullptr) {
    village = {};
    village.clients = {{fmt::format("{}-{}", story->name, getpid()), protocol::Version::v5}};
    devices.clear();
    for (const StoryDevice& each : story->devices) devices.insert(each.id);
    desk.emplace(std::move(devices), 1);
  } else if (options.duty) {
    desk.emplace(std::move(devices), kEscalatesEvery);
  }
}

int Simulation::Run::run() {
  if (!options.ledger.empty()) {
    auto opened = LedgerFile::open(options.ledger);
    if (!opened) {
      fail(opened.error().sentence());
      return exit_code;
    }
    ledger.emplace(std::move(*opened));
  }
  if (!options.verify.empty()) {
    StreetOptions street_options = street_from(options.verify).value();
    street_options.filter = options.area_prefix;
    street_options.client_id = fmt::format("watchpost-simulate-{}", getpid());
    street.emplace(io, street_options, [this](std::string_view event) { arrived(event); });
    street->start();
    enter(Phase::subscribing);
  } else {
    fleet.start(village.clients);
    enter(Phase::connecting);
  }
  listen_for_signals();
  tick();
  io.run();
  return exit_code;
}

void Simulation::Run::listen_for_signals() {
  signals.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    const bool again = stop || phase != Phase::publishing;
    stop = true;
    if (again) enter(Phase::leaving);
    listen_for_signals();
  });
}

void Simulation::Run::enter(Phase next_phase) {
  if (phase == Phase::publishing) published_for = in_phase();
  phase = next_phase;
  phase_began = last_progress = SteadyClock::now();
  if (phase != Phase::leaving) return;
  fleet.leave();
  if (street) street->leave();
}

void Simulation::Run::tick() {
  switch (phase) {
    case Phase::subscribing:
      wait_for_street();
      break;
    case Phase::connecting:
      wait_for_daemon();
      break;
    case Phase::publishing:
      if (story != nullptr) {
        tell_due();
      } else {
        publish_due();
      }
      sit_at_desk();
      break;
    case Phase::awaiting:
      sit_at_desk();
      await_late_events();
      break;
    case Phase::leaving:
      if (in_phase() > kLeaveDeadline || fleet.connected() == 0) return io.stop();
      break;
  }
  show(false);
  timer.expires_after(kTick);
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Simulation::Run::wait_for_street() {
  if (street->subscribed()) {
    fleet.start(village.clients);
    return enter(Phase::connecting);
  }
  if (in_phase() < kReachDeadline) return;
  fail(
      fmt::format("Could not subscribe to {} at {} within ten seconds ({}). Start the upstream "
                  "broker, or name it with --verify mqtt://host:port",
                  options.area_prefix, options.verify, street->last_trouble()));
}

void Simulation::Run::wait_for_daemon() {
  if (fleet.connected() > 0 && story != nullptr) {
    if (!enter_devices()) return;
    std::cout << opening_of(*story) << std::flush;
    return enter(Phase::publishing);
  }
  if (fleet.connected() > 0) {
    std::cout << fmt::format("The village of seed {}: {} devices, {} connections to {}:{}\n",
                             options.seed, village.devices.size(), village.clients.size(),
                             options.host, options.port)
              << std::flush;
    return enter(Phase::publishing);
  }
  if (in_phase() < kReachDeadline) return;
  fail(
      fmt::format("No connection to a daemon at {}:{} within ten seconds ({}). Start it with "
                  "`watchpostd --config FILE`, or name its listener with --host and --port",
                  options.host, options.port, fleet.last_trouble()));
}

bool Simulation::Run::is_due(const Planned& planned) const {
  if (options.rate > 0) return static_cast<double>(dispatched) < in_phase().count() * options.rate;
  return Seconds(planned.at - kDayBegin) <= in_phase() * options.speed;
}

void Simulation::Run::publish_due() {
  if (stop || (options.seconds > 0 && in_phase().count() >= options.seconds)) {
    return enter(Phase::awaiting);
  }
  for (std::size_t i = 0; i < kMostPerTick; ++i) {
    // The daemon takes no more at the moment. The village waits and drops no message.
    if (fleet.queued() >= kMostQueued || accounts.full()) return;
    if (!next) next = course.next();
    if (!is_due(*next)) return;
    ++dispatched;
    fleet.publish(Sending{++last_tag, std::move(*next)});
    next.reset();
  }
}

void Simulation::Run::tell_due() {
  if (stop || told == story->beats.size()) return enter(Phase::awaiting);
  const Beat& beat = story->beats[told];
  if (Seconds(beat.at) > in_phase()) return;
  ++told;
  std::cout << fmt::format("{:>4} s  {}\n", beat.at.count(), beat.words) << std::flush;
  if (beat.act) act(*beat.act);
  if (beat.topic.empty()) return;
  Planned planned;
  planned.at = kDayBegin + beat.at;
  planned.purpose = beat.purpose;
  planned.topic = beat.topic;
  planned.payload = beat.payload;
  fleet.publish(Sending{++last_tag, std::move(planned)});
}

bool Simulation::Run::enter_devices() {
  const auto entered = local.post("/v1/enter", entry_of(*story));
  if (!entered) fail(entered.error().sentence());
  return entered.has_value();
}

void Simulation::Run::sit_at_desk() {
  const auto now = SteadyClock::now();
  if (!desk || now - last_at_desk < kBetweenLooks) return;
  const bool is_early =
      story != nullptr && phase == Phase::publishing && in_phase() < story->desk_from;
  if (is_early) return;
  last_at_desk = now;
  const auto alarms = local.get("/v1/alarms");
  if (!alarms) return fail(alarms.error().sentence());
  for (Command& command : desk->look(*alarms)) act(std::move(command));
}

// What is refused was done by somebody else, or is so no more: the desk looks again.
void Simulation::Run::act(Command command) {
  command.key =
      fmt::format("simulate-{}-{}-{}", getpid(), clock.wall().time_since_epoch().count(), ++acts);
  last_progress = clock.steady();
  const auto answer = local.post("/v1/command", command_json(command));
  if (!answer) fail(answer.error().sentence());
}

void Simulation::Run::await_late_events() {
  const bool all_acknowledged = fleet.queued() == 0 && accounts.unacknowledged() == 0;
  const bool all_arrived = !street || accounts.totals().lost() == 0;
  // By a list that is newer than the last message.
  const bool all_seen_to =
      !desk || (last_at_desk > phase_began && !(story ? desk->has_open() : desk->has_more()));
  const Seconds without_progress = SteadyClock::now() - last_progress;
  const bool waited = without_progress.count() >= options.wait_seconds;
  if (!waited && !(all_acknowledged && all_arrived && all_seen_to)) return;
  show(true);
  RunFacts facts;
  facts.seconds = published_for.count();
  facts.devices = village.devices.size();
  facts.connections = village.clients.size();
  facts.reconnects = fleet.reconnects();
  facts.seed = options.seed;
  facts.verified = street.has_value();
  std::cout << summary(accounts, facts, acknowledgements) << std::flush;
  if (street && accounts.totals().lost() > 0) exit_code = kLost;
  if (const auto why = proves_nothing(accounts.totals(), facts.verified)) fail(*why);
  if (story != nullptr && desk && !stop) {
    if (const auto why = shortfall_of(*story, desk->seen())) fail(*why);
  }
  if (ledger && ledger->broken()) fail("The ledger could not be written to its end: disk full?");
  enter(Phase::leaving);
}

void Simulation::Run::show(bool all) {
  const auto now = SteadyClock::now();
  if (!all && now - last_shown < std::chrono::seconds(1)) return;
  last_shown = now;
  if (ledger) ledger->flush();
  if (options.show_events) std::cout << view.take() << std::flush;
}

void Simulation::Run::fail(std::string_view sentence) {
  std::cerr << "watchpost simulate: " << sentence << "\n";
  exit_code = kCouldNotGoOn;
  enter(Phase::leaving);
}

void Simulation::Run::sent(const Sending& sending) {
  const Planned& planned = sending.planned;
  accounts.published(
      Published{sending.tag, planned.qos, planned.purpose, planned.topic, planned.payload},
      clock.steady());
  if (ledger) ledger->sent(sending, clock.wall());
  if (!options.print) return;
  std::cout << fmt::format("{} {} {} {}\n", sim_clock(planned.at), to_string(planned.purpose),
                           planned.topic, planned.payload);
}

void Simulation::Run::acknowledged(std::uint64_t tag, protocol::ReasonCode code) {
  last_progress = clock.steady();
  const auto sent_at = accounts.acknowledged(tag, code);
  if (!sent_at) return;
  acknowledgements.add(last_progress - *sent_at);
  if (ledger && !protocol::is_failure(code)) ledger->acknowledged(tag, clock.wall());
}

void Simulation::Run::arrived(std::string_view event) {
  last_progress = clock.steady();
  accounts.arrived(event, last_progress);
  if (options.show_events) view.add(event);
}

Simulation::Simulation(const SimulateOptions& options, LocalWay local)
    : run_(std::make_unique<Run>(options, std::move(local))) {}
Simulation::~Simulation() = default;
int Simulation::run() {
  return run_->run();
}

}  // namespace watchpost::simulator
