#include "spool/tables/duty_table.hpp"

#include <utility>

#include "model/duty_rows.hpp"
#include "spool/tables/read_rows.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

class DutyFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override {
    const auto* duty = std::get_if<SharedDuty>(&fact);
    return duty == nullptr ? Result<void>{} : write(**duty);
  }
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  [[nodiscard]] Result<void> write(const Duty& duty);
  sqlite::Statement keep_, all_;
};

class DutyRows final : public Table {
 public:
  DutyRows() : Table({"duty", {{"one"}, {"content", blob}, {"sum"}}, 0, "CHECK (one = 1)"}) {}

  [[nodiscard]] bool is_plausible(const Row& row) const override { return row[0].integer == 1; }
  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return DutyFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& /*row*/) const override {
    return {"Damaged: whether a drill is under way",
            "Without it every alarm is a real one; begin the drill again, and check the disk"};
  }
  void look(const Row& row, const StoreView& /*view*/, CheckReport& report) const override {
    if (!duty_from_row(row[1].bytes)) report.found(damaged(row));
  }
};

Result<std::unique_ptr<FactTable>> DutyFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<DutyFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, duty_table().insert_sql("INSERT OR REPLACE")},
      {&facts->all_, "SELECT * FROM duty"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> DutyFacts::write(const Duty& duty) {
  const std::string content = row_text(duty);
  Row row{{integer, 1, {}}, {blob, 0, content}};
  row.push_back({});
  row.back() = {integer, duty_table().sum_of(row), {}};
  Table::bind(keep_, row);
  return keep_.run();
}

Result<void> DutyFacts::read(const FactsRead& read) {
  return read_rows(duty_table(), all_, read, [&read](const Row& row) {
    auto duty = duty_from_row(row[1].bytes);
    if (!duty) return false;
    read.facts.judgement.duty = std::make_shared<const Duty>(std::move(*duty));
    return true;
  });
}

}  // namespace

const Table& duty_table() {
  static const DutyRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
