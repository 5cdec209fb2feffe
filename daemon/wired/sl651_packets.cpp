#include "wired/sl651_packets.hpp"

#include <algorithm>

namespace watchpost::wired {
namespace {

constexpr int kMostAsked = 2;  // "at most 2 times"

}  // namespace

Sl651Packets::Sl651Packets(const Sl651Frame& first) : header_(first), kept_(first.packet->total) {
  header_.body.clear();
}

bool Sl651Packets::takes(const Sl651Frame& frame) const {
  if (frame.station != header_.station || frame.function != header_.function) return false;
  if (frame.ascii != header_.ascii || frame.packet->total != total()) return false;
  if (frame.packet->number != 1 || !opening_) return true;
  const auto opening = sl651_opening(frame);
  return opening && opening->serial == opening_->serial;
}

void Sl651Packets::came(const Sl651Frame& frame) {
  ++under_way_;
  if (frame.packet->number == 1) opening_ = sl651_opening(frame);
  // A packet sent again ends with ETX too.
  if (frame.ending == sl651::kEtx) all_sent_ = true;
  if (frame.packet->number == missing_) awaited_ = false;
}

void Sl651Packets::settled(std::uint16_t number, const Result<void>& outcome) {
  --under_way_;
  if (!outcome || kept_[number - 1U]) return;
  kept_[number - 1U] = true;
  ++kept_count_;
}

Sl651Packets::Next Sl651Packets::next() {
  if (kept_count_ == kept_.size()) return under_way_ == 0 ? Next::confirm : Next::wait;
  if (!all_sent_ || under_way_ != 0 || awaited_) return Next::wait;
  const auto first = std::find(kept_.begin(), kept_.end(), false);
  const auto number = static_cast<std::uint16_t>(first - kept_.begin() + 1);
  if (number != missing_) asked_ = 0;
  if (asked_ == kMostAsked) return Next::give_up;
  missing_ = number;
  awaited_ = true;
  ++asked_;
  return Next::ask;
}

}  // namespace watchpost::wired
