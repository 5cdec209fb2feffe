#include "cli/duty/device_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/encoding.hpp"
#include "base/gb18030.hpp"

namespace watchpost::cli {
namespace {

using Cells = std::vector<std::string>;
// What a spreadsheet takes for a formula, and the mark against it: it shows such a cell as text.
constexpr char kGuard = '\'';
constexpr std::string_view kGuarded = "=+-@\t\r'";

// Reads a table line by line; a cell in quotes may have line ends in it.
class Table {
 public:
  explicit Table(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kUtf8Mark)) rest_.remove_prefix(kUtf8Mark.size());
    const std::string_view first = rest_.substr(0, rest_.find('\n'));
    separator_ =
        first.find(';') != std::string_view::npos && first.find(',') == first.npos ? ';' : ',';
  }
  // Of the line that was read last, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }
  // Nothing: no more, or is_broken().
  [[nodiscard]] std::optional<Cells> next() {
    if (rest_.empty()) return std::nullopt;
    line_ = next_line_;
    Cells cells;
    bool more = true;
    while (more) {
      cells.emplace_back();
      if (!read_cell(cells.back(), more)) {
        is_broken_ = true;
        return std::nullopt;
      }
    }
    ++next_line_;
    return cells;
  }
  [[nodiscard]] bool is_broken() const { return is_broken_; }

 private:
  // `more`: another cell of the line follows.
  bool read_cell(std::string& cell, bool& more) {
    if (rest_.starts_with('"') && !read_quoted(cell)) return false;
    const auto end = std::min(rest_.find(separator_), rest_.find('\n'));
    cell += rest_.substr(0, std::min(end, rest_.size()));
    more = end < rest_.size() && rest_[end] == separator_;
    rest_.remove_prefix(end < rest_.size() ? end + 1 : rest_.size());
    if (!more && cell.ends_with('\r')) cell.pop_back();
    return true;
  }
  bool read_quoted(std::string& cell) {
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"' && !rest_.starts_with('"')) return true;
      if (c == '"') rest_.remove_prefix(1);
      if (c == '\n') ++next_line_;
      cell.push_back(c);
    }
    return false;
  }

  std::string_view rest_;
  char separator_ = ',';
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  bool is_broken_ = false;
};

Failure unreadable(std::size_t line, std::string_view english, std::string_view chinese) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("Line {}: {}", line, english),
              "Correct it; nothing was entered. `watchpost devices export` shows the form"},
      Chinese{fmt::format("第 {} 行：{}", line, chinese),
              "请改正；尚未登记任何设备。`watchpost devices export` 可以看到格式"});
}

std::optional<std::size_t> column_of(const Cells& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

bool is_guarded(std::string_view cell) {
  return cell.size() > 1 && cell.front() == kGuard && kGuarded.find(cell[1]) != kGuarded.npos;
}

std::optional<std::string> cell_at(const Cells& cells, std::optional<std::size_t> column) {
  if (!column) return std::nullopt;
  const std::string cell = *column < cells.size() ? cells[*column] : std::string();
  return is_guarded(cell) ? cell.substr(1) : cell;
}

bool is_blank(const Cells& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); });
}

Result<std::vector<DeviceLine>> lines_from(std::string_view text) {
  Table table(text);
  const auto names = table.next();
  if (!names || !column_of(*names, "device"))
    return unreadable(1, "there is no column `device`", "没有 `device` 列");
  std::vector<DeviceLine> lines;
  std::unordered_set<std::string> seen;
  while (const auto cells = table.next()) {
    if (is_blank(*cells)) continue;
    const auto cell = [&](std::string_view name) {
      return cell_at(*cells, column_of(*names, name));
    };
    DeviceLine line{cell("device").value_or(""),
                    cell("name"),
                    cell("place"),
                    cell("expected_interval"),
                    cell("service"),
                    cell("why"),
                    cell("by"),
                    cell("since")};
    if (line.device.empty()) return unreadable(table.line(), "it names no device", "没有写设备");
    if (!seen.insert(line.device).second)
      return unreadable(table.line(), "the device stands there twice", "该设备出现了两次");
    lines.push_back(std::move(line));
  }
  if (table.is_broken()) return unreadable(table.line(), "a quote is never closed", "引号没有结束");
  return lines;
}

}  // namespace

Result<std::vector<DeviceLine>> device_lines_from_csv(std::string_view text) {
  if (is_utf8(text)) return lines_from(text);
  const Gb18030Text read = from_gb18030(text);
  if (read.is_whole) return lines_from(read.utf8);
  return in_both(
      Failure::Kind::invalid_input,
      English{"The table is neither UTF-8 nor GB 18030",
              "Save it as \"CSV UTF-8\"; nothing was entered"},
      Chinese{"表格既不是 UTF-8 也不是 GB 18030 编码", "请另存为“CSV UTF-8”；尚未登记任何设备"});
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line.push_back(',');
    const bool is_quoted = cell.find_first_of(",;\"\r\n") != std::string::npos;
    if (is_quoted) line.push_back('"');
    if (!cell.empty() && kGuarded.find(cell.front()) != kGuarded.npos) line.push_back(kGuard);
    for (const char c : cell) {
      if (c == '"') line.push_back('"');
      line.push_back(c);
    }
    if (is_quoted) line.push_back('"');
  }
  return line + "\r\n";
}

}  // namespace watchpost::cli
