#include "cli/duty/device_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/encoding.hpp"
#include "base/gb18030.hpp"
#include "base/text.hpp"
#include "rules/command_table.hpp"
#include "settings/entered_interval.hpp"
#include "settings/values.hpp"
#include "settings/words.hpp"

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

using settings::say;
using settings::Words;

constexpr std::size_t kBefore = 4;  // columns before those of the card
constexpr auto kColumns = [] {
  std::array<std::string_view, kBefore + kCardTexts.size() + 4> columns{"device", "name", "place",
                                                                        "expected_interval"};
  std::size_t at = kBefore;
  for (const CardText& each : kCardTexts) columns[at++] = each.name;
  for (const std::string_view name : {"service", "why", "by", "since"}) columns[at++] = name;
  return columns;
}();

// Nothing is entered of a table in which this is.
Failure unreadable(std::size_t line, const Words& what, const Words& next) {
  return in_both(Failure::Kind::invalid_input,
                 English{fmt::format("Line {}: {}", line, what.english),
                         next.english + "; nothing was entered"},
                 Chinese{fmt::format("第 {} 行：{}", line, what.chinese),
                         next.chinese + "；尚未登记任何设备"});
}
Failure unreadable(std::size_t line, const Words& what) {
  return unreadable(line, what,
                    say("Correct it (`watchpost devices export` shows the form)",
                        "请改正（`watchpost devices export` 可以看到格式）"));
}

// Its beginning, between quotes.
Words in_quotes(std::string_view cell) {
  constexpr std::size_t kMostQuoted = 40;
  std::string text(cell.substr(0, kMostQuoted));
  while (!is_utf8(text)) text.pop_back();
  const std::string_view rest = text.size() < cell.size() ? "…" : "";
  return say("\"{}{}\"", "“{}{}”", text, rest);
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
  const std::string& cell = cells[*column];
  return is_guarded(cell) ? cell.substr(1) : cell;
}

bool is_blank(const Cells& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); });
}

// The names of the columns; one without a name may have nothing below it.
Result<Cells> columns_from(Table& table) {
  Cells names = table.next().value_or(Cells{});
  for (std::string& name : names) name = std::string(trimmed(name));
  std::string known;
  for (const auto name : kColumns) known += (known.empty() ? "" : ", ") + std::string(name);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (name.empty()) continue;
    if (column_of(names, name) != i)
      return unreadable(
          1, say("the column {} stands there twice", "{} 列出现了两次", in_quotes(name)));
    if (std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end()) continue;
    const auto meant = settings::meant_by(name, kColumns);
    const Words name_it =
        meant ? say("Write `{}`", "请写 `{}`", *meant) : say("Correct its name", "请改正列名");
    return unreadable(1, say("{} is no column", "没有 {} 这一列", in_quotes(name)),
                      say("{}, or delete the column; there are: {}", "{}，或删去该列；可用的列：{}",
                          name_it, known));
  }
  if (column_of(names, "device")) return names;
  return unreadable(1, say("there is no column `device`", "没有 `device` 列"),
                    say("The first line names the columns: {}", "第一行写列名：{}", known));
}

// As many fields as columns, so that none is passed over and none is emptied; of what a spreadsheet
// adds to the right, empty ones may be there.
std::optional<Failure> look_at_count(std::size_t line, const Cells& names, const Cells& cells) {
  if (cells.size() < names.size())
    return unreadable(line,
                      say("it has {} of the {} fields that the first line names",
                          "只有 {} 个字段，第一行有 {} 列", cells.size(), names.size()),
                      say("Leave a field empty between its commas", "空字段也要保留逗号"));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool has_column = i < names.size() && !names[i].empty();
    if (has_column || cells[i].empty()) continue;
    return unreadable(line,
                      say("its field {}, {}, stands below no column",
                          "第 {} 个字段 {} 没有对应的列", i + 1, in_quotes(cells[i])),
                      say("Put a text with a comma in it between double quotes, as \"3F, east\"",
                          "文字中有逗号时，请用双引号括起来，例如 \"3楼,东\""));
  }
  return std::nullopt;
}

