// Forms: a message that is no JSON, as the JSON it would be: pairs ("smoke=1;temp=22", "a=1&b=2"),
// XML, the line protocol of InfluxDB, the text format of Prometheus, and rows of cells
// ("D12,SMOKE,ALARM").
// Promise: nothing for what is in none of these forms; nothing is added but the names of members
// that say what a cell or a measurement is ("name", "event"). Bounded; pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

// An object, or an array of objects.
[[nodiscard]] std::optional<sdk::json::value> read_form(std::string_view payload);

[[nodiscard]] std::optional<sdk::json::object> pairs_in(std::string_view payload);
[[nodiscard]] std::optional<sdk::json::object> xml_in(std::string_view payload);
// One object for each line.
[[nodiscard]] std::optional<sdk::json::array> lines_of_series(std::string_view payload);
[[nodiscard]] std::optional<sdk::json::array> cells_in(std::string_view payload);

// A text that stands there in hexadecimal digits, or JSON in Base64; nothing where it is neither.
[[nodiscard]] std::optional<std::string> text_within(std::string_view payload);

// [["smoke",1],["temp",22]] is {"smoke":1,"temp":22}.
[[nodiscard]] std::optional<sdk::json::object> pairs_of(const sdk::json::array& list);
// [["time","smoke"],[1,true]]: the first row names the columns.
[[nodiscard]] std::optional<sdk::json::array> table_in(const sdk::json::value& value);
// ["kitchen","smoke",1]: cells that have no names; empty where none names a danger.
[[nodiscard]] sdk::json::object cells_of_row(const sdk::json::array& row);
// {"columns":["time","smoke"],"values":[[1,1]]} is [{"time":1,"smoke":1}].
[[nodiscard]] std::optional<sdk::json::array> rows_of(const sdk::json::object& object);

}  // namespace watchpost::danger
