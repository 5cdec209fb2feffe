#include "client/link_diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::client {
namespace {

// A link has to stand so many times as long as the short ones before it to count as well again: the
// other box that pushes us out waits longer from time to time.
constexpr int kLonger = 3;
constexpr std::chrono::seconds kLeastProof{1};
constexpr std::chrono::seconds kMostProof{180};

}  // namespace

void LinkDiagnosis::begin_anew() {
  over_blamed_ = short_ = 0;
  longest_ = {};
  blamed_.reset();
}

void LinkDiagnosis::connected(SteadyTime now) {
  connected_at_ = now;
  no_.reset();
  // A server that was away, or said no to our CONNECT, has let us in: that reason is over.
  if (reason_ && reason_->cause == LinkCause::told && short_ < kAgainAndAgain) reason_.reset();
}

void LinkDiagnosis::refused(SentItem item, std::uint8_t code, SteadyTime now) {
  no_ = No{std::move(item), code, now};
}

void LinkDiagnosis::accepted(const std::string& topic) {
  if (no_ && no_->item.topic == topic) no_.reset();
  const bool was_blamed = reason_ && reason_->cause == LinkCause::refused;
  if (was_blamed && reason_->item.topic == topic) reason_.reset();
}

LinkReason LinkDiagnosis::judged(const LinkEnd& end, const std::optional<SentItem>& unanswered,
                                 SteadyTime now) {
  LinkReason reason;
  reason.end = end;
  const bool is_short = connected_at_ && now - *connected_at_ < kShort;
  const bool is_unexplained = end.how == LinkEnd::How::closed || end.how == LinkEnd::How::unsaid;
  if (!is_short || !is_unexplained) {
    begin_anew();
    return reason;
  }
  longest_ = std::max(longest_, now - *connected_at_);
  if (no_ && now - no_->at <= kConsequence) {
    reason.cause = LinkCause::refused;
    reason.item = no_->item;
    reason.code = no_->code;
    return reason;
  }
  // Only ends that nothing explains may be somebody else's doing.
  ++short_;
  const bool again = unanswered && blamed_ && blamed_->is_same_as(*unanswered);
  over_blamed_ = again ? over_blamed_ + 1 : unanswered ? 1 : 0;
  blamed_ = unanswered;
  if (over_blamed_ >= kAgainAndAgain) {
    reason.cause = LinkCause::one_item;
    reason.item = *blamed_;
  } else if (unanswered && reason_ && reason_->cause == LinkCause::one_item) {
    // What it ended over before was left out of this link.
    reason.cause = LinkCause::one_item;
    reason.item = *unanswered;
  } else if (short_ >= kAgainAndAgain) {
    reason.cause = LinkCause::taken_over;
  }
  return reason;
}

bool LinkDiagnosis::ended(const LinkEnd& end, const std::optional<SentItem>& unanswered,
                          SteadyTime now) {
  const bool has_held = connected_at_ && now - *connected_at_ >= kHeld;
  reason_ = judged(end, unanswered, now);
  connected_at_.reset();
  return has_held;
}

bool LinkDiagnosis::look(SteadyTime now) {
  const auto due = due_at();
  if (!due || *due > now) return false;
  begin_anew();
  reason_.reset();
  return true;
}

std::optional<SteadyTime> LinkDiagnosis::due_at() const {
  if (!connected_at_ || !reason_) return std::nullopt;
  return *connected_at_ + std::clamp<SteadyDuration>(longest_ * kLonger, kLeastProof, kMostProof);
}

namespace {

Trouble over_one_item(const SentItem& item) {
  auto told = trouble<TroubleCode::link_one_item>(arg<"topic">(item.topic),
                                                  arg<"size">(ByteCount{item.bytes}));
  switch (item.rule) {
    case LikelyRule::unknown:
      return told;
    case LikelyRule::retained:
      return std::move(told).because(trouble<TroubleCode::rule_retained>());
    case LikelyRule::levels:
      return std::move(told).because(trouble<TroubleCode::rule_levels>(
          arg<"levels">(static_cast<std::uint64_t>(item.levels))));
    case LikelyRule::size:
      return std::move(told).because(
          trouble<TroubleCode::rule_size>(arg<"most">(ByteCount{item.most_taken})));
    case LikelyRule::topic:
      return std::move(told).because(trouble<TroubleCode::rule_topic>());
  }
  return told;
}

}  // namespace

Trouble trouble_of(const LinkReason& reason, const std::string& client_id) {
  switch (reason.cause) {
    case LinkCause::told:
      break;
    case LinkCause::refused:
      return trouble<TroubleCode::link_refused>(arg<"topic">(reason.item.topic),
                                                arg<"code">(fmt::format("0x{:02X}", reason.code)));
    case LinkCause::taken_over:
      if (reason.end.how == LinkEnd::How::unsaid) {
        return trouble<TroubleCode::paho_link_keeps_ending>(arg<"client">(client_id));
      }
      return trouble<TroubleCode::link_taken_over>(arg<"client">(client_id));
    case LinkCause::one_item:
      return over_one_item(reason.item);
  }
  return cause_of(reason.end.failure);
}

std::string sentence_of(const LinkReason& reason, const std::string& client_id) {
  if (reason.cause == LinkCause::told) return reason.end.failure.sentence();
  return watchpost::sentence_of(trouble_of(reason, client_id), Language::english);
}

}  // namespace watchpost::client
