// Table: one kind of row: its columns, its checksum, and what salvage and verifier ask of it.
// Promise: who opens, salvages, verifies or tests a store walks the list of tables (all_tables.hpp)
// and knows none of them by name. So a new table is one new file and one line of that list.
// How the daemon writes and reads its rows stands in the same file as its Table.
// Stateless; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spool/tables/check_report.hpp"
#include "spool/tables/fact_table.hpp"
#include "spool/tables/row.hpp"
#include "spool/tables/salvaged.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

struct Column {
  std::string_view name;
  ColumnValue::Type type = ColumnValue::Type::integer;
  bool may_be_null = false;
};

struct TableShape {
  std::string_view name;
  std::vector<Column> columns;  // the last one is the checksum, `sum`
  // The first so many are the key of a table without rowids; 0: the first one is the rowid.
  std::size_t keys = 0;
  std::string_view constraint{};  // besides, in the words of CREATE TABLE
};

class Table {
 public:
  explicit Table(TableShape shape) : shape_(std::move(shape)) {}
  virtual ~Table() = default;
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  [[nodiscard]] std::string_view name() const { return shape_.name; }
  [[nodiscard]] const std::vector<Column>& columns() const { return shape_.columns; }
  [[nodiscard]] bool has_rowid() const { return shape_.keys == 0; }
  [[nodiscard]] std::string create_sql() const;
  // The statement has one parameter for each column, in the order of the columns.
  [[nodiscard]] std::string insert_sql(std::string_view verb) const;
  // Up to ?1 rows past the key in ?2 and following, in the order of the key.
  [[nodiscard]] std::string select_after_sql() const;
  [[nodiscard]] std::size_t key_count() const { return shape_.keys == 0 ? 1 : shape_.keys; }

  // The columns of the row on which the statement stands; not checked.
  [[nodiscard]] Row row_at(const sqlite::Statement& statement) const;
  static void bind(sqlite::Statement& statement, const Row& row, int first = 1);

  // True for a row of this table, wherever it was found: number and types of its columns, its
  // checksum, which names the table, and what the values may be.
  [[nodiscard]] bool recognises(const Row& row) const;
  // Over all columns but the rowid and the sum itself.
  [[nodiscard]] virtual std::int64_t sum_of(const Row& row) const;
  [[nodiscard]] virtual bool is_plausible(const Row& /*row*/) const { return true; }

  // Salvage: which copies of a row are believed.
  enum class Believed : std::uint8_t {
    live,       // only where SQLite itself would read it: an older one could undo a change
    committed,  // also older ones, but of no transaction that never ended
    anywhere,   // every copy: a row is never changed, and none may be lost
  };
  [[nodiscard]] virtual Believed believed() const { return Believed::live; }
  // Called for each row that is recognised and believed, kept or not: the row may tell which
  // numbers were given.
  virtual void learn(const Row& /*row*/, Salvaged& /*salvaged*/) const {}
  // Into the new store; false for what `wanted` leaves out.
  [[nodiscard]] virtual bool is_kept(const Row& /*row*/, const Wanted& /*wanted*/) const {
    return true;
  }
  // Called for each table in the order of the list, once the rows of all tables are in the new
  // store.
  [[nodiscard]] virtual Result<void> complete(sqlite::Database& /*database*/,
                                              Salvaged& /*salvaged*/) const {
    return {};
  }

  // For a table of facts: what writes and reads them; null for the others.
  [[nodiscard]] virtual Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& /*database*/) const {
    return std::unique_ptr<FactTable>{};
  }

  // Verifier: reads the table in steps.
  [[nodiscard]] virtual std::unique_ptr<TableCheck> begin_check(sqlite::Database& database,
                                                                const StoreView& view) const;
  // A row whose checksum does not fit, as it is told, and what to do.
  [[nodiscard]] virtual Finding damaged(const Row& row) const;
  // Looks for faults of a row whose checksum fits.
  virtual void look(const Row& /*row*/, const StoreView& /*view*/, CheckReport& /*report*/) const {}

 private:
  [[nodiscard]] std::string column_list() const;
  TableShape shape_;
};

}  // namespace watchpost::spool
