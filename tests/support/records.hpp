// Named builders of records and tickets for tests.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "model/custody.hpp"
#include "model/record.hpp"
#include "spool/spool.hpp"

namespace watchpost::support {

inline Record a_record(EventClass event_class, std::string payload) {
  Record record;
  record.event_class = event_class;
  record.domain = event_class == EventClass::alarm ? Domain::fire : Domain::water;
  record.type = RecordType::observation;
  record.received_at = WallTime{std::chrono::seconds{1'800'000'000}};
  record.device = "device-1";
  record.topic = "wp/in/fire/device-1";
  record.payload = std::move(payload);
  record.annotation = R"({"kind":"smoke"})";
  return record;
}

// A text that hardly compresses; the same for every call with one size.
inline std::string noise(std::size_t size) {
  std::mt19937 random(static_cast<std::mt19937::result_type>(size));
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('!' + random() % 94);
  return text;
}

// Remembers in which order tickets were settled, and how.
class SettledList final : public CustodySink {
 public:
  struct Entry {
    std::uint64_t ticket;
    bool success;
  };
  void settled(TicketNumber number, const Result<void>& outcome) override {
    entries.push_back({number.value, outcome.has_value()});
  }
  std::vector<Entry> entries;
};

inline spool::Append an_append(Record record, std::shared_ptr<SettledList> sink,
                               std::uint64_t ticket) {
  spool::Append append;
  append.records.push_back(std::move(record));
  append.ticket = CustodyTicket{std::move(sink), TicketNumber{ticket}};
  return append;
}

}  // namespace watchpost::support
