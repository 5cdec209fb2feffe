// ReceiptBook: when each gateway is told how far its events are stored.
// Promise: a receipt names only what was put in, never less than before for its stream; alarms, and
// what asks for events again, go at once, the rest of a gateway at most once a second, in one
// message. Memory: the newest receipt of each stream that waits. Pure; I/O thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "receiver/store.hpp"

namespace watchpost::receiver {

struct ReceiptMessage {
  std::string topic;
  std::string payload;  // a JSON object, or an array of several
};

class ReceiptBook {
 public:
  static constexpr std::chrono::seconds kPause{1};

  void put(const Receipt& receipt, SteadyTime now);
  // The next message that is due, without taking it out.
  [[nodiscard]] std::optional<ReceiptMessage> due(SteadyTime now) const;
  // It was published.
  void sent(const ReceiptMessage& message, SteadyTime now);
  // When something will be due; nothing while nothing waits.
  [[nodiscard]] std::optional<SteadyTime> next() const;

 private:
  using Stream = std::pair<EventClass, Epoch>;
  struct Word {
    Seq sequence;
    std::optional<Seq> resend_after;  // said by itself: what is known not to come lies above it
  };
  struct Waiting {
    std::map<Stream, Word> streams;
    SteadyTime due{};
    SteadyTime last_sent{};
  };
  std::map<std::string, Waiting> gateways_;  // by topic prefix
};

}  // namespace watchpost::receiver
