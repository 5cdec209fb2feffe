// UnheardRounds: offers again what the broker took while nobody had subscribed (reason code 0x10).
// Why: a broker keeps no publication that no subscriber takes, so an alarm that counted as
// delivered then would be lost.
// Promise: what a lane holds as unheard is offered again, alarms before all others, in rounds: one
// at once on a new link and as soon as somebody hears something else, then after growing waits of
// at most `kLongestWait`. A round ends after kMostMisses offers in a row that nobody heard, and the
// next round goes on behind them, so the cost does not grow with what waits. At most kTogether are
// under way. Pure: the caller brings times and random numbers. Used by Offers, on the I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "upstream/forwarder.hpp"

namespace watchpost::upstream {

class UnheardRounds {
 public:
  static constexpr std::size_t kTogether = 8;
  static constexpr std::size_t kMostMisses = 100;
  static constexpr std::chrono::minutes kLongestWait{10};

  explicit UnheardRounds(Forwarder& forwarder) : forwarder_(forwarder) {}

  void link_up(SteadyTime now);
  void link_lost();
  // The broker's answer to a record that must be heard and was sent for the first time.
  void unheard(SteadyTime now);
  void heard(SteadyTime now);

  // Ends the round that is over, and begins the one that is due.
  void look(SteadyTime now);
  // True: the wait before the next round has to be drawn, by calling `wait`.
  [[nodiscard]] bool wants_wait() const;
  void wait(SteadyTime now, std::uint64_t random);
  [[nodiscard]] std::optional<SteadyTime> due_at() const;

  // A question for the LogReader; its answer goes to `answered`.
  [[nodiscard]] std::optional<spool::ReadRequest> next_read();
  void answered(const spool::ReadRequest& request, const spool::LogReader::Found& answer);
  // The next record to publish, or null. The caller then calls `offered`.
  [[nodiscard]] SharedRecord next();
  void offered(PublishToken token, const Record& record);
  // False for a token that was not offered here.
  bool take_answer(PublishToken token, bool is_heard);

  // Since when there has been something that nobody heard.
  [[nodiscard]] std::optional<SteadyTime> since() const { return since_; }
  [[nodiscard]] PerClass<std::uint64_t> counts() const;
  // True once after the first record went unheard, and once after the last one was heard.
  [[nodiscard]] bool take_news();

 private:
  using RecordPlace = Forwarder::RecordPlace;
  [[nodiscard]] bool any() const;
  [[nodiscard]] std::optional<RecordPlace> next_place();
  [[nodiscard]] bool is_unheard(const RecordPlace& place) const;

  Forwarder& forwarder_;
  Backoff backoff_{{std::chrono::seconds{5}, kLongestWait}};
  bool linked_ = false;
  bool in_round_ = false;
  bool reading_ = false;
  bool discard_answer_ = false;
  bool at_end_ = false;     // all that is unheard has had its turn
  bool nobody_ = false;     // nobody heard the last record that was answered
  bool is_known_ = false;   // take_news has told that something is unheard
  std::size_t misses_ = 0;  // unheard offers in a row in this round
  PerClass<Seq> at_{};      // the rounds have come so far
  std::deque<SharedRecord> page_;
  std::map<PublishToken, RecordPlace> offers_;
  std::optional<SteadyTime> due_at_;
  std::optional<SteadyTime> hurried_at_;
  std::optional<SteadyTime> since_;
};

}  // namespace watchpost::upstream
