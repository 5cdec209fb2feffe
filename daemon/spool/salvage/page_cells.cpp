#include "spool/salvage/page_cells.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace watchpost::spool {
namespace {

constexpr std::size_t kFileHeader = 100;
constexpr std::uint8_t kInteriorIndex = 0x02;
constexpr std::uint8_t kLeafIndex = 0x0A;
constexpr std::uint8_t kLeafTable = 0x0D;
// Every row of the store has a shorter record header: no table has more than 18 columns.
constexpr std::uint64_t kLongestRecordHeader = 120;
constexpr std::uint64_t kMostColumns = 18;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t two_bytes(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(byte_at(bytes, at)) << 8U | byte_at(bytes, at + 1);
}

std::int64_t read_integer(std::string_view bytes) {
  // Two's complement, big endian: the first byte carries the sign.
  std::uint64_t value = byte_at(bytes, 0) >= 0x80 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8U | byte_at(bytes, i);
  return static_cast<std::int64_t>(value);
}

// Bytes of a column's content by its serial type; nothing for types that we never store.
std::optional<std::uint64_t> content_size(std::uint64_t serial_type) {
  constexpr std::array<std::uint64_t, 7> kIntegers{0, 1, 2, 3, 4, 6, 8};
  if (serial_type < kIntegers.size()) return kIntegers[serial_type];
  if (serial_type == 8 || serial_type == 9) return 0;
  if (serial_type >= 12) return (serial_type - 12) / 2;
  return std::nullopt;
}

ColumnValue column_value(std::uint64_t serial_type, std::string_view content) {
  ColumnValue value;
  if (serial_type == 0) return value;
  if (serial_type >= 12) {
    value.type = serial_type % 2 == 0 ? ColumnValue::Type::blob : ColumnValue::Type::text;
    value.bytes = content;
    return value;
  }
  value.type = ColumnValue::Type::integer;
  value.integer =
      content.empty() ? static_cast<std::int64_t>(serial_type) - 8 : read_integer(content);
  return value;
}

// Cheap, and strict enough that bytes which are no row hardly ever cost a walk over other pages:
// the sizes of all columns add up to the size that the cell gives for itself.
bool agrees_with_itself(const Cell& cell) {
  const auto header = read_varint(cell.local);
  if (!header || header->value < 3 || header->value > kLongestRecordHeader) return false;
  if (header->value > cell.local.size() || header->value > cell.payload_size) return false;
  std::uint64_t total = header->value;
  std::uint64_t columns = 0;
  for (std::size_t at = header->length; at < header->value;) {
    const auto type = read_varint(cell.local.substr(at, header->value - at));
    if (!type || ++columns > kMostColumns) return false;
    const auto size = content_size(type->value);
    if (!size || *size > kMostPayload) return false;
    total += *size;
    if (total > cell.payload_size) return false;  // soon, for pages full of text
    at += type->length;
  }
  return columns >= 2 && total == cell.payload_size;
}

std::size_t behind_varint(std::string_view bytes, std::size_t at) {
  const std::size_t ninth = at + 8;
  while (at < bytes.size() && at < ninth && byte_at(bytes, at) >= 0x80) ++at;
  return at + 1;
}

// A glance at one or two bytes: a long payload fills thousands of pages with text, and each byte of
// them is a place where a row might begin.
bool may_begin_at(std::string_view page, std::size_t at, bool has_rowid) {
  at = behind_varint(page, at);
  if (has_rowid) at = behind_varint(page, at);
  if (at + 1 >= page.size()) return false;
  const std::uint8_t header = byte_at(page, at);
  if (!has_rowid) return header >= 3 && header <= kLongestKeyedHeader;
  // The rowid is beside the columns, and null stands in its place among them.
  return header >= 3 && header <= kLongestRecordHeader && byte_at(page, at + 1) == 0;
}

// How much of a payload stays on its page (fileformat2, section 1.6).
std::size_t local_size(std::uint64_t payload_size, bool has_rowid) {
  constexpr std::size_t kMost = kPageSize - 35;
  constexpr std::size_t kMostInIndex = (kPageSize - 12) * 64 / 255 - 23;
  constexpr std::size_t kLeast = (kPageSize - 12) * 32 / 255 - 23;
  const std::size_t most = has_rowid ? kMost : kMostInIndex;
  if (payload_size <= most) return static_cast<std::size_t>(payload_size);
  const auto rest = static_cast<std::size_t>((payload_size - kLeast) % (kPageSize - 4));
  return kLeast + rest <= most ? kLeast + rest : kLeast;
}

std::optional<Cell> read_cell(std::string_view bytes, bool has_rowid) {
  const auto size = read_varint(bytes);
  if (!size || size->value < 4 || size->value > kMostPayload) return std::nullopt;
  bytes.remove_prefix(size->length);
  Cell cell;
  cell.has_rowid = has_rowid;
  cell.payload_size = size->value;
  if (has_rowid) {
    const auto rowid = read_varint(bytes);
    if (!rowid) return std::nullopt;
    cell.rowid = static_cast<std::int64_t>(rowid->value);
    bytes.remove_prefix(rowid->length);
  }
  const std::size_t local = local_size(size->value, has_rowid);
  if (local > bytes.size()) return std::nullopt;
  cell.local = bytes.substr(0, local);
  if (local < size->value) {
    if (bytes.size() < local + 4) return std::nullopt;
    cell.overflow = read_big_endian(bytes.substr(local));
    if (cell.overflow == 0) return std::nullopt;
  }
  if (!agrees_with_itself(cell)) return std::nullopt;
  return cell;
}

// The bytes of a page that its list, its free blocks and its count of fragments account for
// (fileformat2, section 1.6).
class Accounts {
 public:
  // False where some of them were claimed before, or are not on the page.
  [[nodiscard]] bool claim(std::size_t begin, std::size_t size) {
    if (begin > kPageSize || size > kPageSize - begin) return false;
    for (std::size_t at = begin; at < begin + size; ++at) {
      if (claimed_.test(at)) return false;
      claimed_.set(at);
    }
    return true;
  }
  // The free blocks stand in a chain in the order of their places.
  [[nodiscard]] bool claim_free_blocks(std::string_view page, std::size_t first) {
    std::size_t last = 0;
    for (std::size_t at = first; at != 0; at = two_bytes(page, at)) {
      if (at <= last || at + kLeastBlock > page.size()) return false;
      if (!claim(at, two_bytes(page, at + 2))) return false;
      last = at;
    }
    return true;
  }
  [[nodiscard]] bool are_whole(std::size_t content_begin, std::size_t fragments) const {
    return content_begin <= kPageSize && claimed_.count() + fragments == kPageSize - content_begin;
  }

