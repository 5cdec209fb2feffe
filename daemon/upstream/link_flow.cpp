#include "upstream/link_flow.hpp"

#include <algorithm>

namespace watchpost::upstream {
namespace {

// One slot is for the gateway's own state; one keeps us below Paho's own limit.
constexpr std::size_t kSlotsKeptFree = 2;

// The most publications of records that may be under way.
std::size_t most_under_way(const LinkTerms& terms, std::size_t window) {
  const std::size_t most = terms.receive_maximum;
  return std::min(most > kSlotsKeptFree ? most - kSlotsKeptFree : 1, window);
}

}  // namespace

void LinkFlow::link_up(const LinkTerms& terms, Since since) {
  terms_ = terms;
  flows_from_ = since.flows_from;
  const ForwarderOptions& forwarding = options_.forwarding;
  Pace::Limits events = Pace::kEvents;
  events.first = options_.first_window;
  events.most = most_under_way(terms, forwarding.window) * forwarding.batch_events;
  pace_ = {Pace(events), Pace(Pace::kBytes)};
  rate_.start_empty(since.now);
  has_answered_ = false;
  is_open_ = true;
}

void LinkFlow::link_lost() {
  outstanding_.clear();
  is_open_ = false;
}

LinkFlow::Window LinkFlow::window() const {
  return {most_under_way(terms_, options_.forwarding.window), pace_.events.window()};
}

bool LinkFlow::may_send() const {
  const std::size_t most = std::max<std::size_t>(terms_.receive_maximum, 2) - 1;
  return is_open_ && outstanding_.size() < most;
}

std::size_t LinkFlow::answered(PublishToken token, SteadyTime now) {
  const std::size_t events = outstanding_.events();
  const std::size_t bytes = outstanding_.bytes();
  const auto sent = outstanding_.answered(token, now);
  if (sent) {
    pace_.events.answered(
        {.sent = sent->at, .now = now, .amount = sent->events, .under_way = events});
    pace_.bytes.answered({.sent = sent->at, .now = now, .amount = sent->bytes, .under_way = bytes});
  }
  has_answered_ = true;
  return sent ? sent->bytes : 0;
}

void LinkFlow::tell(UplinkStatus& status, SteadyTime now) const {
  if (const auto oldest = outstanding_.oldest()) status.oldest_unacknowledged = now - *oldest;
}

}  // namespace watchpost::upstream
