// PageCells: rows in the bytes of one page of an SQLite file, without SQLite.
// Promise: the bytes may be anything; nothing outside the given views is read. A cell whose parts
// contradict each other is not passed on. Whether a row is genuine is for its
// checksum to say (found_row.hpp). Pure; called by the salvage at start-up.
// Format: sqlite.org/fileformat2.html, sections 1.6 and 2.1.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spool/tables/row.hpp"

namespace watchpost::spool {

// SQLite's default since 2016, and we never set another one: so no damaged header can mislead us.
inline constexpr std::size_t kPageSize = 4096;
// A record of MQTT's largest packet, and some more: what claims to be longer is no row of ours.
inline constexpr std::uint64_t kMostPayload = 270ULL << 20U;

// The header of a row of a table without rowids is shorter: few columns, their types in at most
// five bytes each.
inline constexpr std::uint64_t kLongestKeyedHeader = 80;

struct Varint {
  std::uint64_t value = 0;
  std::size_t length = 0;  // bytes it took
};
[[nodiscard]] std::optional<Varint> read_varint(std::string_view bytes);
[[nodiscard]] std::uint32_t read_big_endian(std::string_view four_bytes);

// The columns of a whole payload; nothing where header and length contradict each other, or where
// a column is of a type that we never store (a floating-point number). Views into the payload.
[[nodiscard]] std::optional<Row> read_columns(std::string_view payload);

// A row as it stands on its page: its beginning, and where the rest is.
struct Cell {
  bool has_rowid = false;  // of a table; cells of WITHOUT ROWID tables have none
  bool is_listed = false;  // named by its page's list; false: may be the remains of a removed row
  std::int64_t rowid = 0;
  std::uint64_t payload_size = 0;
  std::string_view local;      // the part of the payload on this page
  std::uint32_t overflow = 0;  // page with the next part, 0: none
};

// Calls `visit` for every cell that the page's own list names, then for every other place on the
// page that reads like one: a list that was damaged hides no row. The same row may come twice.
// `visit` says whether the cell was a row of ours.
using CellVisitor = std::function<bool(const Cell&)>;
void visit_cells(std::string_view page, const CellVisitor& visit);

// The first bytes of page 1, which begins with the header of the file.
inline constexpr std::string_view kFileMagic{"SQLite format 3\0", 16};

}  // namespace watchpost::spool
