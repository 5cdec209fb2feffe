// ClockNews: makes records of what ClockWatch says, so that an upstream can place in time the
// events of a clock that was wrong. docs/guide.md says how to read them. Promise: a correction
// reaches the spool before the first record of the corrected clock, and is handed over again until
// it is committed. It names what it corrects as ranges of sequences: those committed when the clock
// was seen to move, exactly; those that waited for their commit in a second event marked `mixed`,
// because the queues of the spool may overtake there. Records of earlier runs of the daemon are
// never in a range. One correction is under way at a time; a clock that moves again meanwhile is
// said after it, in sum. I/O thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "pipeline/clock_watch.hpp"
#include "pipeline/own_ticket.hpp"
#include "spool/spool.hpp"

namespace watchpost::pipeline {

class ClockNews {
 public:
  // `spool` and `clock` outlive it.
  ClockNews(spool::Spool& spool, const Clock& clock);
  ~ClockNews();
  ClockNews(const ClockNews&) = delete;
  ClockNews& operator=(const ClockNews&) = delete;

  // `tell`: each word, as soon as it is known. It must return at once.
  using Tell = std::function<void(const ClockWord&)>;
  void on_word(Tell tell) { tell_ = std::move(tell); }

  // The time to stamp a message with; whatever is to be said about it has been handed over.
  [[nodiscard]] ClockReading look();

 private:
  // Records past `after` up to `last`, per class.
  struct Ranges {
    PerClass<Seq> after{};
    PerClass<Seq> last{};
    bool mixed = false;
    [[nodiscard]] bool is_empty() const { return after == last; }
  };
  struct Pending {
    ClockWord word;
    Ranges ranges;
    bool has_tail = false;  // more of the old clock's records may come before it in the log
    bool is_out = false;    // handed over, not settled yet
  };

  void say(const ClockWord& word);
  void hand_over();
  void settled(const Result<void>& outcome);
  [[nodiscard]] Record record_of(const Pending& pending) const;
  [[nodiscard]] std::string annotation_of(const Pending& pending) const;

  spool::Spool& spool_;
  const Clock& clock_;
  ClockReading started_;
  ClockWatch watch_;
  Tell tell_;
  bool begun_ = false;
  PerClass<Seq> run_after_;  // heads when this run began: older records are of other runs
  PerClass<Seq> after_;      // what the last correction covered
  std::uint64_t corrections_ = 0;
  std::optional<Pending> pending_;
  SteadyTime handed_over_at_{};
  std::shared_ptr<OwnTicket> ticket_;
};

}  // namespace watchpost::pipeline
