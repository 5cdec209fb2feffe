// salvage: the steps of making a new store of what a damaged one still holds; LiveStore takes them
// in their order. Promise: the damaged files are only read. Called at start-up, by one thread.
#pragma once

#include <vector>

#include "spool/room/space.hpp"
#include "spool/salvage/row_saver.hpp"
#include "spool/writer/store_directory.hpp"
#include "spool/writer/witness.hpp"

namespace watchpost::spool {

// Every row that can be read of the store and is wanted, into building_file().
[[nodiscard]] Result<Salvaged> save_rows(const StoreDirectory& directory,
                                         RowSaver::Options options);

// All numbers that were given and have no row; what of them is delivered or in the ledger already
// is sorted out where they are written.
[[nodiscard]] std::vector<Loss> losses_of(const Salvaged& salvaged,
                                          const PerClass<LogExtent>& logs);

// Numbers were given that the store does not have any more: none of them may be given again, or an
// upstream would take new records for repeats of old ones. The witness may name the epoch before:
// it is written after the commit.
[[nodiscard]] bool has_forgotten(const Witness& witness, const PerClass<Seq>& newest);

// A copy of a WAL whose end SQLite does not read. Opening moves what it can read into the database
// and empties the WAL, and only then the witness can be asked whether more was there.
class TornWal {
 public:
  explicit TornWal(const StoreDirectory& directory);
  // Whole and on disk under its name, or not there: half a copy must never be put back.
  void keep() const;
  void put_back() const;
  void forget() const;

 private:
  std::filesystem::path wal_;
  std::filesystem::path copy_;
};

}  // namespace watchpost::spool
