#include "console/live_check.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

namespace watchpost::console {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto kShortestPause = std::chrono::milliseconds{1};
constexpr auto kTellEvery = std::chrono::seconds{1};

struct Teller {
  LiveCheck::Post post;
  LiveCheck::Told told;
  void operator()(Result<LiveCheck::Progress> progress) const {
    post([told = told, progress = std::move(progress)] { told(progress); });
  }
};

void pause(const std::stop_token& stop, Steady::duration time) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, time, [] { return false; });
}

void check(const std::stop_token& stop, const std::filesystem::path& file, const Teller& tell) {
  auto opened = spool::StoreVerifier::open(file);
  if (!opened) return tell(opened.error());
  auto last_told = Steady::now();
  while (!stop.stop_requested()) {
    const auto began = Steady::now();
    const auto more = opened->step();
    if (!more) return tell(more.error());
    if (!*more) return tell(LiveCheck::Progress{opened->report(), true});
    const auto now = Steady::now();
    if (now - last_told > kTellEvery) {
      last_told = now;
      LiveCheck::Progress progress{opened->report(), false};
      progress.report.findings.clear();
      tell(std::move(progress));
    }
    pause(stop, std::max<Steady::duration>(2 * (now - began), kShortestPause));
  }
}

}  // namespace

LiveCheck::LiveCheck(std::filesystem::path database_file, Post post, Told told)
    : thread_([file = std::move(database_file), tell = Teller{std::move(post), std::move(told)}](
                  const std::stop_token& stop) { check(stop, file, tell); }) {}

}  // namespace watchpost::console
