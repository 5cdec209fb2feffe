// AlarmCheck: reads the alarms against their checksums and against the records of their
// transitions: a row says what its newest record says, and what is open by its records has a row.
// Promise: as StoreVerifier: in steps, each a short transaction; what the daemon writes meanwhile
// is no finding. Memory: one entry for each alarm that has a record. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "spool/tables/transition_log.hpp"

namespace watchpost::spool {

class AlarmCheck final : public TableCheck {
 public:
  // `rows`: looks at each row by itself.
  AlarmCheck(sqlite::Database& database, std::unique_ptr<TableCheck> rows)
      : database_(database), rows_(std::move(rows)) {}

  [[nodiscard]] Result<bool> step(CheckReport& report) override;

 private:
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<bool> read_logs(std::int64_t most);
  [[nodiscard]] Result<bool> compare_some(CheckReport& report);
  [[nodiscard]] Result<void> compare(const NewestTransition& newest, CheckReport& report);
  [[nodiscard]] Result<void> compare(const NewestTransition& newest, const Alarm& row,
                                     CheckReport& report);
  [[nodiscard]] Result<bool> is_lost_after(const NewestTransition& newest);
  [[nodiscard]] TransitionLog& log_of(EventClass event_class);

  sqlite::Database& database_;
  std::unique_ptr<TableCheck> rows_;  // null once all were looked at
  bool is_prepared_ = false;
  bool has_read_logs_ = false;
  std::vector<TransitionLog> logs_;  // as kTransitionClasses
  sqlite::Statement row_, highest_, drops_;
  NewestTransitions newest_;
  AlarmSerial compared_;  // up to this one
};

}  // namespace watchpost::spool
