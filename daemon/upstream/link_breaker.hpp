// LinkBreaker: finds the record that breaks each link it is sent over.
// Why: a 3.1.1 broker has no other answer to what is too large for it, a broker may fall over a
// payload, and a link may be too slow for a large event before keep alive ends it. Each time the
// same record is sent first and breaks the next link, and nothing behind it ever arrives.
// Promise: after `kSuspicious` links in a row that broke over the same oldest unanswered record,
// one record goes at a time; if two more break with nothing but that one unanswered, on links whose
// broker had answered before, it is convicted. A second conviction in its class without anything of
// the class taken in between says that the class is refused, not the record: then the class waits.
// A dead network convicts nobody: there nothing was answered. Pure. Used by Uplink, on the I/O
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "upstream/forwarder.hpp"

namespace watchpost::upstream {

class LinkBreaker {
 public:
  static constexpr int kSuspicious = 3;
  static constexpr int kConvicted = kSuspicious + 2;

  // A link that stood is gone, by no wish of ours; `oldest`: the record sent first of those without
  // an answer. `answered`: whether the broker had answered anything over it.
  void link_lost(const std::optional<Forwarder::Place>& oldest, bool answered) {
    if (!oldest) return;
    if (!is_suspect(*oldest)) {
      suspect_ = oldest;
      strikes_ = 0;
    }
    // What broke while others were under way, or unheard, is no proof.
    if (strikes_ < kSuspicious || answered) ++strikes_;
  }
  // One was taken.
  void accepted(EventClass event_class, Seq seq) {
    convicted_[index_of(event_class)] = false;
    // A later one of its class: it was taken some other way, or is no more.
    if (suspect_ && suspect_->event_class == event_class && seq >= suspect_->seq) acquit();
  }

  // Two links in a row broke over it: if it goes in a batch, that is at fault perhaps.
  [[nodiscard]] std::optional<Forwarder::Place> suspect() const {
    return strikes_ > 1 ? suspect_ : std::nullopt;
  }
  // One record at a time, so that there is no doubt which it is.
  [[nodiscard]] bool one_at_a_time() const { return strikes_ >= kSuspicious; }

  enum class Judgement : std::uint8_t { send, set_aside, class_waits };
  // Asked before each record is sent. A convict stays one, over other links too, until `parted`; a
  // class that waited is sent again.
  [[nodiscard]] Judgement judge(const Forwarder::Place& place) {
    const std::size_t i = index_of(place.event_class);
    if (convicts_[i] == place.seq) return Judgement::set_aside;
    if (strikes_ < kConvicted || !is_suspect(place)) return Judgement::send;
    acquit();
    if (convicted_[i]) return Judgement::class_waits;
    convicts_[i] = place.seq;
    return Judgement::set_aside;
  }
  // It was set aside, or is no more.
  void parted(EventClass event_class, Seq seq) {
    const std::size_t i = index_of(event_class);
    if (convicts_[i] != seq) return;
    convicts_[i] = Seq{};
    convicted_[i] = true;
  }

 private:
  [[nodiscard]] bool is_suspect(const Forwarder::Place& place) const {
    return suspect_ && suspect_->event_class == place.event_class && suspect_->seq == place.seq;
  }
  void acquit() {
    suspect_.reset();
    strikes_ = 0;
  }

  std::optional<Forwarder::Place> suspect_;
  int strikes_ = 0;
  PerClass<Seq> convicts_{};    // 0 where there is none: to be set aside
  PerClass<bool> convicted_{};  // one was set aside, and nothing of its class was taken since
};

}  // namespace watchpost::upstream
