// Rows of cells without names: "D12,SMOKE,ALARM,2026-01-01", and tables whose first row names them.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <string>
#include <vector>

#include "danger/forms.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"
#include "danger/topic_meaning.hpp"
#include "danger/values.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;
using Cells = std::vector<std::string_view>;

constexpr std::size_t kMostCells = 32;
constexpr std::size_t kMostRowsOfCells = 64;
constexpr std::size_t kLongestCell = 60;

// Empty where it is no row.
Cells cells_of(std::string_view row, char divider) {
  Cells cells;
  while (!row.empty()) {
    const auto end = std::min(row.find(divider), row.size());
    auto cell = sdk::trim(row.substr(0, end));
    row.remove_prefix(std::min(end + 1, row.size()));
    if (cell.size() > 1 && cell.front() == '"' && cell.back() == '"') {
      cell = cell.substr(1, cell.size() - 2);
    }
    if (cell.size() > kLongestCell || cells.size() == kMostCells) return {};
    cells.push_back(cell);
  }
  return cells;
}

// The one that divides most.
char divider_of(std::string_view row) {
  char best = ',';
  for (const char divider : {',', ';', '|', '\t'}) {
    const auto count = [&](char c) { return std::count(row.begin(), row.end(), c); };
    if (count(divider) > count(best)) best = divider;
  }
  return best;
}

bool are_names(const Cells& cells) {
  return std::all_of(cells.begin(), cells.end(), [](std::string_view cell) {
    return !cell.empty() && !sdk::number_from(cell) && !Phrase(cell).words().empty();
  });
}

// How a danger is: a yes or no, or a word for it; nothing where the cell says something else.
bool is_state(std::string_view cell) {
  if (const auto number = sdk::number_from(cell)) return *number == 0 || *number == 1;
  const auto said = meaning_of_text({.name = "state", .text = cell});
  return !said.danger && said.saying != Saying::unread && said.saying != Saying::nothing;
}

std::string_view state_among(const Cells& cells) {
  std::string_view found;
  for (const auto cell : cells) {
    if (sdk::number_from(cell) || !is_state(cell)) continue;
    if (found.empty()) found = cell;
  }
  return found;
}

// {"SMOKE":"ALARM"} of "D12,SMOKE,ALARM"; {"event":"SOS"} of "8600,SOS,31.2". Empty where no cell
// names a danger.
json::object named_cells(const Cells& cells) {
  json::object out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto meaning = meaning_of_name(cells[i]);
    if (!names_danger(meaning)) continue;
    const bool has_next = i + 1 < cells.size() && is_state(cells[i + 1]);
    const auto state = has_next ? cells[i + 1] : state_among(cells);
    // "SOS", and no "Help: press 1".
    const bool for_person =
        meaning.danger == Danger::sos &&
        meaning_of_text({.name = "event", .text = cells[i]}).saying == Saying::alarm;
    if (!state.empty()) {
      out[cells[i]] = state;
    } else if (for_person || says_alarm_in_words(cells[i])) {
      out["event"] = cells[i];
    }
  }
  return out;
}

std::vector<std::string_view> rows_in(std::string_view payload) {
  std::vector<std::string_view> rows;
  while (!payload.empty() && rows.size() < kMostRowsOfCells) {
    const auto end = std::min(payload.find('\n'), payload.size());
    const auto row = sdk::trim(payload.substr(0, end));
    if (!row.empty()) rows.push_back(row);
    payload.remove_prefix(std::min(end + 1, payload.size()));
  }
  return rows;
}

}  // namespace

json::object cells_of_row(const json::array& row) {
  if (row.size() < 2 || row.size() > kMostCells) return {};
  std::vector<std::string> texts;
  texts.reserve(row.size());
  for (const auto& cell : row) {
    if (cell.is_object() || cell.is_array()) return {};
    texts.push_back(cell.is_string() ? std::string(cell.get_string()) : json::serialize(cell));
    if (texts.back().size() > kLongestCell) return {};
  }
  return named_cells(Cells(texts.begin(), texts.end()));
}

std::optional<json::array> cells_in(std::string_view payload) {
  const auto rows = rows_in(payload);
  if (rows.empty()) return std::nullopt;
  const char divider = divider_of(rows.front());
  const auto names = cells_of(rows.front(), divider);
  if (names.size() < 2) return std::nullopt;
  const bool is_table = rows.size() > 1 && are_names(names);
  json::array out;
  for (std::size_t i = is_table ? 1 : 0; i < rows.size(); ++i) {
    const auto cells = cells_of(rows[i], divider);
    if (is_table && cells.size() != names.size()) return std::nullopt;
    json::object row;
    for (std::size_t at = 0; is_table && at < cells.size(); ++at) row[names[at]] = cells[at];
    if (!is_table) row = named_cells(cells);
    if (!row.empty()) out.emplace_back(std::move(row));
  }
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace watchpost::danger
