// StoreVerifier: reads a whole store and says what in it does not fit together.
// Promise: reads only, table by table of the list (all_tables.hpp), in steps of a few hundred rows,
// each a short transaction of its own, so that a daemon at work keeps committing and moving its
// WAL; what that daemon removes meanwhile is no finding. Memory: one step, and the findings of
// CheckReport. Used by one thread at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "spool/reader/store_view.hpp"
#include "spool/tables/check_report.hpp"

namespace watchpost::spool {

class StoreVerifier {
 public:
  [[nodiscard]] static Result<StoreVerifier> open(const std::filesystem::path& database_file);
  StoreVerifier(StoreVerifier&&) noexcept;
  StoreVerifier& operator=(StoreVerifier&&) noexcept;
  ~StoreVerifier();

  // The next few rows; false: everything was looked at. What cannot be read any more for damage is
  // a finding, anything else that fails a Failure.
  [[nodiscard]] Result<bool> step();
  // SQLite's own check of every page: one long read, for when no daemon is at work.
  [[nodiscard]] Result<void> check_pages();
  [[nodiscard]] const CheckReport& report() const;

 private:
  class Work;
  explicit StoreVerifier(std::unique_ptr<Work> work);
  std::unique_ptr<Work> work_;
};

}  // namespace watchpost::spool
