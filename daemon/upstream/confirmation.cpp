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

std::deque<Confirmation::Run>::const_iterator Confirmation::find_run(const Epoch& epoch) const {
  return std::find_if(runs_.begin(), runs_.end(),
                      [&epoch](const Run& each) { return each.epoch == epoch; });
}

// Where another run follows, a receipt of the one before ends at the latest with the number before
// it: a receiver may know that no more exist. What was not sent yet of an earlier start was in the
// store when this one began.
bool Confirmation::is_past_end(const Receipt& receipt, const Epoch& present) const {
  if (receipt.epoch == present) return false;
  const auto run = find_run(receipt.epoch);
  if (run == runs_.end()) return receipt.sequence > head_;
  if (std::next(run) == runs_.end()) return receipt.sequence > std::max(sent_to_, head_);
  return receipt.sequence >= std::next(run)->range.first;
}

Confirmation::Belief Confirmation::hear(const Receipt& receipt, const Epoch& present) {
  const bool is_ours = find_run(receipt.epoch) != runs_.end() || receipt.epoch == present;
  const bool is_more = is_past_end(receipt, present);
  // What this store has of that epoch is confirmed all the same.
  const Seq most = std::max(sent_to_, head_);
  const Seq named = is_more ? std::min(receipt.sequence, most) : receipt.sequence;
  if (named > most) return Belief::beyond;
  const Belief nothing_new = is_ours ? Belief::known : Belief::foreign;
  if (named <= at_) return is_more ? Belief::more : nothing_new;
  // Since this start nothing of the receipt's epoch was sent; perhaps before an earlier start it
  // was. The receipt counts when a record of that epoch is sent and acknowledged.
  if (!is_ours && claims_.size() >= kMostClaims) return is_more ? Belief::more : Belief::foreign;
  Claim& claim = claims_[receipt.epoch];
  // The latest receipt counts: a receiver that lost its store confirms less than before.
  const bool is_news = named > claim.held;
  claim.held = named;
  claim.sure = std::min(named, sent_to_);
  if (is_more) return Belief::more;
  return is_news ? Belief::news : Belief::known;
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
