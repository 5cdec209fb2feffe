#include "spool/tables/command_table.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/duty_rows.hpp"
#include "spool/tables/read_rows.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

class CommandFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override {
    const auto* done = std::get_if<SharedCommandDone>(&fact);
    return done == nullptr ? Result<void>{} : write(**done);
  }
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  [[nodiscard]] Result<void> write(const CommandDone& done);
  sqlite::Statement keep_, remove_, all_;
};

class CommandRows final : public Table {
 public:
  CommandRows() : Table({"command_done", {{"key", text}, {"content", blob}, {"sum"}}, 1}) {}

  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return CommandFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: that the command {} was done", row[0].bytes),
            "Sent again under the same key it would be done again; check the disk"};
  }
  void look(const Row& row, const StoreView& /*view*/, CheckReport& report) const override {
    if (!command_from_row(row[1].bytes)) report.found(damaged(row));
  }
};

Result<std::unique_ptr<FactTable>> CommandFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<CommandFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, command_table().insert_sql("INSERT OR REPLACE")},
      {&facts->remove_, "DELETE FROM command_done WHERE key = ?1"},
      {&facts->all_, "SELECT * FROM command_done ORDER BY key"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> CommandFacts::write(const CommandDone& done) {
  if (done.is_forgotten) {
    remove_.bind(1, done.key);
    return remove_.run();
  }
  const std::string content = row_text(done);
  Row row{{text, 0, done.key}, {blob, 0, content}};
  row.push_back({});
  row.back() = {integer, command_table().sum_of(row), {}};
  Table::bind(keep_, row);
  return keep_.run();
}

Result<void> CommandFacts::read(const FactsRead& read) {
  return read_rows(command_table(), all_, read, [&read](const Row& row) {
    auto done = command_from_row(row[1].bytes);
    if (!done) return false;
    read.facts.judgement.commands.push_back(std::make_shared<const CommandDone>(std::move(*done)));
    return true;
  });
}

}  // namespace

const Table& command_table() {
  static const CommandRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
