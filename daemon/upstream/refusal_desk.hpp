// RefusalDesk: what becomes of a record that the upstream refuses, or that breaks each link.
// Promise: such a record holds up no other class, and its own only as long as the whole class may
// be meant; it leaves the queue only once a copy is kept. A class that rests is tried again, sooner
// when an alarm or a patrol has come for it. Pure but for its log lines: the caller brings times
// and random numbers, reads what is condemned and keeps the copy. Used by Traffic and Uplink, on
// the I/O thread.
#pragma once

#include <optional>

#include "upstream/link_breaker.hpp"
#include "upstream/link_life.hpp"
#include "upstream/offers.hpp"
#include "upstream/refusal_book.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class RefusalDesk {
 public:
  using Found = spool::LogReader::Found;
  // A class that rests is tried again so soon when an alarm or a patrol has come meanwhile.
  static constexpr std::chrono::seconds kImpatience{1};

  struct Neighbours {
    LinkLife& life;
    Offers& offers;
  };
  RefusalDesk(UplinkBasis& basis, Neighbours neighbours)
      : basis_(basis), life_(neighbours.life), offers_(neighbours.offers) {}

  // `answered`: whether the broker had answered anything on the link that is gone.
  void link_broke(bool answered);
  // Tries again what was refused: perhaps the broker comes back with what it lacked.
  void good_link_ended() { basis_.forwarder.retry_refused(); }
  // New records came.
  void committed(SteadyTime now);
  // Tries again what is due.
  void look(SteadyTime now);
  [[nodiscard]] std::optional<SteadyTime> due_at() const { return book_.due_at(); }

  // The upstream refused a publication.
  void refuse(PublishToken token, const Refusal& refusal, const Tick& tick);
  // The upstream accepted a record.
  void accepted(const Forwarder::RecordPlace& place);
  // False: the record has broken one link after another, so it counts as refused and is not sent.
  [[nodiscard]] bool may_risk(const Forwarder::Next& next, const Tick& tick);
  // True: one record goes at a time, to find the one that breaks each link.
  [[nodiscard]] bool one_at_a_time() const { return breaker_.one_at_a_time(); }

  // The next record to be set aside.
  [[nodiscard]] std::optional<Lane::Condemned> next_condemned() {
    return basis_.forwarder.next_condemned();
  }
  // The read that brings the condemned record back: only the log still has it, because to keep each
  // record that is under way would cost memory for nothing.
  [[nodiscard]] static spool::ReadRequest read_of(const Lane::Condemned& condemned);
  // The record in the answer that a copy is to be kept of. None where the record is stored no more,
  // or condemned no more: the link was lost meanwhile, or the receiver has the record.
  [[nodiscard]] const Record* to_keep(const Lane::Condemned& condemned, const Found& answer) const;
  struct Copy {
    const Found& answer;
    bool is_kept = false;
  };
  void set_aside(const Lane::Condemned& condemned, const Copy& copy, const Tick& tick);
  // The cursor of the class may have moved.
  void delivered(EventClass event_class);

  // Tells what is refused now, where `status` has no other failure.
  void tell(UplinkStatus& status) const;

 private:
  void say_refused(const Forwarder::RecordPlace& place, const Refusal& refusal);
  void say(const std::optional<Trouble>& told);

  UplinkBasis& basis_;
  LinkLife& life_;
  Offers& offers_;
  RefusalBook book_;
  LinkBreaker breaker_;
};

}  // namespace watchpost::upstream
