// Fact: what must be remembered across restarts besides records, as plain values.
// Promise: facts are committed in one transaction with the records they belong to, in the order in
// which their appends were handed over, and all that are in force come back when the store is
// opened. Today: persistent MQTT sessions with their subscriptions and what they are still to get,
// retained messages, when they end, wills, what decoders have learnt, and what judgement keeps:
// alarms, devices, commands done, duty (whole rows, never differences). A new kind is a value here
// and a table of facts in spool/tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/duty.hpp"
#include "model/remembered.hpp"
#include "model/session_change.hpp"
#include "model/subscriber_facts.hpp"

namespace watchpost {

using Fact =
    std::variant<SessionChange, Remembered, SubscriptionChange, RetainedChange, QueuedChange,
                 Deadline, WillChange, SharedAlarm, SharedDevice, SharedCommandDone, SharedDuty>;

// Roughly what it takes in memory and on disk, in bytes.
[[nodiscard]] inline std::size_t size_of(const Fact& fact) {
  constexpr std::size_t kRow = 64;
  const auto of = [](const SharedLocalMessage& one) {
    return one ? one->topic.size() + one->payload.size() + one->properties.size() : 0;
  };
  if (const auto* remembered = std::get_if<Remembered>(&fact)) {
    return kRow + remembered->decoder.size() + remembered->key.size() + remembered->value.size();
  }
  if (const auto* change = std::get_if<SubscriptionChange>(&fact))
    return kRow + change->filter.size();
  if (const auto* retained = std::get_if<RetainedChange>(&fact))
    return kRow + of(retained->publication);
  if (const auto* queued = std::get_if<QueuedChange>(&fact))
    return kRow + of(queued->delivery.publication);
  if (const auto* will = std::get_if<WillChange>(&fact)) return kRow + of(will->publication);
  if (const auto* alarm = std::get_if<SharedAlarm>(&fact)) return kRow + memory_of(**alarm);
  if (const auto* device = std::get_if<SharedDevice>(&fact)) return kRow + memory_of(**device);
  if (const auto* done = std::get_if<SharedCommandDone>(&fact)) return kRow + memory_of(**done);
  if (const auto* duty = std::get_if<SharedDuty>(&fact)) return kRow + memory_of(**duty);
  return kRow;
}

// Whose row on disk did not fit its checksum when the store was opened: they are in no list of
// StoredFacts.
struct DamagedFacts {
  static constexpr std::size_t kMostNamed = 20;
  std::vector<AlarmSerial> alarms;  // open ones, or closed a short time ago
  std::vector<std::string> others;  // the first of them, as "session gauge"
  std::uint64_t other_count = 0;

  void note(std::string other) {
    ++other_count;
    if (others.size() < kMostNamed) others.push_back(std::move(other));
  }
  void note(AlarmSerial alarm) { alarms.push_back(alarm); }
};

// As they were when the store was opened.
struct StoredFacts {
  std::vector<StoredSession> sessions;
  std::vector<Remembered> remembered;  // the last value of each key
  std::vector<RetainedChange> retained;
  std::vector<Deadline> deadlines;
  std::vector<WillChange> wills;
  StoredJudgement judgement;
  DamagedFacts damaged;
};

}  // namespace watchpost
