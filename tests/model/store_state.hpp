// StoreState: everything that a store holds in its database file.
// Promise: two stores with equal `tables` hold the same in every table and column, whatever the
// schema; the other members are the parsed parts that the rules (store_rules.hpp) speak of. Read
// through a connection of its own, beside the writer's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "model/alarm.hpp"
#include "model/record.hpp"

struct sqlite3;

namespace watchpost::model {

// What is known of one alarm, from its row or from the record of a transition.
struct KnownAlarm {
  std::uint32_t transitions = 0;
  std::uint64_t count = 0;
  // State, level, owner and all else that both say of it, but for the next and for what a message
  // that says it again changes in the row alone.
  std::string told;
  std::vector<std::string> evidence;  // ids of events
  SharedAlarm row;                    // null: this is of a record, or the row cannot be read
};

// What a person or time did to a device or to the gateway, from its record.
struct KnownDeed {
  std::string action, device, name, place;
};

struct StoredRecord {
  Seq seq;
  std::string content;  // every column of the row but seq, position and sum
  // Of a transition: the alarm, and what is told of it. 0: it is none.
  std::uint64_t alarm = 0;
  KnownAlarm told{};
  std::optional<KnownDeed> deed{};
  std::string who;            // did it; empty: no person is on record
  bool is_of_store = false;   // the store itself tells it
  bool is_beginning = false;  // true for the event that begins an epoch

  // The rest follows from the content.
  friend bool operator==(const StoredRecord& one, const StoredRecord& other) {
    return one.seq == other.seq && one.content == other.content;
  }
};
// The content of a record as a row holds it. The epoch is part of it.
[[nodiscard]] std::string content_of(const Record& record);
[[nodiscard]] KnownAlarm known_alarm(const Alarm& alarm);

struct LedgerRow {
  EventClass event_class = EventClass::telemetry;
  Seq first;
  Seq last;
  std::string reason;

  friend bool operator==(const LedgerRow&, const LedgerRow&) = default;
};

// An upstream, and the class and number of the record that it refused for good.
using SetAsideKey = std::tuple<std::string, std::size_t, std::uint64_t>;

// What the subscribers of the listener subscribe to and are still to get.
struct Subscribers {
  std::map<std::pair<std::string, std::string>, std::int64_t> subscriptions;  // filter: options
  // Number: its class, and the payload; released: nothing is left of it but the number.
  struct Queued {
    std::int64_t queue_class = 0;
    bool is_released = false;
    std::string payload;
    friend bool operator==(const Queued&, const Queued&) = default;
  };
  std::map<std::pair<std::string, std::int64_t>, Queued> queued;
  std::map<std::string, std::string> retained;  // topic: payload
  // Kind, name and number: seconds since 1970.
  std::map<std::tuple<std::int64_t, std::string, std::int64_t>, std::int64_t> deadlines;
  std::map<std::string, std::string> wills;  // client id: payload
  friend bool operator==(const Subscribers&, const Subscribers&) = default;
};

// What judgement keeps. Devices, commands and duty: the contents of their rows, by key.
struct KeptJudgement {
  std::map<std::uint64_t, KnownAlarm> alarms;
  std::map<std::string, std::string> devices;
  std::map<std::string, std::string> commands;
  std::string duty;
};

struct StoreState {
  // For each table, all rows in the order of their keys.
  std::map<std::string, std::string> tables;

  // The parsed parts of `tables`.
  PerClass<std::vector<StoredRecord>> logs;
  std::map<std::pair<std::string, std::size_t>, Seq> cursors;  // by upstream and class
  std::map<std::string, std::int64_t> sessions;
  std::set<std::pair<std::string, std::int64_t>> packet_ids;
  Subscribers subscribers;
  KeptJudgement judgement;
  std::vector<LedgerRow> ledger;
  std::map<SetAsideKey, std::int64_t> set_aside;  // the ids of the copies

  [[nodiscard]] Seq newest(EventClass event_class) const;
  [[nodiscard]] Seq cursor(const std::string& upstream, EventClass event_class) const;
};

enum class Depth : std::uint8_t { tables, parsed };
[[nodiscard]] Result<StoreState> read_state(const std::filesystem::path& database_file,
                                            Depth depth);

}  // namespace watchpost::model
