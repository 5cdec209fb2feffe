// device_csv: devices as a table that office programs read and write (RFC 4180).
// Promise: what is exported and read again is the same, and no cell of it is a formula for the
// program that opens it; a line that cannot be read is named with its number. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/device_card.hpp"

namespace watchpost::cli {

// As Excel begins a file in UTF-8; without it Excel takes the text for the coding of its country.
inline constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// What is not there is a column that the table has not: it leaves the value as it is.
struct DeviceLine {
  std::string device;
  std::optional<std::string> name{};
  std::optional<std::string> place{};
  std::optional<std::string> expected_interval{};  // "1 h", "never", or nothing
  // Columns of an export that are not entered with a table.
  std::optional<std::string> service{}, why{}, by{}, since{};
  std::array<std::optional<std::string>, kCardTexts.size()> card{};  // in the order of kCardTexts
  friend bool operator==(const DeviceLine&, const DeviceLine&) = default;
};
// The first line names the columns: `device` must be there, the others may, and no more. A line has
// a field for each; nothing of it is passed over, and a value that the daemon would not take is
// named with its line. Columns are parted by commas or semicolons. UTF-8, or GB 18030, as Excel in
// Chinese writes a table.
[[nodiscard]] Result<std::vector<DeviceLine>> device_lines_from_csv(std::string_view text);
// The names of all columns, in the order of an export.
[[nodiscard]] std::vector<std::string> device_columns();
[[nodiscard]] std::string device_csv_line(const DeviceLine& line);
// One line of a table, its end included.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

}  // namespace watchpost::cli
