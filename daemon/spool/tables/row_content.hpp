// row_content: payload and annotation of a record as one column, compressed.
// Why: an annotation repeats most of its payload, and both are written twice, to the WAL and to the
// database. Packed they take a fourth, which an SD card lives on.
// Promise: what comes out is what went in, byte for byte; what is no packed content, damaged pages
// among it, gives nothing and asks for no more memory than such content could fill. Any thread.
//
// Form: one byte that says which dictionary (1), the sizes of payload and annotation as SQLite
// writes integers in its own files (fileformat2, section 1.6: varint), then one LZ4 block of both.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchpost::spool {

struct RowContent {
  std::string payload;
  std::string annotation;
};

// The same before it is packed; not owned.
struct RowParts {
  std::string_view payload;
  std::string_view annotation;
};

// The view lives until the next call on the same thread.
[[nodiscard]] std::string_view pack(const RowParts& parts);
[[nodiscard]] std::optional<RowContent> unpack(std::string_view packed);

}  // namespace watchpost::spool
