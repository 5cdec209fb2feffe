#include "upstream/second_chances.hpp"

#include <iterator>

namespace watchpost::upstream {
namespace {

constexpr std::chrono::minutes kAtMostEvery{10};
constexpr std::chrono::hours kOnStandingLink{1};

}  // namespace

void SecondChances::link_up(SteadyTime now) {
  linked_ = true;
  refused_here_.clear();
  if (!begun_at_ || now - *begun_at_ >= kAtMostEvery) begin(now);
}

void SecondChances::link_lost() {
  linked_ = false;
  under_way_ = false;
  discard_answer_ = reading_;
  page_.clear();
  offer_.reset();
  token_.reset();
}

void SecondChances::look(SteadyTime now) {
  const auto due = next_round();
  if (due && *due <= now) begin(now);
}

std::optional<SteadyTime> SecondChances::next_round() const {
  if (!linked_ || under_way_ || !begun_at_) return std::nullopt;
  return *begun_at_ + kOnStandingLink;
}

void SecondChances::begin(SteadyTime now) {
  begun_at_ = now;
  under_way_ = true;
  refused_here_.clear();
}

void SecondChances::refused_just_now(EventClass event_class, Seq seq) {
  refused_here_.emplace(event_class, seq);
}

std::optional<std::uint64_t> SecondChances::next_read() {
  if (!under_way_ || reading_ || offer_ || !page_.empty()) return std::nullopt;
  reading_ = true;
  return after_;
}

void SecondChances::answered(Result<std::vector<spool::SetAside>> answer) {
  reading_ = false;
  if (std::exchange(discard_answer_, false) || !under_way_) return;
  if (answer.has_error() || answer->empty()) {
    // The round is over; what could not be read has its turn in the next one.
    under_way_ = false;
    if (answer.has_value()) after_ = 0;
    return;
  }
  page_.assign(std::make_move_iterator(answer->begin()), std::make_move_iterator(answer->end()));
}

std::optional<spool::SetAside> SecondChances::next() {
  if (offer_) return std::nullopt;
  while (!page_.empty()) {
    spool::SetAside next = std::move(page_.front());
    page_.pop_front();
    if (next.id <= after_) continue;
    // Set before the offer, not after it: a record that costs the link is not offered first again.
    after_ = next.id;
    if (refused_here_.contains({next.record.event_class, next.record.seq})) continue;
    offer_ = Offer{next.id, next.record.event_class};
    return next;
  }
  return std::nullopt;
}

SecondChances::Offer SecondChances::take_answer() {
  token_.reset();
  return *std::exchange(offer_, std::nullopt);
}

}  // namespace watchpost::upstream
