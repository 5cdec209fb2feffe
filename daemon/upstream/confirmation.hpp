// Confirmation: what an upstream's receiver has confirmed of one class, and how far that reaches.
// Promise: the confirmed position moves only over records of which a receipt of their own epoch
// says that they are stored, and over numbers that will never be sent. A receipt beyond what was
// sent counts only for what an earlier run of the program may have sent, and then only once the
// broker has acknowledged it again. A receipt of records that this store lacks is told as that.
// Memory is bounded by kMostSkips; when they are used up, the lane must wait. Pure. Used by Lane,
// on the I/O thread.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <utility>

#include "model/receipt.hpp"
#include "model/record.hpp"
#include "model/seq_range.hpp"

namespace watchpost::upstream {

class Confirmation {
 public:
  enum class Belief : std::uint8_t {
    news,     // says more than we knew
    known,    // nothing new
    foreign,  // of an epoch of which nothing waits for a receipt
    beyond,   // names a record of this start that was never sent: the receiver is mistaken
    more,     // names a record that this store lacks, of another epoch than this start's: the store
              // is older than what was sent from it, or there are two gateways of this name
  };

  struct Start {
    Seq cursor;  // all up to it is confirmed
    Seq head;    // the newest record as the program starts
  };
  explicit Confirmation(Start start)
      : at_(start.cursor), sent_to_(start.cursor), head_(start.head) {}

  // Called for each record that is sent, in order; a record that is sent again changes nothing.
  void sent(const Record& record);
  // No record is stored under the numbers past the last one sent, up to and with `last`.
  void nothing_up_to(Seq last);
  // The record was sent and refused; a copy is kept elsewhere now.
  void set_aside(Seq seq);
  [[nodiscard]] Belief hear(const Receipt& receipt, const Epoch& present);
  // How far all is confirmed; `acknowledged`: how far the broker has everything.
  [[nodiscard]] Seq advance(Seq acknowledged);

  // The newest record as the program started.
  [[nodiscard]] Seq head_at_start() const { return head_; }
  // True: the record need not be sent again.
  [[nodiscard]] bool is_skipped(Seq seq) const;
  // True once after `advance` went over a record set aside, or past the end of an epoch: the
  // receiver cannot know that the record never comes, or where the next epoch begins.
  [[nodiscard]] bool take_stepped_aside() { return std::exchange(stepped_aside_, false); }
  [[nodiscard]] bool has_room() const { return skips_.size() < kMostSkips; }

 private:
  static constexpr std::size_t kMostSkips = 1'000;
  static constexpr std::size_t kMostClaims = 1'000;

  struct Run {
    Epoch epoch;
    SeqRange range;
  };
  struct Skip {
    Seq last;
    bool set_aside = false;
  };
  struct Claim {
    Seq sure;  // believed up to here: it had been sent when the receipt came
    Seq held;  // believed up to here once the broker has acknowledged it
  };

  [[nodiscard]] std::deque<Run>::const_iterator find_run(const Epoch& epoch) const;
  [[nodiscard]] bool is_past_end(const Receipt& receipt, const Epoch& present) const;
  [[nodiscard]] bool step_over_skip();
  void forget_confirmed();

  Seq at_;
  Seq sent_to_;  // the highest number that was sent, or is known not to exist
  Seq head_;
  std::deque<Run> runs_;       // of one epoch each, in order
  std::map<Seq, Skip> skips_;  // by the first number of each
  std::map<Epoch, Claim> claims_;
  bool stepped_aside_ = false;
};

}  // namespace watchpost::upstream
