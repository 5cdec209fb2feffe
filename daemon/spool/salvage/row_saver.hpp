// RowSaver: takes what a salvage found into a new database, by the rules of each row's table.
// Promise: a row is only taken once, from the place that is believed most, which must come first;
// the memory it needs grows with the holes between rows, not with the rows. Called at start-up, by
// one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "spool/salvage/found_row.hpp"
#include "spool/salvage/store_pages.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

class RowSaver {
 public:
  struct Options {
    Wanted wanted;
    std::function<void()> still_at_it;  // called now and then
  };
  // Creates file and schema.
  [[nodiscard]] static Result<RowSaver> create(const std::filesystem::path& file, Options options);

  // True where the row was one of ours. Once writing failed nothing more is taken.
  [[nodiscard]] bool take(const Cell& cell, std::string_view payload,
                          const StorePages::RowOrigin& place);
  // False once writing failed: what is read after that is read for nothing.
  [[nodiscard]] bool goes_on() const { return outcome_.has_value(); }
  // Computes what depends on all rows (positions, holes). Then the file is complete, but not
  // synced. `also`: what is known about the store from elsewhere than its rows.
  [[nodiscard]] Result<Salvaged> finish(const Salvaged& also);

 private:
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> keep(const FoundRow& found);

  sqlite::Database database_;
  std::vector<std::pair<const Table*, sqlite::Statement>> inserts_;
  Options options_;
  std::uint64_t rows_ = 0;
  Salvaged salvaged_;
  Result<void> outcome_{};
};

}  // namespace watchpost::spool
