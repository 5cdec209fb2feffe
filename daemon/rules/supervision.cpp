#include "rules/supervision.hpp"

#include <algorithm>
#include <utility>

#include "rules/kept_rows.hpp"

namespace watchpost::rules {
namespace {

using std::chrono::seconds;

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

template <class All>
auto place_in(All& all, std::string_view device) {
  const auto [first, last] = all.equal_range(hash_of(device));
  const auto found =
      std::find_if(first, last, [device](const auto& each) { return each.second.id == device; });
  return found == last ? all.end() : found;
}

}  // namespace

const Watched* Supervision::find(std::string_view device) const {
  const auto found = place_in(watched_, device);
  return found == watched_.end() ? nullptr : &found->second;
}

Watched* Supervision::found(std::string_view device) {
  const auto found = place_in(watched_, device);
  return found == watched_.end() ? nullptr : &found->second;
}

Watched* Supervision::watch(std::string_view device, SteadyTime now) {
  if (Watched* const known = found(device)) return known;
  Watched made;
  made.id = device;
  made.heard = made.written = now;
  const auto fixed = rules_.fixed.find(std::string(device));
  if (fixed != rules_.fixed.end()) made.fixed = short_seconds(fixed->second);
  if (!made.fixed && watched_.size() >= most_ + rules_.fixed.size()) return nullptr;
  made.order = ++given_;
  return &watched_.emplace(hash_of(device), std::move(made))->second;
}

void Supervision::use(SupervisionRules rules, SteadyTime now) {
  rules_ = std::move(rules);
  for (const auto& [device, interval] : rules_.fixed) (void)watch(device, now);
  for (auto& [hash, watched] : watched_) {
    const auto fixed = rules_.fixed.find(std::string(watched.id));
    watched.fixed.reset();
    if (fixed != rules_.fixed.end()) watched.fixed = short_seconds(fixed->second);
    if (!rules_.learns) watched.learned = ShortSeconds{0};
    // Another time to wait begins now, with what has passed of it.
    const bool is_watched = watched.expected().count() > 0 && !watched.was_silent;
    schedule(watched,
             is_watched ? std::max(now, watched.heard + allowance(watched)) : SteadyTime::max());
  }
}

void Supervision::know(const Device& device, SteadyTime now) {
  latest_ = now;
  Watched* const watched = watch(device.id, now);
  if (watched == nullptr) return;
  const auto before = watched->expected();
  watched->entered.reset();
  if (device.expected) watched->entered = short_seconds(*device.expected);
  // A row that is kept here does not have what is learnt from any more.
  const bool is_recalled = watched->radio != nullptr || watched->gaps.any();
  if (device.habit && !watched->was_heard && !is_recalled) {
    watched->learned = short_seconds(rules_.learns ? device.habit->learned : seconds{0});
    watched->gaps = LearnedInterval(device.habit->learning);
    radios_.recall(*watched, *device.habit);
  }
  if (watched->expected() == before || watched->expected().count() == 0) return;
  schedule(*watched, now + allowance(*watched));
}

void Supervision::forget(std::string_view device) {
  const auto gone = place_in(watched_, device);
  if (gone == watched_.end() || gone->second.fixed) return;
  schedule(gone->second, SteadyTime::max());
  radios_.leave(gone->second);
  watched_.erase(gone);
}

void Supervision::recall_silent(std::string_view device) {
  if (Watched* const watched = found(device)) watched->was_silent = true;
}

bool Supervision::learn(Watched& watched, SteadyDuration gap, SteadyTime now) {
  // One silence is no habit; who is silent again and again takes it up by and by.
  if (watched.expected().count() > 0) gap = std::min<SteadyDuration>(gap, allowance(watched));
  if (watched.gaps.add(std::chrono::duration_cast<std::chrono::milliseconds>(gap))) {
    const auto interval = short_seconds(watched.gaps.interval().value_or(seconds{0}));
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
      Watched* const said = found(observation.device);
      if (said != nullptr && observation.state == DeclaredState::fault) said->is_off_line = true;
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
  if (watched->timer.due == SteadyTime::max() && wait.count() > 0) schedule(*watched, now + wait);
  if (is_news) watched->written = now;
  return {is_news, nullptr};
}

void Supervision::notice(std::string_view device, SteadyTime now, bool at_once) {
  Watched* const known = found(device);
  if (known == nullptr) return;
  Watched& watched = *known;
  watched.heard = now;
  watched.is_off_line = watched.was_silent = false;
  watched.was_heard = true;
  radios_.hear(watched, now);
  if (watched.expected().count() == 0) return;
  if (at_once) return schedule(watched, now);
  if (watched.timer.due == SteadyTime::max()) schedule(watched, now + allowance(watched));
}

std::shared_ptr<const Habit> Supervision::habit_of(const Watched& watched) {
  Habit habit;
  habit.learned = watched.learned;
  if (watched.radio != nullptr) habit.radio = watched.radio->name;
  if (watched.broker != nullptr) habit.broker = watched.broker->name;
  return habits_.one(std::move(habit));
}

SharedDevice Supervision::as_kept(const SharedDevice& row) {
  if (!row->habit) return row;
  Habit habit = *row->habit;
  habit.learning.clear();
  auto kept = std::make_shared<Device>(*row);
  kept->habit = habits_.one(std::move(habit));
  return kept;
}

SharedDevice Supervision::as_written(const SharedDevice& row) const {
  const Watched* const watched = row->habit ? find(row->id) : nullptr;
  if (watched == nullptr || !watched->gaps.any()) return row;
  auto habit = std::make_shared<Habit>(*row->habit);
  habit->learning = watched->gaps.text();
  auto written = std::make_shared<Device>(*row);
  written->habit = std::move(habit);
  return written;
}

std::optional<SteadyTime> Supervision::next_due() const {
  const auto radio = radios_.next_due();
  const Watched* const first = timers_.first();
  if (first == nullptr) return radio;
  return radio ? std::min(*radio, first->timer.due) : first->timer.due;
}

Watched* Supervision::due_device(SteadyTime now) const {
  Watched* const first = timers_.first();
  return first == nullptr || first->timer.due > now ? nullptr : first;
}

}  // namespace watchpost::rules
