#include "upstream/own_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/event_id.hpp"
#include "model/gateway.hpp"
#include "model/trouble_catalogue.hpp"
#include "upstream/refusal.hpp"

namespace watchpost::upstream {
namespace {

using Part = PresencePlan::Part;

Trouble given_up(Part part, const UplinkBasis& basis) {
  const auto upstream = arg<"upstream">(basis.options.name);
  switch (part) {
    case Part::will:
      return trouble<TroubleCode::upstream_without_will>(upstream);
    case Part::retained:
      return trouble<TroubleCode::upstream_without_retained>(upstream);
    case Part::presence:
      break;
  }
  return trouble<TroubleCode::upstream_without_presence>(
      upstream, arg<"topic">(basis.context.gateway.topics().state()));
}

}  // namespace

Will OwnState::will(std::uint64_t link) {
  news_ = {};
  news_.state = LinkState::offline;
  news_.link = link;
  const StateOffer offer = plan_.offer();
  if (!offer.will) return {};
  return {basis_.context.gateway.topics().state(), online_event(basis_.context, news_),
          offer.presence == Presence::retained};
}

void OwnState::link_up(const LinkTerms& terms) {
  plan_.connected(terms.retain_available);
  say_news();
}

void OwnState::link_ended(const Ended& link) {
  const bool was_refused = std::exchange(refused_here_, false);
  plan_.ended({link.end, link.stood, link.first || was_refused, link.held});
  is_old_ = false;
  say_news();
}

void OwnState::say_news() {
  while (const auto part = plan_.take_news()) watchpost::tell(basis_.log, given_up(*part, basis_));
}

void OwnState::tell(UplinkStatus& status) const {
  status.state_refused = refused_;
  for (const Part part : {Part::will, Part::retained, Part::presence}) {
    if (plan_.is_given_up(part)) status.given_up.push_back(given_up(part, basis_));
  }
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
  publication.topic = basis_.context.gateway.topics().state();
  publication.content_type = kEventContentType;
  publication.payload = online_event(basis_.context, news_);
  publication.retain = terms.retain_available && is_retained();
  return publication;
}

void OwnState::answered(ReasonCode code, LinkLife& life, SteadyTime now) {
  const std::string& topic = basis_.context.gateway.topics().state();
  refused_here_ = is_failure(code);
  if (!is_failure(code)) {
    life.accepted(topic);
    refused_.reset();
    plan_.state_taken();
    return say_news();
  }
  life.refused(topic, byte_of(code), now);
  std::optional<Trouble> told = trouble<TroubleCode::upstream_refuses_state>(
      arg<"upstream">(basis_.options.name), arg<"topic">(topic),
      arg<"code">(fmt::format("0x{:02X}, {}", byte_of(code), refusal_of(code).meaning)));
  if (std::exchange(refused_, told) == told) return;
  watchpost::tell(basis_.log, *told);
}

}  // namespace watchpost::upstream
