// LogCheck: reads one log against its checksums, its epochs and the drop ledger.
// Promise: as StoreVerifier: steps of a few hundred rows, each a short transaction; what the daemon
// removes meanwhile is no finding. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/seq_range.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

class LogCheck final : public TableCheck {
 public:
  LogCheck(sqlite::Database& database, const StoreView& view, EventClass event_class)
      : database_(database), view_(view), event_class_(event_class) {}

  [[nodiscard]] Result<bool> step(CheckReport& report) override;

 private:
  struct Found {
    Seq seq;
    std::uint64_t position = 0;
    Epoch epoch;  // empty: the checksum does not fit
  };

  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<std::vector<Found>> read_together();
  [[nodiscard]] Result<std::vector<Found>> read_rows();
  [[nodiscard]] Result<std::vector<SeqRange>> dropped_in(SeqRange range);
  void look_at(const Found& row, CheckReport& report);
  [[nodiscard]] Result<void> look_at_hole(SeqRange hole, CheckReport& report);
  [[nodiscard]] Result<bool> is_removed(Seq seq);

  sqlite::Database& database_;
  const StoreView& view_;
  EventClass event_class_;
  sqlite::Statement records_, oldest_, drops_;
  bool is_prepared_ = false;
  Seq after_;
  std::uint64_t position_ = 0;
  std::vector<SeqRange> dropped_;  // of this step
};

}  // namespace watchpost::spool
