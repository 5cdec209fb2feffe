// publishing: the words of the MQTT link (client/mqtt_link.hpp) under the names of this layer, and
// what the Reason Code of a PUBACK says about who heard the publication.
// Why: an upstream's broker may acknowledge an event although nobody has subscribed to its topic.
// Such an event is offered again later, see unheard_rounds.hpp.
// Values; any thread.
#pragma once

#include <algorithm>

#include "client/mqtt_link.hpp"

namespace watchpost::upstream {

using client::LinkTerms;
using client::Publication;
using client::PublishToken;
using client::size_of;
using client::Will;
using protocol::ReasonCode;

// MQTT 5.0 section 3.4.2.1: taken, and given to nobody; only a 5.0 broker says so.
constexpr ReasonCode kNoMatchingSubscribers = ReasonCode::no_matching_subscribers;
// Who heard what a broker has acknowledged.
enum class Hearing : std::uint8_t { somebody, nobody };
[[nodiscard]] constexpr Hearing hearing_of(ReasonCode code) {
  return code == kNoMatchingSubscribers ? Hearing::nobody : Hearing::somebody;
}

// In a list whose members have growing tokens: the member with this one, else `end`. Answers come
// in the order of the publications as a rule, so the first is tried first.
template <class List>
[[nodiscard]] auto find_token(List& list, PublishToken token) {
  if (!list.empty() && list.front().token == token) return list.begin();
  const auto found =
      std::lower_bound(list.begin(), list.end(), token,
                       [](const auto& each, PublishToken wanted) { return each.token < wanted; });
  return found != list.end() && found->token == token ? found : list.end();
}

}  // namespace watchpost::upstream
