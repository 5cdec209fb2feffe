#include "upstream/presence_plan.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::upstream {
namespace {

using How = client::LinkEnd::How;

// Reason codes of CONNACK and DISCONNECT (MQTT 5.0 section 2.4).
constexpr std::uint8_t kTopicNameInvalid = 0x90;
constexpr std::uint8_t kPayloadFormatInvalid = 0x99;
constexpr std::uint8_t kRetainNotSupported = 0x9A;

bool is_by_server(const client::LinkEnd& end) {
  return end.how == How::closed || end.how == How::unsaid || end.how == How::ended;
}

}  // namespace

bool PresencePlan::is_left_out(Part part) const {
  return trial_ == part || (entry(part).given_up && probe_ != part);
}

StateOffer PresencePlan::offer() const {
  StateOffer offer = wanted_;
  if (is_left_out(Part::will)) offer.will = false;
  if (is_left_out(Part::retained) && offer.presence == Presence::retained) {
    offer.presence = Presence::plain;
  }
  if (is_left_out(Part::presence)) offer.presence = Presence::off;
  return offer;
}

void PresencePlan::connected(bool retain_available) {
  if (trial_ == Part::will) end_trial();
  end_probe(Part::will);
  if (offer().presence == Presence::retained && !retain_available) give_up(Part::retained, true);
}

void PresencePlan::state_taken() {
  if (trial_ == Part::retained) end_trial();
  end_probe(Part::retained);
  end_probe(Part::presence);
}

// What the end of this link accuses; nothing where it says nothing of our state.
std::optional<PresencePlan::Blame> PresencePlan::blamed(const Ended& link) const {
  const StateOffer said = offer();
  const bool is_retained = said.presence == Presence::retained;
  const std::uint8_t code = link.end.code;
  const bool has_code = link.end.how == How::refused || link.end.how == How::ended;
  if (has_code && code == kRetainNotSupported && is_retained) return Blame{Part::retained, true};
  if (!link.stood) {
    if (!said.will) return std::nullopt;
    if (has_code && (code == kPayloadFormatInvalid || code == kTopicNameInvalid)) {
      return Blame{Part::will, true};
    }
    if (link.end.how == How::closed) return Blame{Part::will};
    return std::nullopt;
  }
  if (link.held || !link.over_state || !is_by_server(link.end)) return std::nullopt;
  if (said.presence == Presence::off) return std::nullopt;
  return Blame{is_retained ? Part::retained : Part::presence};
}

void PresencePlan::ended(const Ended& link) {
  if (link.held) something_taken();
  const auto blame = blamed(link);
  const auto probe = std::exchange(probe_, std::nullopt);
  const auto trial = std::exchange(trial_, std::nullopt);
  if (blame && blame->named) return give_up(blame->part, true);
  if (probe) {
    // A state that is not taken at all is said retained again, so it is that which is blamed.
    const bool is_state = probe != Part::will && blame && blame->part != Part::will;
    if (is_state || (blame && blame->part == *probe)) entry(*probe).certain = true;
    return;
  }
  if (trial == Part::retained && blame && blame->part == Part::presence) {
    trial_ = Part::presence;
    return;
  }
  if (trial) failed_trials_ = std::min(failed_trials_ + 1, kMostDoublings);
  if (trial || !blame) {
    suspect_.reset();
    ends_ = 0;
  } else {
    ends_ = suspect_ == blame->part ? ends_ + 1 : 1;
    suspect_ = blame->part;
    if (ends_ >= kAgainAndAgain << failed_trials_) trial_ = suspect_;
  }
  if (!link.held) return;
  for (std::size_t i = 0; i < kParts; ++i) {
    if (entries_[i].given_up && !entries_[i].certain && !probe_) probe_ = static_cast<Part>(i);
  }
}

void PresencePlan::give_up(Part part, bool certain) {
  Entry& given = entry(part);
  if (!given.given_up) given.told = false;
  given.given_up = true;
  given.certain = certain;
  suspect_.reset();
  ends_ = 0;
}

void PresencePlan::end_trial() {
  if (const auto trial = std::exchange(trial_, std::nullopt)) give_up(*trial, false);
}

void PresencePlan::end_probe(Part part) {
  if (probe_ != part) return;
  probe_.reset();
  entry(part) = {};
}

std::optional<PresencePlan::Part> PresencePlan::take_news() {
  for (std::size_t i = 0; i < kParts; ++i) {
    if (!entries_[i].given_up || entries_[i].told) continue;
    entries_[i].told = true;
    return static_cast<Part>(i);
  }
  return std::nullopt;
}

}  // namespace watchpost::upstream
