// SecondChances: offers an upstream again what it once refused for good.
// Promise: each record set aside is offered once after a new link, and once an hour on a link that
// stands, one at a time and only while nothing else is to be sent; never more often than every ten
// minutes. A record that costs the link does not keep those behind it from their turn. Memory: one
// page, and the places of the records set aside on this link. Pure: the caller brings the time.
// Used by Offers, on the I/O thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "spool/log_reader.hpp"
#include "upstream/publishing.hpp"

namespace watchpost::upstream {

class SecondChances {
 public:
  void link_up(SteadyTime now);
  void link_lost();
  // Begins a new round on a standing link when it is time.
  void look(SteadyTime now);
  [[nodiscard]] std::optional<SteadyTime> next_round() const;

  // The record was set aside on this link: its turn comes with the next link.
  void refused_just_now(EventClass event_class, Seq seq);

  // A question for LogReader::read_set_aside: the id past which to read. Its answer goes to
  // `answered`.
  [[nodiscard]] std::optional<std::uint64_t> next_read();
  void answered(Result<std::vector<spool::SetAside>> answer);

  // The next record to offer; nothing while an offer is under way. The caller then calls `offered`.
  [[nodiscard]] std::optional<spool::SetAside> next();
  void offered(PublishToken token) { token_ = token; }
  [[nodiscard]] bool is_offered(PublishToken token) const { return token_ == token; }
  struct Offer {
    std::uint64_t id = 0;
    EventClass event_class = EventClass::telemetry;
  };
  // Returns the offer whose answer has come.
  [[nodiscard]] Offer take_answer();

 private:
  void begin(SteadyTime now);

  bool linked_ = false;
  bool under_way_ = false;  // a round has begun and is not over
  bool reading_ = false;
  bool discard_answer_ = false;
  std::optional<SteadyTime> begun_at_;
  std::uint64_t after_ = 0;  // all up to this id had their turn
  std::deque<spool::SetAside> page_;
  std::optional<Offer> offer_;
  std::optional<PublishToken> token_;
  std::set<std::pair<EventClass, Seq>> refused_here_;
};

}  // namespace watchpost::upstream
