// What must survive a crash for those who subscribe at the listener, as facts (fact.hpp).
// Promise: what a persistent session is to get at QoS 1 or 2 is committed with the message itself,
// so a publisher's PUBACK covers its subscribers too (promise 1).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "model/local_message.hpp"
#include "model/queue_class.hpp"

namespace watchpost {

// A subscription of a persistent session.
struct SubscriptionChange {
  std::string client_id;
  std::string filter;            // with $share/NAME/ where it is shared
  std::uint8_t options = 0;      // Subscription Options as on the wire (MQTT 5.0 section 3.8.3.1)
  std::uint32_t identifier = 0;  // Subscription Identifier; 0: none
  bool removed = false;
};

// The retained message of a topic; an empty payload: the topic has none any more.
struct RetainedChange {
  SharedLocalMessage publication;
  std::chrono::seconds lifetime{0};  // Message Expiry Interval that is left; 0: it never expires
};

// A message that a persistent session is to get.
struct QueuedChange {
  enum class Kind : std::uint8_t {
    added,
    released,  // the subscriber has it (PUBREC of QoS 2); PUBREL is owed
    gone,      // nothing is owed any more
  };
  Kind kind = Kind::added;
  std::string client_id;
  std::uint64_t number = 0;  // in the order of arrival, per client
  Delivery delivery{};       // of `added` only
  std::chrono::seconds lifetime{0};
  // The class of the records that were made of the message; set by who makes them.
  QueueClass queue_class = QueueClass::local;
  std::int64_t ends_at_s = 0;  // seconds since 1970; 0: it never expires, or that is not known
};

// The will of a connected client, or of one that is away while its will waits; no publication:
// there is none any more.
struct WillChange {
  std::string client_id;
  SharedLocalMessage publication;
  std::chrono::seconds delay{0};     // Will Delay Interval
  std::chrono::seconds lifetime{0};  // Message Expiry Interval; 0: it never expires
};

// When something of the listener's ends by the wall clock, so that the time for which the box was
// off counts too. A fact of its own, because few things end, and because the wall clock is believed
// only where a time service keeps it.
struct Deadline {
  enum class Of : std::uint8_t {
    session = 0,   // whose client is away
    retained = 2,  // the retained message of a topic; 1 was a queued message, before schema 7
  };
  Of of = Of::session;
  std::string name;                  // client id; of a retained message its topic
  std::uint64_t number = 0;          // of a session: of the last message that its client was sent
  std::chrono::seconds lifetime{0};  // 0: there is no deadline any more
  std::int64_t at_s = 0;             // seconds since 1970; 0: it is not known
};

struct StoredQueued {
  std::uint64_t number = 0;
  Delivery delivery;  // its publication expires as in the run that wrote it
  bool is_released = false;
  std::chrono::seconds lifetime{0};
  std::int64_t ends_at_s = 0;  // as in QueuedChange
};

}  // namespace watchpost
