// FakeLog: a log that answers as the spool does, with missing numbers and records of an older
// epoch, and the steps that every test of the Forwarder takes.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "support/upstream_records.hpp"
#include "upstream/forwarder.hpp"

namespace watchpost::upstream_test {

using namespace watchpost::upstream;

inline const Epoch kPresent = "7f3a0001";
inline const Epoch kOlder = "00c0ffee";

// A log that answers as the spool does; some numbers do not exist.
struct FakeLog {
  PerClass<std::set<std::uint64_t>> stored;
  PerClass<Seq> heads;
  std::uint64_t present_from = 1;  // numbers before this one are of the older epoch

  [[nodiscard]] const Epoch& epoch_of(std::uint64_t seq) const {
    return seq < present_from ? kOlder : kPresent;
  }
  void add(EventClass event_class, std::uint64_t count = 1) {
    auto& head = heads[index_of(event_class)];
    for (std::uint64_t i = 0; i < count; ++i) {
      ++head;
      stored[index_of(event_class)].insert(head.value);
    }
  }
  void hole(EventClass event_class, std::uint64_t count) {
    heads[index_of(event_class)].value += count;
  }
  [[nodiscard]] std::vector<SharedRecord> read(const spool::ReadRequest& request) const {
    std::vector<SharedRecord> records;
    const auto& numbers = stored[index_of(request.event_class)];
    for (auto it = numbers.upper_bound(request.after.value); it != numbers.end(); ++it) {
      if (records.size() == request.most_records) break;
      Record record = with_payload(a_record(request.event_class, *it), "1");
      record.epoch = epoch_of(*it);
      records.push_back(std::make_shared<const Record>(std::move(record)));
    }
    return records;
  }
};

inline void read_all(Forwarder& forwarder, const FakeLog& log) {
  while (const auto request = forwarder.next_read()) {
    forwarder.answered(request->event_class, log.read(*request));
  }
}

inline std::vector<Forwarder::Next> fill(Forwarder& forwarder, const FakeLog& log) {
  std::vector<Forwarder::Next> sent;
  while (true) {
    read_all(forwarder, log);
    auto next = forwarder.next();
    if (!next) return sent;
    sent.push_back(std::move(*next));
  }
}

inline ForwarderOptions a_window(std::size_t window, std::size_t alarm_slots) {
  ForwarderOptions options;
  options.epoch = kPresent;
  options.window = window;
  options.alarm_slots = alarm_slots;
  return options;
}

}  // namespace watchpost::upstream_test
