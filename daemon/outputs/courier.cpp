#include "outputs/courier.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace watchpost::outputs {

void Courier::want(const Wanted& wanted) {
  Entry& entry = entries_[wanted.number];
  if (entry.waiting_since != wanted.waiting_since) {
    entry = {};
    entry.waiting_since = wanted.waiting_since;
  }
  if (entry.stage != wanted.stage) entry.attempts = 0;
  entry.stage = wanted.stage;
  entry.level = wanted.level;
  if (entry.sort.empty()) entry.sort = wanted.sort;
  if (wanted.is_told) entry.accepted = std::max(entry.accepted.value_or(0), wanted.stage);
  entry.is_seen = true;
}

void Courier::end() {
  for (auto each = entries_.begin(); each != entries_.end();)
    each = std::exchange(each->second.is_seen, false) ? std::next(each) : entries_.erase(each);
}

std::uint32_t Courier::for_digests() const {
  return std::min(kForDigests, terms_.per_minute / 3);
}

std::uint32_t Courier::sent_in_minute(SteadyTime now) const {
  return static_cast<std::uint32_t>(std::count_if(
      sent_.begin(), sent_.end(), [now](SteadyTime at) { return now < at + kMinute; }));
}

bool Courier::is_new_sort(const Entry& entry, SteadyTime now) const {
  const auto found = sorts_.find(entry.sort);
  return found == sorts_.end() || now >= found->second + kMinute;
}

bool Courier::may_go_alone(const Entry& entry, SteadyTime now) const {
  const std::uint32_t sent = sent_in_minute(now);
  if (is_new_sort(entry, now) && sent < terms_.per_minute + kForNewSorts) return true;
  return sent + for_digests() < terms_.per_minute;
}

bool Courier::may_go_together(SteadyTime now) const {
  return sent_in_minute(now) < terms_.per_minute &&
         (!last_digest_ || now >= *last_digest_ + kDigestEvery);
}

const Courier::Entry* Courier::worst(SteadyTime now) const {
  const Entry* found = nullptr;
  for (const auto& each : entries_) {
    const Entry& entry = each.second;
    if (!entry.is_pending()) continue;
    if (found == nullptr || rank(*found, now) < rank(entry, now)) found = &entry;
  }
  return found;
}

std::vector<Courier::Place> Courier::pending(SteadyTime now) {
  std::vector<Place> all;
  for (auto each = entries_.begin(); each != entries_.end(); ++each) {
    if (each->second.is_pending()) all.push_back(each);
  }
  std::stable_sort(all.begin(), all.end(), [this, now](const Place& a, const Place& b) {
    return rank(a->second, now) > rank(b->second, now);
  });
  return all;
}

std::optional<Courier::Message> Courier::next(SteadyTime now) {
  if (under_way_ || now < not_before_) return std::nullopt;
  while (!sent_.empty() && now >= sent_.front() + kMinute) sent_.pop_front();
  const Entry* const first = worst(now);
  if (first == nullptr) return std::nullopt;
  const bool is_alone = may_go_alone(*first, now);
  if (!is_alone && !may_go_together(now)) return std::nullopt;
  std::vector<Place> all = pending(now);
  all.resize(is_alone ? 1 : std::min(all.size(), kMostTogether));
  Message message;
  for (const auto& one : all) {
    Entry& entry = one->second;
    message.alarms.push_back({one->first, entry.stage, entry.waiting_since, ++entry.attempts});
  }
  if (message.is_digest()) last_digest_ = now;
  sent_.push_back(now);
  under_way_ = message;
  return message;
}

void Courier::done(bool is_accepted, const Tried& tried) {
  const SteadyTime now = tried.now;
  const auto message = std::exchange(under_way_, std::nullopt);
  if (!is_accepted) {
    if (!failing_since_) failing_since_ = now;
    not_before_ = now + backoff_.next(tried.random);
    return;
  }
  failing_since_.reset();
  backoff_.reset();
  not_before_ = {};
  for (const Message::Alarm& one : message->alarms) {
    const auto found = entries_.find(one.number);
    if (found == entries_.end() || found->second.waiting_since != one.waiting_since) continue;
    found->second.accepted = one.stage;
    sorts_.insert_or_assign(found->second.sort, now);
  }
}

std::optional<SteadyTime> Courier::due_at(SteadyTime now) const {
  if (under_way_) return std::nullopt;
  const Entry* const first = worst(now);
  if (first == nullptr) return std::nullopt;
  if (now < not_before_) return not_before_;
  if (may_go_alone(*first, now) || may_go_together(now)) return now;
  SteadyTime due = sent_.empty() ? now : sent_.front() + kMinute;
  if (last_digest_ && sent_in_minute(now) < terms_.per_minute)
    due = std::min(due, *last_digest_ + kDigestEvery);
  return due;
}

std::size_t Courier::waiting() const {
  return static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(), [](const auto& one) { return one.second.is_pending(); }));
}

}  // namespace watchpost::outputs
