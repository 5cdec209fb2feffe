#include "spool/tables/device_table.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/duty_rows.hpp"
#include "spool/tables/read_rows.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

class DeviceFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override {
    const auto* device = std::get_if<SharedDevice>(&fact);
    return device == nullptr ? Result<void>{} : write(**device);
  }
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  [[nodiscard]] Result<void> write(const Device& device);
  sqlite::Statement keep_, remove_, all_;
};

class DeviceRows final : public Table {
 public:
  DeviceRows() : Table({"device", {{"id", text}, {"content", blob}, {"sum"}}, 1}) {}

  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return DeviceFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: what is known of device {}", row[0].bytes),
            "It is known again when it is heard; enter its name and place again, and check the "
            "disk"};
  }
  void look(const Row& row, const StoreView& /*view*/, CheckReport& report) const override {
    if (!device_from_row(row[1].bytes)) report.found(damaged(row));
  }
};

Result<std::unique_ptr<FactTable>> DeviceFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<DeviceFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, device_table().insert_sql("INSERT OR REPLACE")},
      {&facts->remove_, "DELETE FROM device WHERE id = ?1"},
      {&facts->all_, "SELECT * FROM device ORDER BY id"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> DeviceFacts::write(const Device& device) {
  if (device.is_removed) {
    remove_.bind(1, device.id);
    return remove_.run();
  }
  const std::string content = row_text(device);
  Row row{{text, 0, device.id}, {blob, 0, content}};
  row.push_back({});
  row.back() = {integer, device_table().sum_of(row), {}};
  Table::bind(keep_, row);
  return keep_.run();
}

Result<void> DeviceFacts::read(const FactsRead& read) {
  return read_rows(device_table(), all_, read, [&read](const Row& row) {
    auto device = device_from_row(row[1].bytes);
    if (!device) return false;
    read.facts.judgement.devices.push_back(std::make_shared<const Device>(std::move(*device)));
    return true;
  });
}

}  // namespace

const Table& device_table() {
  static const DeviceRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
