// StorePages: every page of a database and its WAL, in the order in which they may be believed.
// Promise: rows of the log as SQLite would read it come first, then what it no longer reads; what a
// row has on other pages is put together from the pages of the same moment, or else of others (the
// row's checksum decides). One page and one row in memory, and 8 bytes for each frame of the WAL.
// Called at start-up by the salvage. Never writes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spool/salvage/page_cells.hpp"
#include "spool/salvage/raw_file.hpp"
#include "spool/salvage/wal_file.hpp"

namespace watchpost::spool {

class StorePages {
 public:
  // `database` with "-wal" appended is the WAL; either may be missing.
  [[nodiscard]] static Result<StorePages> open(const std::filesystem::path& database);

  // Where a row was found.
  struct RowOrigin {
    std::size_t frames = 0;     // the WAL up to here is the row's past; 0: the database alone
    bool is_live = false;       // the newest version of its page that SQLite would read
    bool is_committed = false;  // in the database or in the chain of the WAL that SQLite reads
  };
  // `take` is given the whole payload of a row that may be ours, several times with different
  // endings where the parts on other pages are in doubt, until it says that the checksum fits.
  using Take = std::function<bool(const Cell&, std::string_view payload, const RowOrigin&)>;
  // `goes_on` is asked before each page: false ends the visit, as where nothing more can be kept.
  using GoesOn = std::function<bool()>;
  void visit_all(const Take& take, const GoesOn& goes_on = always) const;
  // Only the first pages of the database and the WAL: where the tables with one row are.
  void visit_beginning(const Take& take) const;

  // What the store says of itself, without SQLite: PRAGMA user_version; nothing where there is no
  // page 1 with SQLite's mark.
  [[nodiscard]] std::optional<std::uint32_t> schema_version() const;
  // False where page 1 has SQLite's mark and, behind it, what SQLite never writes into a store of
  // ours: it would refuse such a file for good, or only read it.
  [[nodiscard]] bool has_plausible_header() const;
  [[nodiscard]] const WalFile& wal() const { return wal_; }
  // The WAL is damaged, and the database does not have all of it. SQLite begins a WAL anew only
  // over one that is in the database; where a crash or a failing disk lets only a part of the new
  // header be written, the old frames look like commits behind a damaged one, and nothing is
  // missed.
  [[nodiscard]] bool misses_wal() const;
  [[nodiscard]] std::uint64_t page_count() const {
    return (file_.size() + kPageSize - 1) / kPageSize;
  }
  [[nodiscard]] bool is_empty() const { return file_.size() == 0 && wal_.frames().empty(); }

 private:
  static bool always() { return true; }
  // Frames of the WAL, `end` not included.
  struct Frames {
    std::size_t first;
    std::size_t end;
  };
  void visit_wal(Frames range, const Take& take, const GoesOn& goes_on) const;
  void visit_database(std::uint64_t most, const Take& take, const GoesOn& goes_on) const;
  void visit_page(std::string_view page, const RowOrigin& place, const Take& take) const;
  // A page as it was when the WAL had so many frames.
  struct PageThen {
    std::uint32_t number;
    std::size_t frames;
  };
  [[nodiscard]] bool read_page(PageThen which, std::string& page) const;
  [[nodiscard]] std::optional<std::size_t> frame_of(PageThen which) const;
  [[nodiscard]] bool assemble(const Cell& cell, std::size_t frames, std::string& payload) const;

  RawFile file_;
  WalFile wal_;
  // Page and frame, sorted: the newest version of a page before a frame is one search.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_page_;
};

}  // namespace watchpost::spool
