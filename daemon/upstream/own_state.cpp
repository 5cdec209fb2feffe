#include "upstream/own_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/event_id.hpp"
#include "model/gateway.hpp"
#include "model/trouble_catalogue.hpp"
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

void OwnState::answered(ReasonCode code, LinkLife& life, SteadyTime now) {
  const std::string topic = online_topic(basis_.context.gateway);
  if (!is_failure(code)) {
    life.accepted(topic);
    refused_.reset();
    return;
  }
  life.refused(topic, byte_of(code), now);
  std::optional<Trouble> told = trouble<TroubleCode::upstream_refuses_state>(
      arg<"upstream">(basis_.options.name), arg<"topic">(topic),
      arg<"code">(fmt::format("0x{:02X}, {}", byte_of(code), refusal_of(code).meaning)));
  if (std::exchange(refused_, told) == told) return;
  watchpost::tell(basis_.log, *told);
}

}  // namespace watchpost::upstream