  static constexpr std::size_t kLeastBlock = 4;  // also the room that a shorter cell takes

 private:
  std::bitset<kPageSize> claimed_;
};

// The cells of the page's own list; false where the list is damaged, names no row, or where it and
// the free room do not account for the whole page: a smaller count of cells would hide rows.
bool visit_listed(std::string_view page, const CellVisitor& visit) {
  const std::size_t header = page.starts_with(kFileMagic) ? kFileHeader : 0;
  const std::uint8_t type = byte_at(page, header);
  if (type != kLeafTable && type != kLeafIndex && type != kInteriorIndex) return false;
  const std::size_t count = two_bytes(page, header + 3);
  const std::size_t list = header + (type == kInteriorIndex ? 12 : 8);
  if (list + 2 * count > page.size()) return false;
  const std::size_t left_page = type == kInteriorIndex ? 4 : 0;  // before each cell
  Accounts accounts;
  bool all = true;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = two_bytes(page, list + 2 * i);
    auto cell = at + left_page < page.size()
                    ? read_cell(page.substr(at + left_page), type == kLeafTable)
                    : std::nullopt;
    if (!cell) {
      all = false;
      continue;
    }
    cell->is_listed = true;
    const auto end = static_cast<std::size_t>(cell->local.data() - page.data()) +
                     cell->local.size() + (cell->overflow != 0 ? 4 : 0);
    all = accounts.claim(at, std::max(end - at, Accounts::kLeastBlock)) && all;
    all = visit(*cell) && all;
  }
  return all && count > 0 && accounts.claim_free_blocks(page, two_bytes(page, header + 1)) &&
         accounts.are_whole(two_bytes(page, header + 5), byte_at(page, header + 7));
}

}  // namespace

std::optional<Varint> read_varint(std::string_view bytes) {
  Varint varint;
  for (std::size_t i = 0; i < bytes.size() && i < 9; ++i) {
    const std::uint8_t byte = byte_at(bytes, i);
    varint.length = i + 1;
    if (i == 8) {
      varint.value = varint.value << 8U | byte;
      return varint;
    }
    varint.value = varint.value << 7U | (byte & 0x7FU);
    if ((byte & 0x80U) == 0) return varint;
  }
  return std::nullopt;
}

std::uint32_t read_big_endian(std::string_view four_bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | byte_at(four_bytes, i);
  return value;
}

std::optional<Row> read_columns(std::string_view payload) {
  const auto header = read_varint(payload);
  if (!header || header->value > payload.size() || header->value > kLongestRecordHeader) {
    return std::nullopt;
  }
  Row columns;
  std::size_t content = static_cast<std::size_t>(header->value);
  for (std::size_t at = header->length; at < header->value;) {
    const auto type = read_varint(payload.substr(at, header->value - at));
    if (!type) return std::nullopt;
    const auto size = content_size(type->value);
    if (!size || *size > payload.size() - content) return std::nullopt;
    columns.push_back(
        column_value(type->value, payload.substr(content, static_cast<std::size_t>(*size))));
    content += static_cast<std::size_t>(*size);
    at += type->length;
  }
  if (content != payload.size()) return std::nullopt;
  return columns;
}

void visit_cells(std::string_view page, const CellVisitor& visit) {
  if (page.size() != kPageSize) return;
  if (visit_listed(page, visit)) return;
  for (std::size_t at = 0; at + 4 < page.size(); ++at) {
    for (const bool has_rowid : {true, false}) {
      if (!may_begin_at(page, at, has_rowid)) continue;
      const auto cell = read_cell(page.substr(at), has_rowid);
      if (cell) (void)visit(*cell);
    }
  }
}

}  // namespace watchpost::spool
