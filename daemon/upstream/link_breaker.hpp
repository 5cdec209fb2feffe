// LinkBreaker: finds the record that breaks each link it is sent over.
// Why: a 3.1.1 broker can only cut the link over a packet that is too large for it, a broker may
// crash on a payload, and a link may be so slow that keep alive ends it before a large event is
// through. Each time the same record is sent first and breaks the next link, and nothing behind it
// ever arrives.
// Promise: after `kSuspicious` links in a row that broke over the same oldest unanswered record,
// one record goes at a time; if two more links break with nothing but that one unanswered, and
// their broker had answered before, it is convicted. A second conviction in its class without
// anything of the class taken in between says that the class is refused, not the record: then the
// class waits. A dead network convicts no record: nothing was answered there. Pure. Used by
// RefusalDesk, on the I/O thread.
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
  void link_lost(const std::optional<Forwarder::RecordPlace>& oldest, bool answered) {
    if (!oldest) return;
    if (!is_suspect(*oldest)) {
      suspect_ = oldest;
      strikes_ = 0;
    }
    // Under suspicion, a link on which the broker had answered nothing proves nothing.
    if (strikes_ < kSuspicious || answered) ++strikes_;
  }
  // The upstream took this record.
  void accepted(EventClass event_class, Seq seq) {
    convicted_[index_of(event_class)] = false;
    // Where a later record of the class is taken, the suspect was taken some other way, or is gone.
    if (suspect_ && suspect_->event_class == event_class && seq >= suspect_->seq) acquit();
  }

  // The record over which two links in a row broke. Where it went in a batch, perhaps the batch is
  // at fault.
  [[nodiscard]] std::optional<Forwarder::RecordPlace> suspect() const {
    return strikes_ > 1 ? suspect_ : std::nullopt;
  }
  // True: one record goes at a time, so that there is no doubt which one breaks the link.
  [[nodiscard]] bool one_at_a_time() const { return strikes_ >= kSuspicious; }

  enum class Judgement : std::uint8_t { send, set_aside, class_waits };
  // Asked before each record is sent. A convicted record stays so, over other links too, until
  // `passed`; a class that waited is sent again.
  [[nodiscard]] Judgement judge(const Forwarder::RecordPlace& place) {
    const std::size_t i = index_of(place.event_class);
    if (convicts_[i] == place.seq) return Judgement::set_aside;
    if (strikes_ < kConvicted || !is_suspect(place)) return Judgement::send;
    acquit();
    if (convicted_[i]) return Judgement::class_waits;
    convicts_[i] = place.seq;
    return Judgement::set_aside;
  }
  // The convicted record was set aside, or is stored no more.
  void passed(EventClass event_class, Seq seq) {
    const std::size_t i = index_of(event_class);
    if (convicts_[i] != seq) return;
    convicts_[i] = Seq{};
    convicted_[i] = true;
  }

 private:
  [[nodiscard]] bool is_suspect(const Forwarder::RecordPlace& place) const {
    return suspect_ && suspect_->event_class == place.event_class && suspect_->seq == place.seq;
  }
  void acquit() {
    suspect_.reset();
    strikes_ = 0;
  }

  std::optional<Forwarder::RecordPlace> suspect_;
  int strikes_ = 0;
  PerClass<Seq> convicts_{};    // the record to be set aside; 0 where there is none
  PerClass<bool> convicted_{};  // one was set aside, and nothing of its class was taken since
};

}  // namespace watchpost::upstream
