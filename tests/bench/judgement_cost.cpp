// watchpost_bench_judgement_cost: what judgement costs a message that causes nothing, beside the
// first rule alone, and how much memory 10,000 open alarms and 20,000 known devices take; and how
// much once each device was heard hourly for a week. Ends with 1 where the first memory is more
// than is promised; times and the memory of what is learnt are printed only.
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "rules/judgement.hpp"

namespace {

std::size_t allocated = 0;

}  // namespace

void* operator new(std::size_t size) {
  void* const place = std::malloc(size);
  if (place == nullptr) throw std::bad_alloc();
  allocated += malloc_usable_size(place);
  return place;
}
void operator delete(void* place) noexcept {
  allocated -= place == nullptr ? 0 : malloc_usable_size(place);
  std::free(place);
}
void operator delete(void* place, std::size_t) noexcept {
  operator delete(place);
}

namespace {

using namespace watchpost;

constexpr std::size_t kAlarms = 10'000;
constexpr std::size_t kDevices = 20'000;
constexpr std::size_t kMostBytes = 20'000'000;
constexpr std::string_view kTopic = "zigbee2mqtt/kitchen/smoke-301";
constexpr std::size_t kMessages = 200'000;

Observation observation_of(std::size_t number, DeclaredState state) {
  Observation observation;
  // A dev EUI is 16 digits long, as most names are.
  char name[32];
  std::snprintf(name, sizeof name, "24e124126c%06zx", number);
  observation.device = name;
  observation.kind = Kind::smoke;
  observation.state = state;
  observation.readings = {{"battery", "%EL", 87.0},
                          {"temperature", "Cel", 21.5},
                          {"smoke", "", 0.0},
                          {"rssi", "dBm", -71.0}};
  return observation;
}

rules::Moment moment_at(std::size_t message) {
  rules::Moment now;
  now.steady = SteadyTime{std::chrono::milliseconds{message}};
  now.wall = WallTime{std::chrono::seconds{1'795'392'000} + std::chrono::milliseconds{message}};
  now.quality = ClockQuality::synced;
  return now;
}

void settle(rules::Judgement& judgement, const rules::Changes& changes) {
  if (!changes.any()) return;
  judgement.committed(changes.step, {{changes.step, 1, EventClass::alarm, Seq{1}}});
}

// Devices are entered with a name and a place; half of them have an open alarm.
std::size_t fill(rules::Judgement& judgement) {
  const std::size_t before = allocated;
  for (std::size_t i = 0; i < kDevices; ++i) {
    Device device;
    device.id = observation_of(i, DeclaredState::normal).device;
    device.name = "烟感 3 号楼 2 单元 301";
    device.place = "3号楼/2单元/" + std::to_string(i / 3);
    device.service = DeviceService::in_service;
    device.expected = std::chrono::hours{1};
    settle(judgement, judgement.enter(device, moment_at(i)).changes);
  }
  for (std::size_t i = 0; i < kAlarms; ++i) {
    const auto verdict =
        judgement.judge(observation_of(i * 2, DeclaredState::alarm), moment_at(kDevices + i));
    settle(judgement, verdict.changes);
  }
  // Over which radio each is heard is kept with its first message.
  for (std::size_t i = 0; i < kDevices; ++i) {
    const auto said = observation_of(i, i % 2 == 0 ? DeclaredState::alarm : DeclaredState::normal);
    const auto verdict = judgement.judge(said, moment_at(kDevices + kAlarms), {kTopic, {}});
    settle(judgement, verdict.changes);
  }
  return allocated - before;
}

// Each device is heard hourly for a week, each time up to a minute early or late.
void learn(rules::Judgement& judgement) {
  constexpr std::size_t kHour = 3'600'000;
  for (std::size_t hour = 1; hour <= 24 * 7 + 4; ++hour) {
    for (std::size_t order = 0; order < kDevices; ++order) {
      const std::size_t i = (order + hour * 7919) % kDevices;
      const auto said =
          observation_of(i, i % 2 == 0 ? DeclaredState::alarm : DeclaredState::normal);
      const auto now = moment_at(hour * kHour + 3 * order);
      settle(judgement, judgement.judge(said, now, {kTopic, {}}).changes);
    }
  }
}

std::size_t learned(const rules::Judgement& judgement) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kDevices; ++i) {
    const std::string device = observation_of(i, DeclaredState::normal).device;
    const rules::Watched* const watched = judgement.supervision().find(device);
    count += watched != nullptr && watched->learned.count() > 0 ? 1 : 0;
  }
  return count;
}

// Of this thread alone, whatever else the machine does.
double seconds_of_work() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The median of some runs, in nanoseconds a message. What was just decoded is at hand; which device
// it is of jumps about.
template <class Judge>
double cost_of(const Judge& judge) {
  std::vector<std::string> devices;  // those without an alarm
  for (std::size_t i = 0; i < kDevices / 2; ++i)
    devices.push_back(observation_of(i * 2 + 1, DeclaredState::normal).device);
  Observation said = observation_of(1, DeclaredState::normal);
  std::array<double, 7> runs{};
  for (double& run : runs) {
    const double begin = seconds_of_work();
    for (std::size_t i = 0; i < kMessages; ++i) {
      said.device = devices[i * 7919 % devices.size()];
      judge(said, i);
    }
    run = (seconds_of_work() - begin) * 1e9 / kMessages;
  }
  std::sort(runs.begin(), runs.end());
  return runs[runs.size() / 2];
}

}  // namespace

int main() {
  rules::Judgement judgement({}, {}, moment_at(0));
  const std::size_t before = allocated;
  const std::size_t bytes = fill(judgement);
  std::size_t classes = 0;
  const double alone = cost_of([&](const Observation& said, std::size_t) {
    classes += index_of(rules::judge(said).event_class);
  });
  std::size_t changes = 0;
  const double whole = cost_of([&](const Observation& said, std::size_t i) {
    const auto verdict = judgement.judge(said, moment_at(kDevices + kAlarms + i), {kTopic, {}});
    classes += index_of(verdict.event_class);
    changes += verdict.changes.any() ? 1 : 0;
  });
  std::printf("a message that causes nothing: %.0f ns, of which %.0f ns by the first rule\n", whole,
              alone);
  std::printf("%zu open alarms and %zu devices: %.1f MB (at most %.0f)\n", judgement.open(),
              kDevices, static_cast<double>(bytes) / 1e6, static_cast<double>(kMostBytes) / 1e6);
  learn(judgement);
  std::printf("the same once %zu devices were heard hourly for a week: %.1f MB\n",
              learned(judgement), static_cast<double>(allocated - before) / 1e6);
  const bool is_right = changes == 0 && classes > 0 && judgement.open() == kAlarms;
  return is_right && bytes <= kMostBytes ? 0 : 1;
}
