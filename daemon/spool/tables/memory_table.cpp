#include "spool/tables/memory_table.hpp"

#include <fmt/format.h>

#include <utility>

#include "spool/tables/read_rows.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

constexpr const char* kName = "decoder_memory";

class MemoryFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override;
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  sqlite::Statement keep_, forget_, all_;
};

class MemoryRows final : public Table {
 public:
  MemoryRows() : Table({kName, {{"decoder", text}, {"key", text}, {"value", text}, {"sum"}}, 2}) {}

  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return MemoryFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: what decoder {} remembered of {}", row[0].bytes, row[1].bytes),
            "It learns it again when it is said again (restart Zigbee2MQTT; the next tap of a tag, "
            "which is marked first_tap); check the disk"};
  }
};

Result<std::unique_ptr<FactTable>> MemoryFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<MemoryFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, memory_table().insert_sql("INSERT OR REPLACE")},
      {&facts->forget_, "DELETE FROM decoder_memory WHERE decoder = ?1 AND key = ?2"},
      {&facts->all_, "SELECT * FROM decoder_memory ORDER BY decoder, key"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> MemoryFacts::write(const Fact& fact) {
  const auto* remembered = std::get_if<Remembered>(&fact);
  if (remembered == nullptr) return {};
  sqlite::Statement& statement = remembered->value.empty() ? forget_ : keep_;
  statement.bind(1, remembered->decoder);
  statement.bind(2, remembered->key);
  if (!remembered->value.empty()) {
    statement.bind(3, remembered->value);
    statement.bind(4, row_sum(kName, {remembered->decoder, remembered->key, remembered->value}));
  }
  return statement.run();
}

Result<void> MemoryFacts::read(const FactsRead& read) {
  return read_rows(memory_table(), all_, read, [&read](const Row& row) {
    read.facts.remembered.push_back(
        {std::string(row[0].bytes), std::string(row[1].bytes), std::string(row[2].bytes)});
    return true;
  });
}

}  // namespace

const Table& memory_table() {
  static const MemoryRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
