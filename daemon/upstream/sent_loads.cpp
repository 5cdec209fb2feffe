#include "upstream/sent_loads.hpp"

#include <algorithm>

namespace watchpost::upstream {

void SentLoads::add(PublishToken token, Seq seq) {
  loads_.push_back({{token, seq, seq}, State::waiting, {}});
  ++waiting_;
  ++waiting_events_;
}

void SentLoads::join(Seq seq) {
  loads_.back().last = seq;
  ++loads_.back().events;
  ++waiting_events_;
}

void SentLoads::clear() {
  loads_.clear();
  waiting_ = waiting_events_ = 0;
}

SentLoads::Position SentLoads::waiting_with(PublishToken token) {
  const auto sent = find_token(loads_, token);
  return sent != loads_.end() && sent->state == State::waiting ? sent : loads_.end();
}

SentLoads::Position SentLoads::condemned_with(Seq seq) {
  return std::find_if(loads_.begin(), loads_.end(), [seq](const Sent& each) {
    return each.last == seq && each.state == State::condemned;
  });
}

void SentLoads::answered(const Sent& sent) {
  --waiting_;
  waiting_events_ -= sent.events;
}

bool SentLoads::has(State state) const {
  return std::any_of(loads_.begin(), loads_.end(),
                     [state](const Sent& each) { return each.state == state; });
}

std::optional<Load> SentLoads::oldest_unanswered() const {
  for (const Sent& sent : loads_) {
    if (sent.state == State::waiting) return sent;
  }
  return std::nullopt;
}

}  // namespace watchpost::upstream
