#include "protocol/retained_messages.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::protocol {
namespace {

// What one takes besides its texts: the node of the map and the publication.
constexpr std::size_t kEachRetained = 256;

constexpr std::size_t kUsualTopic = 64;  // bytes

std::size_t memory_of(const LocalMessage& one) {
  return kEachRetained + 2 * one.topic.size() + one.payload.size() + one.properties.size();
}

// The levels before the first wildcard: all that match begin with them.
std::string_view fixed_part(std::string_view filter) {
  const auto wildcard = filter.find_first_of("+#");
  if (wildcard == std::string_view::npos) return filter;
  const auto part = filter.substr(0, wildcard);
  // "a/#" stands for "a" too.
  return part.ends_with('/') ? part.substr(0, part.size() - 1) : part;
}

}  // namespace

RetainedMessages::Verdict RetainedMessages::weigh(const LocalMessage& publication) const {
  const auto found = kept_.find(publication.topic);
  const bool is_known = found != kept_.end();
  const bool may_change = topics_under_way_.find(publication.topic) != topics_under_way_.end();
  if (publication.payload.empty()) {
    return is_known || may_change ? Verdict::changes : Verdict::unchanged;
  }
  if (is_known && !may_change) {
    const LocalMessage& old = *found->second;
    const bool same =
        old.payload == publication.payload && old.qos == publication.qos &&
        old.properties == publication.properties && old.publisher == publication.publisher &&
        old.expires_at == SteadyTime::max() && publication.expires_at == SteadyTime::max();
    if (same) return Verdict::unchanged;
  }
  const std::size_t freed = is_known ? memory_of(*found->second) : 0;
  const bool fits = bytes_ - freed + memory_of(publication) <= limits_.most_bytes.value &&
                    (is_known || kept_.size() < limits_.most);
  return fits ? Verdict::changes : Verdict::no_room;
}

void RetainedMessages::end(std::uint64_t number) {
  const auto at = under_way_.find(number);
  WATCHPOST_INVARIANT(at != under_way_.end());
  const auto topic = topics_under_way_.find(at->second);
  if (--topic->second == 0) topics_under_way_.erase(topic);
  under_way_.erase(at);
}

void RetainedMessages::keep(SharedLocalMessage publication) {
  if (weigh(*publication) != Verdict::changes) return;
  const auto found = kept_.find(publication->topic);
  if (found != kept_.end()) {
    bytes_ -= memory_of(*found->second);
    kept_.erase(found);
  }
  if (publication->payload.empty()) return;
  bytes_ += memory_of(*publication);
  std::string topic = publication->topic;
  kept_.emplace(std::move(topic), std::move(publication));
}

std::vector<SharedLocalMessage> RetainedMessages::match(const TopicFilter& filter, SteadyTime now,
                                                        std::size_t most,
                                                        std::size_t& effort) const {
  std::vector<SharedLocalMessage> matches;
  const auto fixed = fixed_part(filter.text());
  for (auto at = kept_.lower_bound(fixed); at != kept_.end() && matches.size() < most; ++at) {
    if (!at->first.starts_with(fixed)) break;
    // Comparing takes as long as the topic is.
    effort -= std::min(effort, 1 + at->first.size() / kUsualTopic);
    if (effort == 0) break;
    if (at->second->expires_at <= now || !filter.matches(at->first)) continue;
    matches.push_back(at->second);
  }
  if (!filter.text().starts_with('$')) return matches;
  for (const auto& [topic, publication] : told_) {
    if (filter.matches(topic) && matches.size() < most) matches.push_back(publication);
  }
  return matches;
}

}  // namespace watchpost::protocol
