#include "villages/mirrors.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace watchpost::villages {

std::vector<const Mirror*> open_alarms(const Village& village) {
  std::vector<const Mirror*> open;
  open.reserve(village.open);
  for (const auto& [number, mirror] : village.alarms) {
    if (mirror.open) open.push_back(&mirror);
  }
  std::sort(open.begin(), open.end(), [](const Mirror* a, const Mirror* b) {
    const auto rank = [](const Mirror& mirror) {
      const auto level = alarm_level_from(mirror.level).value_or(AlarmLevel::red);
      // A state of a later version stands with those that are waited for: it may be one.
      const auto state = alarm_state_from(mirror.state).value_or(AlarmState::unack);
      return std::tuple(how_waited_for(state), level, mirror.number.serial.value,
                        mirror.number.epoch);
    };
    return rank(*a) > rank(*b);
  });
  return open;
}

void Mirrors::hear(const VillageWord& word, WallTime at, Source source) {
  auto found = villages_.find(word.gateway);
  if (found == villages_.end()) {
    if (villages_.size() == kMostVillages) {
      if (word.alarm) ++beyond_;
      return;
    }
    found = villages_.emplace(word.gateway, Village{}).first;
  }
  Village& village = found->second;
  village.prefix = word.prefix;
  village.heard = std::max(village.heard, at);
  if (source == Source::live) village.connected = word.connected.value_or(true);
  if (word.alarm) put(found->first, village, *word.alarm);
}

void Mirrors::put(const std::string& gateway, Village& village, const Mirror& mirror) {
  const auto known = village.alarms.find(mirror.number);
  const bool was_open = known != village.alarms.end() && known->second.open;
  if (known != village.alarms.end()) {
    if (known->second.transition >= mirror.transition) return;
    known->second = mirror;
  } else {
    if (mirror.open && open_ >= kMostOpen) {
      ++beyond_;
      return;
    }
    village.alarms.emplace(mirror.number, mirror);
  }
  if (mirror.open && !was_open) ++open_, ++village.open;
  if (!mirror.open && was_open) --open_, --village.open;
  if (mirror.open) return;
  closed_.push_back({gateway, mirror.number});
  forget_closed();
}

void Mirrors::forget_closed() {
  while (closed_.size() > kMostClosed) {
    const Closed oldest = std::move(closed_.front());
    closed_.pop_front();
    const auto village = villages_.find(oldest.gateway);
    if (village == villages_.end()) continue;
    const auto alarm = village->second.alarms.find(oldest.number);
    if (alarm != village->second.alarms.end() && !alarm->second.open)
      village->second.alarms.erase(alarm);
  }
}

const Village* Mirrors::find(std::string_view gateway) const {
  const auto found = villages_.find(gateway);
  return found == villages_.end() ? nullptr : &found->second;
}

const Mirror* Mirrors::find(const Village& village, AlarmNumber number) const {
  const Mirror* newest = nullptr;
  for (const auto& [known, mirror] : village.alarms) {
    if (known.serial != number.serial) continue;
    if (number.epoch != 0 && known.epoch != number.epoch) continue;
    const bool is_newer = newest == nullptr || (mirror.open && !newest->open) ||
                          (mirror.open == newest->open && mirror.since > newest->since);
    if (is_newer) newest = &mirror;
  }
  return newest;
}

void Mirrors::for_each(
    const std::function<void(const std::string& gateway, const Village&)>& see) const {
  for (const auto& [gateway, village] : villages_) see(gateway, village);
}

}  // namespace watchpost::villages
