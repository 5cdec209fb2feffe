#include "upstream/own_state.hpp"

#include <algorithm>

#include "model/event_id.hpp"
#include "model/gateway.hpp"
#include "upstream/refusal.hpp"

namespace watchpost::upstream {

Will OwnState::will(std::uint64_t link) {
  news_ = {};
  news_.state = LinkState::offline;
  news_.link = link;
  return {online_topic(basis_.context.gateway), online_event(basis_.context, news_)};
}

Publication OwnState::publication(LinkState state, const spool::SpoolStatus& spool,
                                  const LinkTerms& terms) {
  is_old_ = false;
  news_.state = state;
  ++news_.number;
  news_.first = spool.first;
  for (const EventClass event_class : kEventClasses) {
    const auto i = index_of(event_class);
    news_.oldest[i] = basis_.lane(event_class).cursor().next();
    // Relayed records at the end of the log use numbers of ours too, and no event has told the
    // upstream so yet.
    if (spool.relayed[i] > Seq{}) news_.oldest[i] = std::min(news_.oldest[i], spool.relayed[i]);
  }
  token_ = basis_.forwarder.draw_token();
  Publication publication;
  publication.token = token_;
  publication.topic = online_topic(basis_.context.gateway);
  publication.content_type = kEventContentType;
  publication.payload = online_event(basis_.context, news_);
  publication.retain = terms.retain_available;
  return publication;
}

void OwnState::answered(ReasonCode code, LinkLife& life, SteadyTime now) const {
  if (!is_failure(code)) return;
  const std::string topic = online_topic(basis_.context.gateway);
  life.refused(topic, code.value, now);
  basis_.log.warning("Upstream {} refuses the gateway's own state (0x{:02X}, {}). Allow {} there",
                     basis_.options.name, code.value, refusal_of(code).meaning, topic);
}

}  // namespace watchpost::upstream
