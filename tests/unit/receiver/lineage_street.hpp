// A receiver of one gateway with several epochs, for the tests of its lineage.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "receiver/audit.hpp"
#include "receiver/store.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

namespace watchpost::receiver::test {

inline const std::string kSecond = "7f3a0002";
inline const std::string kThird = "7f3a0003";

struct LineageStreet {
  support::TempDirectory directory;
  std::filesystem::path file = directory.path() / "RECEIVED.db";
  std::optional<Store> store = Store::open(file).value();
  std::vector<Notice> notices;

  Kept keep(const std::vector<Message>& messages) {
    Kept kept = store->keep(messages, WallTime{std::chrono::seconds{1}}).value();
    notices.insert(notices.end(), kept.notices.begin(), kept.notices.end());
    return kept;
  }
  void reopen() {
    store.reset();
    store = Store::open(file).value();
  }
  [[nodiscard]] Audit audited() const { return audit(file, {}).value(); }
  [[nodiscard]] std::int64_t query(const char* sql) const {
    return sqlite::Database::open(file, sqlite::Database::Access::read_only)
        .value()
        .query_integer(sql)
        .value();
  }
};

// The status event that begins an epoch: telemetry begins with `first`, status with the event
// itself.
struct Begin {
  std::string epoch;
  std::string previous;
  std::uint64_t first;
  std::uint64_t status;
};
inline Message begins(const Begin& begin, std::string_view reason = "start") {
  EventParts parts;
  parts.sequence = begin.status;
  parts.event_class = "status";
  parts.epoch = begin.epoch;
  parts.type = "cn.watchpost.gateway.store.v1";
  parts.members = fmt::format(R"("epoch":"{}","previous":"{}","saved":0,"lost":0,"reason":"{}",)"
                              R"("first":{{"alarm":1,"patrol":1,"status":{},"telemetry":{}}})",
                              begin.epoch, begin.previous, reason, begin.status, begin.first);
  return message(parts);
}

}  // namespace watchpost::receiver::test
