#include "spool/tables/alarm_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "model/alarm_row.hpp"
#include "spool/tables/alarm_check.hpp"
#include "spool/tables/read_rows.hpp"

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
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  [[nodiscard]] Result<void> write(const Alarm& alarm);
  [[nodiscard]] Result<void> remove_damaged_before(std::int64_t number);
  sqlite::Statement keep_, forget_, remove_, all_, newest_;
  // Nothing else would ever remove them, and they would be told at every start.
  std::deque<std::int64_t> damaged_;  // in their order
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
  [[nodiscard]] std::unique_ptr<TableCheck> begin_check(sqlite::Database& database,
                                                        const StoreView& view) const override {
    return std::make_unique<AlarmCheck>(database, Table::begin_check(database, view));
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
      {&facts->remove_, "DELETE FROM alarm WHERE number = ?1"},
      {&facts->all_,
       "SELECT * FROM alarm WHERE open = 1 OR number > (SELECT max(number) FROM alarm) - ?1 "
       "ORDER BY number"},
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
  if (auto done = keep_.run(); !done) return done;
  if (auto done = remove_damaged_before(row.front().integer); !done || alarm.is_open()) return done;
  forget_.bind(1, kMostClosedAlarms);
  return forget_.run();
}

// The newest row stays, also a damaged one: numbering goes on from it.
Result<void> AlarmFacts::remove_damaged_before(std::int64_t number) {
  for (; !damaged_.empty() && damaged_.front() < number; damaged_.pop_front()) {
    remove_.bind(1, damaged_.front());
    if (auto done = remove_.run(); !done) return done;
  }
  return {};
}

Result<void> AlarmFacts::read(const FactsRead& read) {
  StoredJudgement& judgement = read.facts.judgement;
  damaged_.clear();
  all_.bind(1, kMostRecalledAlarms);
  // By number, each once; where that is not so, the pages of the table are not where they were.
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  bool is_in_order = true;
  const auto see = [&last, &is_in_order](std::int64_t number) {
    is_in_order = is_in_order && number > last;
    last = std::max(last, number);
  };
  auto done = read_rows(
      alarm_table(), all_,
      [&judgement, &see](const Row& row) {
        auto alarm = alarm_in(row);
        if (!alarm) return false;
        see(row[0].integer);
        judgement.alarms.push_back(std::make_shared<const Alarm>(std::move(*alarm)));
        return true;
      },
      [this, &read, &see](const Row& row) {
        see(row[0].integer);
        damaged_.push_back(row[0].integer);
        read.facts.damaged.note(AlarmSerial{static_cast<std::uint64_t>(row[0].integer)});
        read.damage.found(alarm_table().damaged(row));
      });
  if (!done) return done;
  // Also that of a row that is damaged was given.
  auto newest = newest_.step();
  if (!newest) return newest.error();
  const std::int64_t given = std::max<std::int64_t>(newest_.integer(0), 0);
  newest_.reset();
  if (!is_in_order || given < last) return sqlite::damage("the list of alarms is out of its order");
  judgement.numbers_given = static_cast<std::uint64_t>(given);
  return {};
}

}  // namespace

const Table& alarm_table() {
  static const AlarmRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
