#include "spool/tables/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using Type = ColumnValue::Type;

std::string_view sql_of(Type type) {
  switch (type) {
    case Type::integer:
      return "INTEGER";
    case Type::text:
      return "TEXT";
    case Type::blob:
      return "BLOB";
    case Type::null:
      break;
  }
  return {};
}

void bind_value(sqlite::Statement& statement, int at, const ColumnValue& value) {
  switch (value.type) {
    case Type::null:
      return statement.bind_null(at);
    case Type::integer:
      return statement.bind(at, value.integer);
    case Type::text:
      return statement.bind(at, value.bytes);
    case Type::blob:
      return statement.bind_bytes(at, value.bytes);
  }
}

// Each row by itself: what most tables need of the verifier.
class RowCheck final : public TableCheck {
 public:
  RowCheck(const Table& table, sqlite::Database& database, const StoreView& view)
      : table_(table), database_(database), view_(view) {
    for (std::size_t i = 0; i < table.key_count(); ++i) {
      const bool is_text = table.columns()[i].type == Type::text;
      last_key_.push_back({is_text ? Type::text : Type::integer, is_text ? 0 : kBeforeAll, {}});
    }
    key_bytes_.resize(last_key_.size());
  }

  [[nodiscard]] Result<bool> step(CheckReport& report) override {
    if (auto prepared = prepare(); !prepared) return prepared.error();
    select_.bind(1, kRowsPerCheckStep);
    Table::bind(select_, last_key_, 2);
    std::int64_t rows = 0;
    auto more = select_.step();
    for (; more && *more; more = select_.step()) {
      ++rows;
      look_at(table_.row_at(select_), report);
    }
    if (!more) return more.error();
    for (std::size_t i = 0; i < last_key_.size(); ++i) {
      last_key_[i] = next_key_.empty() ? last_key_[i] : next_key_[i];
      key_bytes_[i] = next_bytes_.empty() ? key_bytes_[i] : next_bytes_[i];
      last_key_[i].bytes = key_bytes_[i];
    }
    return rows == kRowsPerCheckStep;
  }

 private:
  static constexpr std::int64_t kBeforeAll = -1;

  Result<void> prepare() {
    if (is_prepared_) return {};
    auto select = database_.prepare(table_.select_after_sql());
    if (!select) return select.error();
    select_ = std::move(*select);
    is_prepared_ = true;
    return {};
  }

  void look_at(const Row& row, CheckReport& report) {
    ++report.rows[std::string(table_.name())];
    next_key_.assign(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(last_key_.size()));
    next_bytes_.clear();
    for (const ColumnValue& part : next_key_) next_bytes_.emplace_back(part.bytes);
    if (table_.recognises(row)) {
      table_.look(row, view_, report);
    } else {
      report.found(table_.damaged(row));
    }
  }

  const Table& table_;
  sqlite::Database& database_;
  const StoreView& view_;
  sqlite::Statement select_;
  bool is_prepared_ = false;
  Row last_key_;
  std::vector<std::string> key_bytes_;  // what the texts in it point to
  Row next_key_;
  std::vector<std::string> next_bytes_;
};

}  // namespace

std::string Table::column_list() const {
  std::string list;
  for (const Column& column : columns()) {
    if (!list.empty()) list += ", ";
    list += column.name;
  }
  return list;
}

std::string Table::create_sql() const {
  std::string sql = fmt::format("CREATE TABLE {} (", name());
  for (std::size_t i = 0; i < columns().size(); ++i) {
    const Column& column = columns()[i];
    const bool is_whole_key = i == 0 && key_count() == 1;
    sql += fmt::format("{}{} {}{}", i == 0 ? "" : ", ", column.name, sql_of(column.type),
                       is_whole_key         ? " PRIMARY KEY"
                       : column.may_be_null ? ""
                                            : " NOT NULL");
    if (is_whole_key && shape_.constraint.starts_with("CHECK")) {
      sql += fmt::format(" {}", shape_.constraint);
    }
  }
  if (!shape_.constraint.empty() && !shape_.constraint.starts_with("CHECK")) {
    sql += fmt::format(", {}", shape_.constraint);
  }
  if (key_count() > 1) {
    sql += ", PRIMARY KEY (";
    for (std::size_t i = 0; i < shape_.keys; ++i) {
      sql += fmt::format("{}{}", i == 0 ? "" : ", ", columns()[i].name);
    }
    sql += ")";
  }
  return sql + (has_rowid() ? ") STRICT" : ") STRICT, WITHOUT ROWID");
}

std::string Table::insert_sql(std::string_view verb) const {
  std::string values;
  for (std::size_t i = 1; i <= columns().size(); ++i) {
    values += fmt::format("{}?{}", i == 1 ? "" : ", ", i);
  }
  return fmt::format("{} INTO {} ({}) VALUES ({})", verb, name(), column_list(), values);
}

std::string Table::select_after_sql() const {
  std::string key;
  std::string parameters;
  for (std::size_t i = 0; i < key_count(); ++i) {
    key += fmt::format("{}{}", i == 0 ? "" : ", ", columns()[i].name);
    parameters += fmt::format("{}?{}", i == 0 ? "" : ", ", i + 2);
  }
  return fmt::format("SELECT {} FROM {} WHERE ({}) > ({}) ORDER BY {} LIMIT ?1", column_list(),
                     name(), key, parameters, key);
}

Row Table::row_at(const sqlite::Statement& statement) const {
  Row row(columns().size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int at = static_cast<int>(i);
    ColumnValue& value = row[i];
    value.type = columns()[i].type;
    switch (columns()[i].type) {
      case Type::text:
        value.bytes = statement.text(at);
        break;
      case Type::blob:
        value.bytes = statement.bytes(at);
        break;
      case Type::integer:
      case Type::null: {
        // Asking whether it is null costs as much as asking for the number.
        if (!columns()[i].may_be_null) {
          value.integer = statement.integer(at);
          break;
        }
        const auto number = statement.optional_integer(at);
        if (!number) value.type = Type::null;
        value.integer = number.value_or(0);
        break;
      }
    }
  }
  return row;
}

void Table::bind(sqlite::Statement& statement, const Row& row, int first) {
  for (const ColumnValue& value : row) bind_value(statement, first++, value);
}

bool Table::recognises(const Row& row) const {
  if (row.size() != columns().size()) return false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool fits =
        row[i].type == columns()[i].type || (row[i].type == Type::null && columns()[i].may_be_null);
    if (!fits) return false;
  }
  return is_plausible(row) && sum_of(row) == row.back().integer;
}

std::int64_t Table::sum_of(const Row& row) const {
  std::vector<SumPart> parts;
  for (std::size_t i = has_rowid() ? 1 : 0; i + 1 < row.size(); ++i) {
    if (row[i].type == Type::integer) {
      parts.emplace_back(row[i].integer);
    } else {
      parts.emplace_back(row[i].bytes);
    }
  }
  return row_sum(name(), parts);
}

std::unique_ptr<TableCheck> Table::begin_check(sqlite::Database& database,
                                               const StoreView& view) const {
  return std::make_unique<RowCheck>(*this, database, view);
}

Finding Table::damaged(const Row& row) const {
  const ColumnValue& key = row.front();
  return {fmt::format(
              "Damaged: row {} of the table {}",
              key.type == Type::integer ? fmt::format("{}", key.integer) : std::string(key.bytes),
              name()),
          kCheckDisk};
}

}  // namespace watchpost::spool
