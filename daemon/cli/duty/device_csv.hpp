// device_csv: devices as a table that office programs read and write (RFC 4180).
// Promise: what is exported and read again is the same; a line that cannot be read is named with
// its number. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace watchpost::cli {

struct DeviceLine {
  std::string device;
  std::string name;
  std::string place;
  friend bool operator==(const DeviceLine&, const DeviceLine&) = default;
};
// The first line names the columns: `device` must be there, `name` and `place` may; others are
// passed over. Columns are parted by commas or semicolons.
[[nodiscard]] Result<std::vector<DeviceLine>> device_lines_from_csv(std::string_view text);
// One line of a table, its end included.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

}  // namespace watchpost::cli
