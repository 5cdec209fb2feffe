#include "spool/tables/deadline_table.hpp"

#include <fmt/format.h>

#include <utility>

#include "spool/tables/read_rows.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

constexpr const char* kDeadline = "deadline";

std::int64_t kind_of_deadline(Deadline::Of of) {
  return static_cast<std::int64_t>(of);
}

class DeadlineFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override;
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  [[nodiscard]] Result<void> write(const Deadline& deadline);
  [[nodiscard]] Result<void> write(const SessionChange& change);
  [[nodiscard]] Result<void> remove(const Deadline& deadline);
  [[nodiscard]] Result<void> remove_of_session(const std::string& client_id);
  sqlite::Statement keep_, remove_, remove_of_session_, all_;
};

class DeadlineRows final : public Table {
 public:
  DeadlineRows()
      : Table({kDeadline, {{"kind"}, {"name", text}, {"number"}, {"at_s"}, {"sum"}}, 3}) {}
  [[nodiscard]] bool is_plausible(const Row& row) const override {
    return row[0].integer == kind_of_deadline(Deadline::Of::session) ||
           row[0].integer == kind_of_deadline(Deadline::Of::retained);
  }
  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return DeadlineFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: when something of {} ends", row[1].bytes),
            "It lives longer than it should; check the disk"};
  }
};

Result<std::unique_ptr<FactTable>> DeadlineFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<DeadlineFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, deadline_table().insert_sql("INSERT OR REPLACE")},
      {&facts->remove_, "DELETE FROM deadline WHERE kind = ?1 AND name = ?2 AND number = ?3"},
      {&facts->remove_of_session_, "DELETE FROM deadline WHERE kind = 0 AND name = ?1"},
      {&facts->all_, "SELECT * FROM deadline"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> DeadlineFacts::write(const Fact& fact) {
  if (const auto* deadline = std::get_if<Deadline>(&fact)) return write(*deadline);
  if (const auto* change = std::get_if<SessionChange>(&fact)) return write(*change);
  if (const auto* retained = std::get_if<RetainedChange>(&fact)) {
    return remove({Deadline::Of::retained, retained->publication->topic});
  }
  return {};
}

Result<void> DeadlineFacts::write(const SessionChange& change) {
  switch (change.kind) {
    case SessionChange::Kind::open:
    case SessionChange::Kind::end:
      return remove_of_session(change.client_id);
    case SessionChange::Kind::remember_packet_id:
    case SessionChange::Kind::forget_packet_id:
      return {};
  }
  return {};
}

Result<void> DeadlineFacts::write(const Deadline& deadline) {
  if (deadline.of == Deadline::Of::session) {
    if (auto done = remove_of_session(deadline.name); !done) return done;
  }
  if (deadline.lifetime.count() == 0) return remove(deadline);
  Row row{{integer, kind_of_deadline(deadline.of), {}},
          {text, 0, deadline.name},
          {integer, static_cast<std::int64_t>(deadline.number), {}},
          {integer, deadline.at_s, {}}};
  row.push_back({});
  row.back() = {integer, deadline_table().sum_of(row), {}};
  Table::bind(keep_, row);
  return keep_.run();
}

Result<void> DeadlineFacts::remove_of_session(const std::string& client_id) {
  remove_of_session_.bind(1, client_id);
  return remove_of_session_.run();
}

Result<void> DeadlineFacts::remove(const Deadline& deadline) {
  remove_.bind(1, kind_of_deadline(deadline.of));
  remove_.bind(2, deadline.name);
  remove_.bind(3, static_cast<std::int64_t>(deadline.number));
  return remove_.run();
}

Result<void> DeadlineFacts::read(const FactsRead& read) {
  return read_rows(deadline_table(), all_, read, [&read](const Row& row) {
    Deadline deadline;
    deadline.of = static_cast<Deadline::Of>(row[0].integer);
    deadline.name = row[1].bytes;
    deadline.number = static_cast<std::uint64_t>(row[2].integer);
    deadline.at_s = row[3].integer;
    read.facts.deadlines.push_back(std::move(deadline));
    return true;
  });
}

}  // namespace

const Table& deadline_table() {
  static const DeadlineRows kTable;
  return kTable;
}

}  // namespace watchpost::spool
