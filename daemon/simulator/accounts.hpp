// Accounts: which messages were published, acknowledged and seen to arrive, and how many are lost.
// Promise: a message counts as arrived once, by an event with a new id that carries the topic and
// the payload of the message; of several equal messages each needs an event of its own. Memory
// holds the messages that are not yet both acknowledged and arrived, at most kMostOpen. Pure; used
// from one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "model/event_class.hpp"
#include "model/event_id.hpp"
#include "model/message.hpp"
#include "protocol/reason_code.hpp"
#include "simulator/event_facts.hpp"
#include "simulator/latencies.hpp"

namespace watchpost::simulator {

// A 128-bit hash that stands for a topic and a payload.
struct MessageKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  friend bool operator==(const MessageKey&, const MessageKey&) = default;
};
struct MessageText {
  std::string_view topic;
  std::string_view payload;
};
[[nodiscard]] MessageKey key_of(const MessageText& message);

// The numbers of a dense sequence that were seen.
class SeenNumbers {
 public:
  // False when the number was seen before.
  bool add(std::uint64_t number);
  // Numbers missing between the lowest and the highest seen.
  [[nodiscard]] std::uint64_t missing() const;

 private:
  std::map<std::uint64_t, std::uint64_t> ranges_;  // first -> last of each run without a gap
};

struct Published {
  std::uint64_t tag = 0;
  Qos qos = Qos::at_least_once;
  EventClass purpose = EventClass::telemetry;
  std::string_view topic;
  std::string_view payload;
};

struct Totals {
  std::uint64_t published = 0;
  std::uint64_t published_at_0 = 0;  // part of `published`: they are in no ledger
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;       // acknowledged with a failing reason code
  std::uint64_t arrived = 0;       // acknowledged and arrived
  std::uint64_t events = 0;        // events with a new id
  std::uint64_t repeats = 0;       // events with an id that came before
  std::uint64_t other_events = 0;  // from other publishers, or stored twice after a reconnect
  std::uint64_t without_raw = 0;
  std::uint64_t unreadable = 0;
  [[nodiscard]] std::uint64_t lost() const { return acknowledged - arrived; }
};

// Of the alarms that the gateway made of it all, by the changes that arrived.
struct AlarmTotals {
  std::uint64_t raised = 0;
  std::uint64_t escalated = 0;
  std::uint64_t taken = 0;
  std::uint64_t closed = 0;
};

class Accounts {
 public:
  static constexpr std::size_t kMostOpen = 1'000'000;

  void published(const Published& published, SteadyTime now);
  // A PUBACK or PUBREC arrived. Returns when the message was published; nothing for a tag that
  // waits for no acknowledgement.
  std::optional<SteadyTime> acknowledged(std::uint64_t tag, protocol::ReasonCode code);
  void arrived(std::string_view event, SteadyTime now);

  // True: nothing more may be published until a message is acknowledged and has arrived.
  [[nodiscard]] bool full() const { return open_.size() >= kMostOpen; }
  [[nodiscard]] const Totals& totals() const { return totals_; }
  [[nodiscard]] const AlarmTotals& alarm_totals() const { return alarm_totals_; }
  [[nodiscard]] std::uint64_t missing(EventClass event_class) const;
  [[nodiscard]] const Latencies& alarm_latencies() const { return alarms_; }
  [[nodiscard]] const Latencies& other_latencies() const { return others_; }
  // Number of messages published at QoS 1 or 2 and not yet acknowledged.
  [[nodiscard]] std::uint64_t unacknowledged() const;

 private:
  struct Entry {
    MessageKey key;
    SteadyTime sent;
    EventClass purpose{};
    bool at_0 = false;
    bool acknowledged = false;
    bool arrived = false;
  };
  struct KeyHash {
    std::size_t operator()(const MessageKey& key) const { return key.first ^ (key.second << 1U); }
  };

  [[nodiscard]] bool is_repeat(std::string_view source, const EventKey& key);
  void count_change(const EventFacts& facts);
  bool account_for(const MessageKey& key, SteadyTime now);
  void forget_key(const MessageKey& key, std::uint64_t tag);

  std::unordered_map<std::uint64_t, Entry> open_;
  std::unordered_map<MessageKey, std::deque<std::uint64_t>, KeyHash> waiting_;  // not yet arrived
  std::map<std::string, SeenNumbers, std::less<>> seen_;  // key: source, epoch and class
  std::map<std::string, EventClass, std::less<>> class_of_;
  Totals totals_;
  AlarmTotals alarm_totals_;
  Latencies alarms_;
  Latencies others_;
};

}  // namespace watchpost::simulator
