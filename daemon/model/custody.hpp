// Custody: the word back from the store to whoever waits for it.
// Promise: `settled` is called exactly once for each hand-over, on the I/O thread, and with success
// only after the commit of all that is to be kept (promise 1); where that is nothing, without one.
// In which order: spool/spool.hpp.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "base/strong.hpp"

namespace watchpost {

class CustodySink {
 public:
  virtual ~CustodySink() = default;
  virtual void settled(TicketNumber number, const Result<void>& outcome) = 0;
};

// Kept alive by the store until it has been told; `sink` may be null where nobody waits (QoS 0).
struct CustodyTicket {
  std::shared_ptr<CustodySink> sink;
  TicketNumber number;

  void settle(const Result<void>& outcome) const {
    if (sink) sink->settled(number, outcome);
  }
};

}  // namespace watchpost
