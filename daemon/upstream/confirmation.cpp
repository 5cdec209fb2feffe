#include "upstream/confirmation.hpp"

#include <algorithm>
#include <iterator>

namespace watchpost::upstream {

void Confirmation::sent(const Record& record) {
  if (record.seq <= sent_to_) return;
  if (record.seq > sent_to_.next()) nothing_up_to(Seq{record.seq.value - 1});
  if (runs_.empty() || runs_.back().epoch != record.epoch) {
    runs_.push_back({record.epoch, {record.seq, record.seq}});
  }
  runs_.back().range.last = sent_to_ = record.seq;
}

void Confirmation::nothing_up_to(Seq last) {
  if (last <= sent_to_) return;
  skips_[sent_to_.next()] = {last, false};
  sent_to_ = last;
}

void Confirmation::set_aside(Seq seq) {
  if (seq > at_) skips_[seq] = {seq, true};
}

const Confirmation::Run* Confirmation::run_of(const Epoch& epoch) const {
  const auto run = std::find_if(runs_.begin(), runs_.end(),
                                [&epoch](const Run& each) { return each.epoch == epoch; });
  return run == runs_.end() ? nullptr : &*run;
}

Confirmation::Belief Confirmation::hear(const Receipt& receipt, const Epoch& present) {
  const bool is_ours = run_of(receipt.epoch) != nullptr || receipt.epoch == present;
  if (receipt.sequence > std::max(sent_to_, head_)) {
    return is_ours ? Belief::beyond : Belief::foreign;
  }
  if (receipt.sequence <= at_) return is_ours ? Belief::known : Belief::foreign;
  // Since this start nothing of the receipt's epoch was sent; perhaps before an earlier start it
  // was. The receipt counts when a record of that epoch is sent and acknowledged.
  const bool may_be_earlier = receipt.sequence <= head_ && claims_.size() < kMostClaims;
  if (!is_ours && !may_be_earlier) return Belief::foreign;
  Claim& claim = claims_[receipt.epoch];
  // The latest receipt counts: a receiver that lost its store confirms less than before.
  const bool news = receipt.sequence > claim.held;
  claim.held = receipt.sequence;
  claim.sure = std::min(receipt.sequence, sent_to_);
  return news ? Belief::news : Belief::known;
}

bool Confirmation::step_over_skip() {
  const Seq next = at_.next();
  const auto after = skips_.upper_bound(next);
  if (after == skips_.begin()) return false;
  const Skip& skip = std::prev(after)->second;
  if (skip.last < next) return false;
  at_ = skip.last;
  stepped_aside_ = stepped_aside_ || skip.set_aside;
  return true;
}

Seq Confirmation::advance(Seq acknowledged) {
  while (true) {
    if (step_over_skip()) continue;
    forget_confirmed();
    if (runs_.empty()) return at_;
    const auto claim = claims_.find(runs_.front().epoch);
    if (claim == claims_.end()) return at_;
    const Seq claimed = std::max(claim->second.sure, std::min(claim->second.held, acknowledged));
    const Seq reached = std::min(claimed, runs_.front().range.last);
    if (reached <= at_) return at_;
    at_ = reached;
  }
}

void Confirmation::forget_confirmed() {
  // The newest run of one epoch stays: the next record that is sent may belong to it.
  while (runs_.size() > 1 && runs_.front().range.last <= at_) {
    claims_.erase(runs_.front().epoch);
    runs_.pop_front();
    stepped_aside_ = true;
  }
  while (!skips_.empty() && skips_.begin()->second.last <= at_) skips_.erase(skips_.begin());
}

bool Confirmation::is_skipped(Seq seq) const {
  auto next = skips_.upper_bound(seq);
  return next != skips_.begin() && std::prev(next)->second.last >= seq;
}

}  // namespace watchpost::upstream
