#include "simulator/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "model/alarm_state.hpp"

namespace watchpost::simulator {
namespace {

// Far more than the gateways and classes of one upstream broker. Events of further gateways and
// classes are not checked for gaps, so that memory stays bounded whatever somebody publishes there.
constexpr std::size_t kMostSequences = 4'096;

// FNV-1a, 64 bits, over `text` and a byte that marks its end.
std::uint64_t hash(std::uint64_t state, std::string_view text) {
  for (const char c : text) {
    state ^= static_cast<unsigned char>(c);
    state *= 0x100000001B3ULL;
  }
  return (state ^ 0xFFU) * 0x100000001B3ULL;
}

}  // namespace

MessageKey key_of(const MessageText& message) {
  const std::string payload = as_in_event(message.payload);
  return MessageKey{hash(hash(0xCBF29CE484222325ULL, message.topic), payload),
                    hash(hash(0x9E3779B97F4A7C15ULL, message.topic), payload)};
}

bool SeenNumbers::add(std::uint64_t number) {
  auto after = ranges_.upper_bound(number);
  if (after != ranges_.begin()) {
    const auto before = std::prev(after);
    if (number <= before->second) return false;
    if (number == before->second + 1) {
      before->second = number;
      if (after != ranges_.end() && after->first == number + 1) {
        before->second = after->second;
        ranges_.erase(after);
      }
      return true;
    }
  }
  if (after != ranges_.end() && after->first == number + 1) {
    const auto last = after->second;
    ranges_.erase(after);
    ranges_.emplace(number, last);
    return true;
  }
  ranges_.emplace(number, number);
  return true;
}

std::uint64_t SeenNumbers::missing() const {
  std::uint64_t sum = 0;
  std::uint64_t expected = 0;
  for (const auto& [first, last] : ranges_) {
    if (expected != 0) sum += first - expected;
    expected = last + 1;
  }
  return sum;
}

void Accounts::published(const Published& published, SteadyTime now) {
  ++totals_.published;
  const bool at_0 = published.qos == Qos::at_most_once;
  if (at_0) ++totals_.published_at_0;
  // A message at QoS 0 is never acknowledged, so its entry could stay for ever: it is entered only
  // while there is room.
  if (at_0 && open_.size() >= kMostOpen / 2) return;
  Entry entry;
  entry.key = key_of({published.topic, published.payload});
  entry.sent = now;
  entry.purpose = published.purpose;
  entry.at_0 = at_0;
  waiting_[entry.key].push_back(published.tag);
  open_.emplace(published.tag, entry);
}

std::optional<SteadyTime> Accounts::acknowledged(std::uint64_t tag, protocol::ReasonCode code) {
  const auto found = open_.find(tag);
  if (found == open_.end() || found->second.acknowledged) return std::nullopt;
  Entry& entry = found->second;
  const SteadyTime sent = entry.sent;
  if (protocol::is_failure(code)) {
    ++totals_.refused;
    forget_key(entry.key, tag);
    open_.erase(found);
    return sent;
  }
  ++totals_.acknowledged;
  entry.acknowledged = true;
  if (entry.arrived) {
    ++totals_.arrived;
    open_.erase(found);
  }
  return sent;
}

void Accounts::forget_key(const MessageKey& key, std::uint64_t tag) {
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return;
  auto& tags = found->second;
  tags.erase(std::remove(tags.begin(), tags.end(), tag), tags.end());
  if (tags.empty()) waiting_.erase(found);
}

void Accounts::arrived(std::string_view event, SteadyTime now) {
  const auto facts = read_event(event);
  if (!facts || facts->id.empty()) {
    ++totals_.unreadable;
    return;
  }
  if (!facts->sequence) return;  // the event of a gateway's link has no sequence
  const auto key = event_key_from(facts->id);
  if (!key) {
    ++totals_.unreadable;
    return;
  }
  if (is_repeat(facts->source, *key)) {
    ++totals_.repeats;
    return;
  }
  ++totals_.events;
  if (!facts->alarm_event.empty()) return count_change(*facts);
  if (facts->raw.empty()) {
    ++totals_.without_raw;
    return;
  }
  if (account_for(key_of({facts->topic, facts->raw}), now)) return;
  // A payload that is no JSON stands in the event as a JSON string.
  const auto text = text_of(facts->raw);
  if (text && account_for(key_of({facts->topic, *text}), now)) return;
  ++totals_.other_events;
}

void Accounts::count_change(const EventFacts& facts) {
  const auto event = alarm_event_from(facts.alarm_event);
  if (facts.alarm_changes == "1") ++alarm_totals_.raised;
  if (event == AlarmEvent::escalated || event == AlarmEvent::escalation_due)
    ++alarm_totals_.escalated;
  if (event == AlarmEvent::taken) ++alarm_totals_.taken;
  if (alarm_state_from(facts.alarm_state) == AlarmState::closed) ++alarm_totals_.closed;
}

bool Accounts::account_for(const MessageKey& key, SteadyTime now) {
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return false;
  const std::uint64_t tag = found->second.front();
  found->second.pop_front();
  if (found->second.empty()) waiting_.erase(found);
  const auto entry = open_.find(tag);
  if (entry == open_.end()) return false;
  const bool alarm = entry->second.purpose == EventClass::alarm;
  (alarm ? alarms_ : others_).add(now - entry->second.sent);
  entry->second.arrived = true;
  if (entry->second.acknowledged) ++totals_.arrived;
  if (entry->second.acknowledged || entry->second.at_0) open_.erase(entry);
  return true;
}

bool Accounts::is_repeat(std::string_view source, const EventKey& key) {
  const std::string name = fmt::format("{} {} {}", source, key.epoch, to_string(key.event_class));
  auto found = seen_.find(name);
  if (found == seen_.end()) {
    if (seen_.size() >= kMostSequences) return false;
    found = seen_.emplace(name, SeenNumbers{}).first;
    class_of_.emplace(name, key.event_class);
  }
  return !found->second.add(key.sequence.value);
}

std::uint64_t Accounts::missing(EventClass event_class) const {
  std::uint64_t sum = 0;
  for (const auto& [name, numbers] : seen_) {
    if (class_of_.at(name) == event_class) sum += numbers.missing();
  }
  return sum;
}

std::uint64_t Accounts::unacknowledged() const {
  return totals_.published - totals_.published_at_0 - totals_.acknowledged - totals_.refused;
}

}  // namespace watchpost::simulator
