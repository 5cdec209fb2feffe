// Fuzzes the code that reads a damaged store without SQLite. The first byte says how many pages are
// the database; the rest is the WAL. Nothing may crash, and every supposed row is read to its end.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include "spool/salvage/found_row.hpp"
#include "spool/salvage/store_pages.hpp"
#include "support/temp_directory.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace watchpost::spool;
  if (size == 0) return 0;
  static const watchpost::support::TempDirectory directory;
  const std::string input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto in_database = std::min<std::size_t>(input.size(), bytes[0] * kPageSize);
  const auto file = directory.path() / "store";
  std::ofstream(file, std::ios::binary) << input.substr(0, in_database);
  std::ofstream(file.string() + "-wal", std::ios::binary) << input.substr(in_database);
  const auto pages = StorePages::open(file);
  if (!pages) std::abort();
  (void)pages->schema_version();
  std::size_t rows = 0;
  pages->visit_all(
      [&](const Cell& cell, std::string_view payload, const StorePages::RowOrigin& place) {
        if (payload.size() != cell.payload_size) std::abort();
        if (place.frames > pages->wal().frames().size()) std::abort();
        const bool is_row = find_row(cell, payload).has_value();
        rows += is_row ? 1 : 0;
        return is_row;
      });
  return rows > 1'000'000 ? 1 : 0;
}
