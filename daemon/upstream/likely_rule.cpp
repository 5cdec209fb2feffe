#include "upstream/likely_rule.hpp"

namespace watchpost::upstream {
namespace {

// Eight levels (seven slashes) is what the strictest well-known server takes, AWS IoT Core.
constexpr std::size_t kCommonLevels = 8;
// Every well-known server takes so much.
constexpr std::size_t kCommonBytes = 4'096;

}  // namespace

client::LikelyRule likely_rule(const EndedOver& item, const TakenSoFar& taken) {
  using client::LikelyRule;
  if (item.retained && !taken.retained_state) return LikelyRule::retained;
  const bool took_something = taken.most_bytes > 0;
  if (!took_something && item.levels > kCommonLevels) return LikelyRule::levels;
  const bool is_largest = item.bytes > taken.most_bytes && item.bytes > kCommonBytes;
  if (is_largest && !item.is_limit_known) return LikelyRule::size;
  const bool took_its_topic =
      item.is_state ? taken.state : taken.classes[index_of(item.event_class)];
  return took_its_topic ? LikelyRule::unknown : LikelyRule::topic;
}

}  // namespace watchpost::upstream
