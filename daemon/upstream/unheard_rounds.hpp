// UnheardRounds: offers again what the broker took while nobody had subscribed (reason code 0x10).
// Why: MQTT has no store behind a publication that no subscriber takes, so an alarm that is counted
// as delivered then is lost.
// Promise: what a lane holds as unheard is offered again, alarms before patrols, in rounds: one at
// once on a new link and as soon as somebody hears something else, then after growing waits of at
// most `kLongestWait`. A round ends after kMostMisses that nobody heard, and the next one goes on
// behind them, so the cost does not grow with what waits. At most kTogether are under way. Pure:
// the caller brings times and random numbers. Used by Uplink, on the I/O thread.
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
  // A wait has to be drawn: `wait` gets it.
  [[nodiscard]] bool wants_wait() const;
  void wait(SteadyTime now, std::uint64_t random);
  [[nodiscard]] std::optional<SteadyTime> due_at() const;

  // A question for the LogReader; its answer goes to `answered`.
  [[nodiscard]] std::optional<spool::ReadRequest> next_read();
  void answered(const spool::ReadRequest& request, const spool::LogReader::Found& answer);
  // The next one to publish; then `offered` says under which token.
  [[nodiscard]] SharedRecord next();
  void offered(PublishToken token, const Record& record);
  // False for a token that was not offered here.
  bool settled(PublishToken token, bool is_heard);

  // Since when there has been something that nobody heard.
  [[nodiscard]] std::optional<SteadyTime> since() const { return since_; }
  [[nodiscard]] PerClass<std::uint64_t> counts() const;
  // True once after the first one unheard, and once after the last one was heard.
  [[nodiscard]] bool take_news();

 private:
  struct Place {
    EventClass event_class;
    Seq seq;
  };
  [[nodiscard]] bool any() const;
  [[nodiscard]] std::optional<Place> next_place();
  [[nodiscard]] bool is_unheard(const Place& place) const;

  Forwarder& forwarder_;
  Backoff backoff_{{std::chrono::seconds{5}, kLongestWait}};
  bool linked_ = false;
  bool in_round_ = false;
  bool reading_ = false;
  bool discard_answer_ = false;
  bool at_end_ = false;     // of all that is unheard
  bool nobody_ = false;     // the last answer of the broker
  bool is_known_ = false;   // to who takes the news
  std::size_t misses_ = 0;  // in this round, without one that was heard
  PerClass<Seq> at_{};      // the rounds have come so far
  std::deque<SharedRecord> page_;
  std::map<PublishToken, Place> offers_;
  std::optional<SteadyTime> due_at_;
  std::optional<SteadyTime> hurried_at_;
  std::optional<SteadyTime> since_;
};

}  // namespace watchpost::upstream
