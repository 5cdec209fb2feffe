#include "spool/tables/alarm_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/alarm_row.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

class AlarmFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override {
    const auto* alarm = std::get_if<SharedAlarm>(&fact);
    return alarm == nullptr ? Result<void>{} : write(**alarm);
  }
  [[nodiscard]] Result<void> read(StoredFacts& facts) override;

 private:
  [[nodiscard]] Result<void> write(const Alarm& alarm);
  sqlite::Statement keep_, forget_, all_, newest_;
};

std::optional<Alarm> alarm_in(const Row& row) {
  auto alarm = alarm_from_row(row[2].bytes);
  if (!alarm || static_cast<std::int64_t>(alarm->number.serial.value) != row[0].integer) return {};
  return alarm;
}

class AlarmRows final : public Table {
 public:
  AlarmRows() : Table({"alarm", {{"number"}, {"open"}, {"content", blob}, {"sum"}}, 0}) {}

  [[nodiscard]] bool is_plausible(const Row& row) const override { return row[0].integer > 0; }
  [[nodiscard]] Believed believed() const override { return Believed::committed; }
  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return AlarmFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: what is kept of alarm {}", row[0].integer),
            "It is missing in the list of open alarms; its records tell what became of it, and its "
            "device raises it anew. Check the disk"};
  }
  void look(const Row& row, const StoreView& /*view*/, CheckReport& report) const override {
    if (!alarm_in(row)) report.found(damaged(row));
  }
};

Result<std::unique_ptr<FactTable>> AlarmFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<AlarmFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, alarm_table().insert_sql("INSERT OR REPLACE")},
      {&facts->forget_,
       "DELETE FROM alarm WHERE open = 0 AND number <= (SELECT max(number) FROM alarm) - ?1"},
      {&facts->all_,
       "SELECT * FROM alarm WHERE open = 1 OR number > (SELECT max(number) FROM alarm) - ?1"},
      {&facts->newest_, "SELECT max(number) FROM alarm"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> AlarmFacts::write(const Alarm& alarm) {
  const std::string content = row_text(alarm);
  Row row{{integer, static_cast<std::int64_t>(alarm.number.serial.value), {}},
          {integer, alarm.is_open() ? 1 : 0, {}},
          {blob, 0, content}};
  row.push_back({});
  row.back() = {integer, alarm_table().sum_of(row), {}};
  Table::bind(keep_, row);
  if (auto done = keep_.run(); !done || alarm.is_open()) return done;
  forget_.bind(1, kMostClosedAlarms);
  return forget_.run();
}

Result<void> AlarmFacts::read(StoredFacts& facts) {
  StoredJudgement& judgement = facts.judgement;
  all_.bind(1, kMostRecalledAlarms);
  auto more = all_.step();
  for (; more && *more; more = all_.step()) {
    const Row row = alarm_table().row_at(all_);
    if (!alarm_table().recognises(row)) continue;
    if (auto alarm = alarm_in(row))
      judgement.alarms.push_back(std::make_shared<const Alarm>(std::move(*alarm)));
  }
  if (!more) return more.error();
  // Also that of a row that is damaged was given.
  auto newest = newest_.step();
  if (!newest) return newest.error();
  judgement.numbers_given =
      static_cast<std::uint64_t>(std::max<std::int64_t>(newest_.integer(0), 0));
  newest_.reset();
  return {};
}

}  // namespace

const Table& alarm_table() {
  static const AlarmRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
