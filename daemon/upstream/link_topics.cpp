#include "upstream/link_topics.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::upstream {

std::vector<std::string> LinkTopics::take_due(SteadyTime now) {
  if (!asked_.empty()) return {};
  if (std::exchange(wants_receipts_, false)) asked_.push_back(by_.receipts.topic());
  if (by_.inbox.must_subscribe(now)) {
    by_.inbox.asked();
    asked_.push_back(by_.inbox.topic());
  }
  return asked_;
}

// Where a server refuses all of them, one code may stand for all.
void LinkTopics::subscribed(std::span<const ReasonCode> codes, SteadyTime now) {
  const auto asked = std::exchange(asked_, {});
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const ReasonCode code = i < codes.size() ? codes[i] : codes.front();
    if (asked[i] == by_.inbox.topic()) {
      by_.inbox.subscribed(code, now);
    } else {
      by_.receipts.subscribed(code, now);
    }
  }
}

void LinkTopics::link_ended(const LinkFlow& flow, const client::LinkEnd& end, SteadyTime now) {
  using How = client::LinkEnd::How;
  const auto first = flow.first();
  CommandInbox::Ended ended;
  ended.by_server = end.how == How::closed || end.how == How::unsaid || end.how == How::ended;
  ended.over_subscription =
      first && first->token == by_.receipts.token() &&
      std::find(asked_.begin(), asked_.end(), by_.inbox.topic()) != asked_.end();
  ended.over_answer = first && first->token == by_.inbox.token();
  by_.inbox.link_ended(ended, now);
}

std::optional<client::SentItem> LinkTopics::first_unanswered(const LinkFlow& flow) const {
  const auto first = flow.first();
  if (!first) return std::nullopt;
  if (first->token == by_.inbox.token())
    return client::SentItem{by_.inbox.result_topic(), 0, first->bytes};
  if (first->token == by_.receipts.token() && !asked_.empty())
    return client::SentItem{asked_.back(), 0, first->bytes};
  return std::nullopt;
}

}  // namespace watchpost::upstream
