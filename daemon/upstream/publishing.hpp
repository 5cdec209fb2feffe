// publishing: the words of the MQTT link (client/mqtt_link.hpp) under the names of this layer, and
// what the Reason Code of a PUBACK says about who heard the publication.
// Why: an upstream's broker may acknowledge an event although nobody has subscribed to its topic.
// Such an event is offered again later, see unheard_rounds.hpp.
// Values; any thread.
#pragma once

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

}  // namespace watchpost::upstream
