#include "rules/supervision.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::rules {
namespace {

// What a device_status says of who is on line; null: nothing.
const bool* online_in(const Observation& observation) {
  if (observation.kind != Kind::device_status) return nullptr;
  const Reading* reading = observation.find("online");
  return reading == nullptr ? nullptr : std::get_if<bool>(&reading->value);
}

// These send when somebody does something; what else such a device sends may be its clock.
bool only_happens(Kind kind) {
  return kind == Kind::patrol_scan || kind == Kind::rf_code || kind == Kind::sos ||
         kind == Kind::fall || kind == Kind::manual_call_point;
}

}  // namespace

const Watched* Supervision::find(std::string_view device) const {
  const auto found = watched_.find(device);
  return found == watched_.end() ? nullptr : found->second.get();
}

Watched* Supervision::watch(std::string_view device, SteadyTime now) {
  const auto found = watched_.find(device);
  if (found != watched_.end()) return found->second.get();
  auto made = std::make_unique<Watched>();
  made->id = device;
  made->order = ++given_;
  made->heard = made->written = now;
  const auto fixed = rules_.fixed.find(made->id);
  if (fixed != rules_.fixed.end()) made->fixed = fixed->second;
  if (!made->fixed && watched_.size() >= most_ + rules_.fixed.size()) return nullptr;
  Watched* const kept = made.get();
  watched_.emplace(kept->id, std::move(made));
  return kept;
}

void Supervision::schedule(Watched& watched, SteadyTime due) {
  if (watched.due == due) return;
  if (watched.due != SteadyTime::max()) due_.erase({watched.due, watched.order});
  watched.due = due;
  if (due != SteadyTime::max()) due_.emplace(std::pair(due, watched.order), &watched);
}

void Supervision::use(SupervisionRules rules, SteadyTime now) {
  rules_ = std::move(rules);
  for (const auto& [device, interval] : rules_.fixed) (void)watch(device, now);
  for (auto& [id, watched] : watched_) {
    const auto fixed = rules_.fixed.find(watched->id);
    watched->fixed.reset();
    if (fixed != rules_.fixed.end()) watched->fixed = fixed->second;
    if (!rules_.learns) watched->learned = std::chrono::seconds{0};
    // Another time to wait begins now, with what has passed of it.
    const bool is_watched = watched->expected().count() > 0 && !watched->was_silent;
    schedule(*watched,
             is_watched ? std::max(now, watched->heard + allowance(*watched)) : SteadyTime::max());
  }
}

void Supervision::know(const Device& device, SteadyTime now) {
  latest_ = now;
  Watched* const watched = watch(device.id, now);
  if (watched == nullptr) return;
  const auto before = watched->expected();
  watched->entered = device.expected;
  if (device.habit && !watched->was_heard && watched->radio == nullptr) {
    watched->learned = rules_.learns ? device.habit->learned : std::chrono::seconds{0};
    watched->gaps = LearnedInterval(device.habit->learning);
    radios_.recall(*watched, *device.habit);
  }
  if (watched->expected() == before || watched->expected().count() == 0) return;
  schedule(*watched, now + allowance(*watched));
}

void Supervision::forget(std::string_view device) {
  const auto found = watched_.find(device);
  if (found == watched_.end() || found->second->fixed) return;
  Watched& gone = *found->second;
  schedule(gone, SteadyTime::max());
  radios_.leave(gone);
  watched_.erase(found);
}

void Supervision::recall_silent(std::string_view device) {
  const auto found = watched_.find(device);
  if (found != watched_.end()) found->second->was_silent = true;
}

bool Supervision::learn(Watched& watched, SteadyDuration gap, SteadyTime now) {
  // One silence is no habit; who is silent again and again takes it up by and by.
  if (watched.expected().count() > 0) gap = std::min<SteadyDuration>(gap, allowance(watched));
  if (watched.gaps.add(std::chrono::duration_cast<std::chrono::milliseconds>(gap))) {
    const auto interval = watched.gaps.interval().value_or(std::chrono::seconds{0});
    const bool is_other = interval != watched.learned;
    watched.learned = interval;
    if (is_other) return true;
  }
  return watched.gaps.any() && now - watched.written >= kWriteRest;
}

Supervision::Heard Supervision::hear(const Observation& observation, const CameBy& by,
                                     SteadyTime now) {
  latest_ = now;
  if (const bool* online = online_in(observation)) {
    if (Radio* const radio = radios_.bridge_of(observation, by)) {
      if (observation.stored_copy || observation.history) return {};
      Radios::hear_bridge(*radio, *online, now);
      if (*online) notice(observation.device, now, false);
      return {false, *online ? nullptr : radio};
    }
    // The word of its bridge, or its will: it is not heard by that.
    if (!*online) {
      const auto found = watched_.find(observation.device);
      if (found != watched_.end() && observation.state == DeclaredState::fault)
        found->second->is_off_line = true;
      return {};
    }
  }
  if (observation.stored_copy || observation.device.empty()) return {};
  Watched* const watched = watch(observation.device, now);
  if (watched == nullptr) return {};
  const SteadyTime before = watched->heard;
  const bool was_heard = std::exchange(watched->was_heard, true);
  watched->heard = now;
  watched->is_off_line = watched->was_silent = false;
  bool is_news = radios_.place(*watched, by);
  radios_.hear(*watched, now);
  const bool teaches =
      rules_.learns && was_heard && now > before && !only_happens(observation.kind);
  if (teaches && learn(*watched, now - before, now)) is_news = true;
  const auto wait = allowance(*watched);
  if (watched->due == SteadyTime::max() && wait.count() > 0) schedule(*watched, now + wait);
  if (is_news) watched->written = now;
  return {is_news, nullptr};
}

void Supervision::notice(std::string_view device, SteadyTime now, bool at_once) {
  const auto found = watched_.find(device);
  if (found == watched_.end()) return;
  Watched& watched = *found->second;
  watched.heard = now;
  watched.is_off_line = watched.was_silent = false;
  watched.was_heard = true;
  radios_.hear(watched, now);
  if (watched.expected().count() == 0) return;
  if (at_once) return schedule(watched, now);
  if (watched.due == SteadyTime::max()) schedule(watched, now + allowance(watched));
}

std::shared_ptr<const Habit> Supervision::habit_of(const Watched& watched) const {
  Habit habit;
  habit.learned = watched.learned;
  habit.learning = watched.gaps.text();
  if (watched.radio != nullptr) habit.radio = watched.radio->name;
  if (watched.broker != nullptr) habit.broker = watched.broker->name;
  return std::make_shared<const Habit>(std::move(habit));
}

std::optional<SteadyTime> Supervision::next_due() const {
  const auto radio = radios_.next_due();
  if (due_.empty()) return radio;
  const SteadyTime device = due_.begin()->first.first;
  return radio ? std::min(*radio, device) : device;
}

Watched* Supervision::due_device(SteadyTime now) const {
  if (due_.empty() || due_.begin()->first.first > now) return nullptr;
  return due_.begin()->second;
}

}  // namespace watchpost::rules
