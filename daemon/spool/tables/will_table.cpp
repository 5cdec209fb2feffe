#include "spool/tables/will_table.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "spool/tables/read_rows.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

class WillFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override {
    const auto* change = std::get_if<WillChange>(&fact);
    return change == nullptr ? Result<void>{} : write(*change);
  }
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  [[nodiscard]] Result<void> write(const WillChange& change);
  sqlite::Statement keep_, remove_, all_;
};

class WillRows final : public Table {
 public:
  WillRows()
      : Table({"will",
               {{"client_id", text},
                {"topic", text},
                {"payload", blob},
                {"qos"},
                {"retain"},
                {"properties", blob},
                {"delay_s"},
                {"lifetime_s"},
                {"sum"}},
               1}) {}
  [[nodiscard]] bool is_plausible(const Row& row) const override {
    return row[3].integer >= 0 && row[3].integer <= 2;
  }
  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return WillFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: the will of client {}", row[0].bytes),
            "If that client does not come back, nobody is told; check the disk"};
  }
};

Result<std::unique_ptr<FactTable>> WillFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<WillFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, will_table().insert_sql("INSERT OR REPLACE")},
      {&facts->remove_, "DELETE FROM will WHERE client_id = ?1"},
      {&facts->all_, "SELECT * FROM will ORDER BY client_id"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> WillFacts::write(const WillChange& change) {
  if (!change.publication) {
    remove_.bind(1, change.client_id);
    return remove_.run();
  }
  const LocalMessage& will = *change.publication;
  Row row{{text, 0, change.client_id},
          {text, 0, will.topic},
          {blob, 0, will.payload},
          {integer, static_cast<std::int64_t>(will.qos), {}},
          {integer, will.retain ? 1 : 0, {}},
          {blob, 0, will.properties},
          {integer, change.delay.count(), {}},
          {integer, change.lifetime.count(), {}}};
  row.push_back({});
  row.back() = {integer, will_table().sum_of(row), {}};
  Table::bind(keep_, row);
  return keep_.run();
}

Result<void> WillFacts::read(const FactsRead& read) {
  return read_rows(will_table(), all_, read, [&read](const Row& row) {
    auto will = std::make_shared<LocalMessage>();
    will->topic = row[1].bytes;
    will->payload = row[2].bytes;
    will->qos = static_cast<Qos>(row[3].integer);
    will->retain = row[4].integer != 0;
    will->properties = row[5].bytes;
    read.facts.wills.push_back({std::string(row[0].bytes), std::move(will),
                                std::chrono::seconds{row[6].integer},
                                std::chrono::seconds{row[7].integer}});
    return true;
  });
}

}  // namespace

const Table& will_table() {
  static const WillRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
