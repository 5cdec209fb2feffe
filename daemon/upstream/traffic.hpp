// Traffic: what goes onto the link next, and what the answer to it means.
// Promise: alarms go first, then what nobody had heard or the receiver has lost, then the rest in
// the forwarder's order, and what was set aside only when nothing else is to be sent; all within
// what LinkFlow allows. Every answer finds its record, and the record is then delivered, refused,
// or offered again. Pure but for its log lines: the caller brings times and random numbers, and
// publishes. Used by Uplink, on the I/O thread.
#pragma once

#include <cstddef>
#include <optional>

#include "upstream/batch_text.hpp"
#include "upstream/likely_rule.hpp"
#include "upstream/link_flow.hpp"
#include "upstream/offers.hpp"
#include "upstream/own_state.hpp"
#include "upstream/receipt_desk.hpp"
#include "upstream/refusal_desk.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class Traffic {
 public:
  struct Neighbours {
    LinkLife& life;
    LinkFlow& flow;
    Offers& offers;
    RefusalDesk& refusals;
    OwnState& own_state;
  };
  Traffic(UplinkBasis& basis, Neighbours neighbours)
      : basis_(basis),
        by_(neighbours),
        batch_(basis.context, basis.options.batch_bytes, basis.options.compression) {}

  void link_up(const LinkTerms& terms);
  // The next publication of records; it counts as sent.
  [[nodiscard]] std::optional<Publication> next(const Tick& tick);
  // Returns the id of the set-aside record that the upstream has now, if the answer says so.
  [[nodiscard]] std::optional<std::uint64_t> answered(PublishToken token, ReasonCode code,
                                                      const Tick& tick);
  // What was sent first and has no answer.
  [[nodiscard]] std::optional<client::SentItem> first_unanswered(PublishToken subscription) const;

  // Questions for the LogReader; the answers go to Offers.
  [[nodiscard]] std::optional<spool::ReadRequest> next_unheard_read();
  [[nodiscard]] std::optional<spool::ReadRequest> next_replay_read();
  [[nodiscard]] std::optional<std::uint64_t> next_set_aside_read(SteadyTime now);
  // When something that waits for the rate or the end of an outage may go.
  [[nodiscard]] std::optional<SteadyTime> due_at() const;

 private:
  void set_window();
  [[nodiscard]] std::optional<Publication> next_record(const Tick& tick, Forwarder::Which which);
  [[nodiscard]] std::optional<Publication> made_of(const Forwarder::Next& next, const Tick& tick);
  std::size_t fill(Publication& publication, const Record& first, SteadyTime now);
  [[nodiscard]] std::optional<Publication> next_offer(const Tick& tick);
  [[nodiscard]] std::optional<Publication> next_set_aside(const Tick& tick);
  [[nodiscard]] std::optional<Publication> made_of(const Offers::Offer& offer, const Tick& tick);
  [[nodiscard]] bool is_quiet(SteadyTime now);
  [[nodiscard]] std::optional<std::uint64_t> pass_answer(PublishToken token, ReasonCode code,
                                                         const Tick& tick);

  [[nodiscard]] client::SentItem sent_item(std::string topic, const EndedOver& item) const;

  UplinkBasis& basis_;
  Neighbours by_;
  TakenSoFar taken_;
  BatchText batch_;
};

}  // namespace watchpost::upstream