struct BoundedText {
  std::string_view column;
  const std::optional<std::string>& text;
  std::size_t most;  // bytes
};

// Where the table has no column `consent`, it is the daemon that knows it.
std::optional<Failure> look_at_consent(std::size_t line, const DeviceLine& device) {
  DeviceCard card;
  for (std::size_t i = 0; i < kCardTexts.size(); ++i)
    card.*kCardTexts[i].text = device.card[i].value_or("");
  const bool has_column = device.card.back().has_value();
  if (!has_column || !card.lacks_consent()) return std::nullopt;
  return unreadable(
      line,
      say("the age group and the sex of who lives there are kept only with consent, and `consent` "
          "is empty",
          "住户的年龄段和性别须经本人同意才能保存，而 `consent` 列为空"),
      say("Write there who agreed, who noted it and when, or empty `age_group` and `sex`",
          "请写明谁同意、谁登记、何时登记，或清空 `age_group` 和 `sex`"));
}

// What the daemon would refuse, told with its line while nothing is sent.
std::optional<Failure> look_at_values(std::size_t line, const DeviceLine& device) {
  const std::optional<std::string> id = device.device;
  std::vector<BoundedText> texts{{"device", id, rules::kMostDevice},
                                 {"name", device.name, rules::kMostName},
                                 {"place", device.place, rules::kMostName}};
  for (std::size_t i = 0; i < kCardTexts.size(); ++i)
    texts.push_back({kCardTexts[i].name, device.card[i], rules::kMostName});
  for (const BoundedText& one : texts) {
    if (!one.text || one.text->size() <= one.most) continue;
    return unreadable(line,
                      say("the {} {} has {} bytes, {} at most (a Chinese character has 3)",
                          "{} 列 {} 有 {} 字节，最多 {}（一个汉字 3 字节）", one.column,
                          in_quotes(*one.text), one.text->size(), one.most),
                      say("Say it in fewer words", "请写短一些"));
  }
  if (auto wrong = look_at_consent(line, device)) return wrong;
  const auto& interval = device.expected_interval;
  if (!interval || interval->empty() || settings::entered_interval(*interval)) return std::nullopt;
  return unreadable(
      line,
      say("the expected_interval {} is not what it may be", "expected_interval 列 {} 不符合要求",
          in_quotes(*interval)),
      say("Write {}, or leave it empty", "请写{}，也可留空", settings::entered_interval_bounds()));
}

Result<std::vector<DeviceLine>> lines_from(std::string_view text) {
  Table table(text);
  const auto names = columns_from(table);
  if (!names) return names.error();
  std::vector<DeviceLine> lines;
  std::unordered_set<std::string> seen;
  while (const auto cells = table.next()) {
    if (is_blank(*cells)) continue;
    if (auto wrong = look_at_count(table.line(), *names, *cells)) return std::move(*wrong);
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
    for (std::size_t i = 0; i < kCardTexts.size(); ++i) line.card[i] = cell(kCardTexts[i].name);
    if (line.device.empty())
      return unreadable(table.line(), say("it names no device", "没有写设备"));
    if (auto wrong = look_at_values(table.line(), line)) return std::move(*wrong);
    if (!seen.insert(line.device).second)
      return unreadable(table.line(), say("the device stands there twice", "该设备出现了两次"));
    lines.push_back(std::move(line));
  }
  if (table.is_broken())
    return unreadable(table.line(), say("a quote is never closed", "引号没有结束"));
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

std::vector<std::string> device_columns() {
  return {kColumns.begin(), kColumns.end()};
}

std::string device_csv_line(const DeviceLine& line) {
  std::vector<std::string> cells{line.device};
  for (const auto* cell : {&line.name, &line.place, &line.expected_interval})
    cells.push_back(cell->value_or(""));
  for (const auto& cell : line.card) cells.push_back(cell.value_or(""));
  for (const auto* cell : {&line.service, &line.why, &line.by, &line.since})
    cells.push_back(cell->value_or(""));
  return csv_line(cells);
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
