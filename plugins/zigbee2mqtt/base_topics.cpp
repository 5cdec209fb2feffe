#include "zigbee2mqtt/base_topics.hpp"

#include <algorithm>
#include <array>

namespace watchpost::zigbee2mqtt {
namespace {

constexpr std::string_view kUsual = "zigbee2mqtt";

bool is_below(std::string_view topic, std::string_view base) {
  return topic.size() > base.size() + 1 && topic.starts_with(base) && topic[base.size()] == '/';
}

// "home/zigbee2mqtt" of "home/zigbee2mqtt/kitchen".
std::optional<std::string_view> before_usual(std::string_view topic) {
  for (std::size_t at = 0; at < topic.size();) {
    const auto end = std::min(topic.find('/', at), topic.size());
    if (topic.substr(at, end - at) == kUsual && end + 1 < topic.size()) return topic.substr(0, end);
    at = end + 1;
  }
  return std::nullopt;
}

// The first levels of `topic`, as many as stand before "/#" in `filter`.
std::optional<std::string_view> before_rest(std::string_view topic, std::string_view filter) {
  if (!filter.ends_with("/#")) return std::nullopt;
  filter.remove_suffix(2);
  std::size_t end = 0;
  std::size_t at = 0;
  for (std::size_t from = 0; from <= filter.size();) {
    const auto filter_end = std::min(filter.find('/', from), filter.size());
    end = topic.find('/', at);
    if (end == std::string_view::npos) return std::nullopt;
    const auto level = filter.substr(from, filter_end - from);
    if (level != "+" && level != topic.substr(at, end - at)) return std::nullopt;
    from = filter_end + 1;
    at = end + 1;
  }
  if (end + 1 >= topic.size()) return std::nullopt;
  return topic.substr(0, end);
}

}  // namespace

std::optional<std::string_view> BaseTopics::of(std::string_view topic) {
  if (!given_.empty()) {
    if (!is_below(topic, given_)) return std::nullopt;
    return topic.substr(0, given_.size());
  }
  if (const auto usual = before_usual(topic)) return usual;
  if (const auto bridge = of_bridge(topic)) return bridge;
  return of_filter(topic);
}

std::optional<std::string_view> BaseTopics::of_bridge(std::string_view topic) {
  constexpr std::array<std::string_view, 4> kTopics{"/bridge/state", "/bridge/devices",
                                                    "/bridge/groups", "/bridge/info"};
  // Of two bases, one below the other, the upper: what lies below it is a device of its bridge, and
  // may call a topic of its own as it likes.
  std::string_view upper;
  for (const std::string& base : bridges_) {
    if (is_below(topic, base) && (upper.empty() || base.size() < upper.size())) upper = base;
  }
  if (!upper.empty()) return topic.substr(0, upper.size());
  for (const auto end : kTopics) {
    if (!topic.ends_with(end) || topic.size() == end.size()) continue;
    const auto base = topic.substr(0, topic.size() - end.size());
    // Bound to everything, other programs have bridges too.
    if (!of_filter(topic)) return std::nullopt;
    remember(base);
    return base;
  }
  return std::nullopt;
}

// At the bound the place of the longest goes to a shorter one: who invents bases cannot make them
// shorter than that of the bridge.
void BaseTopics::remember(std::string_view base) {
  if (bridges_.size() < kMost) {
    bridges_.emplace_back(base);
    return;
  }
  const auto longest = std::max_element(
      bridges_.begin(), bridges_.end(),
      [](const std::string& one, const std::string& other) { return one.size() < other.size(); });
  if (base.size() < longest->size()) *longest = base;
}

std::optional<std::string_view> BaseTopics::of_filter(std::string_view topic) const {
  for (const std::string& filter : filters_) {
    if (const auto base = before_rest(topic, filter)) return base;
  }
  return std::nullopt;
}

}  // namespace watchpost::zigbee2mqtt
