// Offers: records that are sent once more, each by itself: those that nobody heard, those that were
// set aside, and those that the receiver had and lost. Promise: they do not hold up records that
// are sent for the first time. A record that was heard, or taken, is offered no more. Pure but for
// its log lines: the caller brings times and random numbers. Used by Traffic and Uplink, on the I/O
// thread.
#pragma once

#include <optional>

#include "model/command.hpp"
#include "upstream/replays.hpp"
#include "upstream/second_chances.hpp"
#include "upstream/unheard_rounds.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class Offers {
 public:
  explicit Offers(UplinkBasis& basis) : basis_(basis), unheard_(basis.forwarder) {}

  void link_up(SteadyTime now);
  void link_lost();
  // Begins the rounds that are due.
  void look(const Tick& tick);
  [[nodiscard]] std::optional<SteadyTime> due_at() const;

  // The answer to a record that must be heard and was sent for the first time.
  void first_answer(bool is_heard, SteadyTime now);
  // The record was set aside on this link: its turn comes with the next link.
  void refused_just_now(EventClass event_class, Seq seq) {
    chances_.refused_just_now(event_class, seq);
  }

  void lost_by_receiver(const Replays::Lost& lost, SteadyTime now);
  // A command that was done: where a person at the upstream asks by it for events of this gateway
  // once more, they are sent, up to the newest.
  void replay(const Command& command, const PerClass<Seq>& newest);

  // Questions for the LogReader, and their answers.
  [[nodiscard]] std::optional<spool::ReadRequest> next_unheard_read();
  void unheard_read(const spool::ReadRequest& request, const spool::LogReader::Found& answer);
  [[nodiscard]] std::optional<spool::ReadRequest> next_replay_read() {
    return replays_.next_read();
  }
  void replay_read(const spool::ReadRequest& request, const spool::LogReader::Found& answer);
  [[nodiscard]] std::optional<std::uint64_t> next_set_aside_read();
  void set_aside_read(Result<std::vector<spool::SetAside>> answer);

  struct Offer {
    PublishToken token;
    SharedRecord record;
  };
  [[nodiscard]] std::optional<Offer> next_unheard();
  [[nodiscard]] std::optional<Offer> next_replay();
  [[nodiscard]] std::optional<Offer> next_set_aside();

  struct Answer {
    std::optional<std::uint64_t> taken;  // the id of a set-aside record that the upstream has now
  };
  // Returns nothing for tokens that were not offered here.
  [[nodiscard]] std::optional<Answer> take_answer(PublishToken token, ReasonCode code);

  void tell(UplinkStatus& status, SteadyTime now) const { status.unheard = trouble(now); }

 private:
  [[nodiscard]] std::optional<Trouble> trouble(SteadyTime now) const;
  [[nodiscard]] Answer set_aside_answer(ReasonCode code);
  void tell_replayed();

  UplinkBasis& basis_;
  SecondChances chances_;
  UnheardRounds unheard_;
  Replays replays_;
};

}  // namespace watchpost::upstream
