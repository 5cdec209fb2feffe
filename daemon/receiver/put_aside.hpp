// PutAside: what came and cannot stand among the events: what is no event, events whose rest cannot
// be read, and events under an id that another one has.
// Promise: each is kept as it came, once; bounds as in schema.sql. The receiver's thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "receiver/event.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

class PutAside {
 public:
  static constexpr std::int64_t kMostUnreadable = 10'000;
  static constexpr std::int64_t kMostConflicts = 10'000;
  static constexpr std::size_t kMostUnreadableBytes = 65'536;

  // One number of one stream.
  struct StreamNumber {
    std::int64_t stream = 0;
    Seq sequence;
  };

  [[nodiscard]] Result<void> prepare(sqlite::Database& database);
  void begin(std::int64_t now) { now_ = now; }

  struct Unreadable {
    std::string_view topic, reason, body;
  };
  [[nodiscard]] Result<void> unreadable(const Unreadable& message);
  // False where it was kept before.
  [[nodiscard]] Result<bool> damaged(const StreamNumber& place, const DamagedEvent& event);
  [[nodiscard]] Result<bool> conflict(const StreamNumber& place, std::string_view body);

 private:
  sqlite::Statement again_, add_unreadable_, forget_unreadable_;
  sqlite::Statement add_damaged_;
  sqlite::Statement conflict_again_, add_conflict_, forget_conflicts_;
  std::int64_t now_ = 0;
  sqlite::Database* database_ = nullptr;
};

}  // namespace watchpost::receiver
