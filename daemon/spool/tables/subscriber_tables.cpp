#include "spool/tables/subscriber_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "spool/tables/publication_columns.hpp"
#include "spool/tables/read_rows.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

constexpr const char* kSubscription = "subscription";
constexpr const char* kRetained = "retained";

// Writes a row under its checksum.
Result<void> keep(sqlite::Statement& insert, const Table& table, Row row) {
  row.push_back({});
  row.back() = {integer, table.sum_of(row), {}};
  Table::bind(insert, row);
  return insert.run();
}

const SessionChange* end_of_session(const Fact& fact) {
  const auto* change = std::get_if<SessionChange>(&fact);
  return change != nullptr && change->kind == SessionChange::Kind::end ? change : nullptr;
}

StoredSession* session_of(StoredFacts& facts, std::string_view client_id) {
  // In the order of client ids, as the table of sessions was read.
  const auto at = std::lower_bound(
      facts.sessions.begin(), facts.sessions.end(), client_id,
      [](const StoredSession& session, std::string_view id) { return session.client_id < id; });
  return at != facts.sessions.end() && at->client_id == client_id ? &*at : nullptr;
}

class SubscriptionFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override;
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  sqlite::Statement keep_, remove_, remove_all_, all_;
};

class SubscriptionRows final : public Table {
 public:
  SubscriptionRows()
      : Table({kSubscription,
               {{"client_id", text}, {"filter", text}, {"options"}, {"identifier"}, {"sum"}},
               2}) {}
  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return SubscriptionFacts::open(database);
  }
  [[nodiscard]] Result<void> complete(sqlite::Database& database,
                                      Salvaged& /*salvaged*/) const override {
    return database.execute(
        "DELETE FROM subscription WHERE client_id NOT IN (SELECT client_id FROM session)");
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: the subscription of client {} to {}", row[0].bytes, row[1].bytes),
            "Restart that program, so that it subscribes again; check the disk"};
  }
};

class RetainedFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override;
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  sqlite::Statement keep_, remove_, all_;
};

class RetainedRows final : public Table {
 public:
  RetainedRows()
      : Table({kRetained,
               {{"topic", text},
                {"payload", blob},
                {"qos"},
                {"retain"},
                {"properties", blob},
                {"publisher", text},
                {"lifetime_s"},
                {"sum"}},
               1}) {}
  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return RetainedFacts::open(database);
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: the retained message on {}", row[0].bytes),
            "Who subscribes gets none there until its device sends one again; check the disk"};
  }
};

}  // namespace

const Table& subscription_table() {
  static const SubscriptionRows kTable;
  return kTable;
}

const Table& retained_table() {
  static const RetainedRows kTable;
  return kTable;
}

Result<std::unique_ptr<FactTable>> SubscriptionFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<SubscriptionFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, subscription_table().insert_sql("INSERT OR REPLACE")},
      {&facts->remove_, "DELETE FROM subscription WHERE client_id = ?1 AND filter = ?2"},
      {&facts->remove_all_, "DELETE FROM subscription WHERE client_id = ?1"},
      {&facts->all_, "SELECT * FROM subscription ORDER BY client_id, filter"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> SubscriptionFacts::write(const Fact& fact) {
  if (const auto* end = end_of_session(fact)) {
    remove_all_.bind(1, end->client_id);
    return remove_all_.run();
  }
  const auto* change = std::get_if<SubscriptionChange>(&fact);
  if (change == nullptr) return {};
  if (change->removed) {
    remove_.bind(1, change->client_id);
    remove_.bind(2, change->filter);
    return remove_.run();
  }
  return keep(keep_, subscription_table(),
              {{text, 0, change->client_id},
               {text, 0, change->filter},
               {integer, change->options, {}},
               {integer, change->identifier, {}}});
}

Result<void> SubscriptionFacts::read(const FactsRead& read) {
  return read_rows(subscription_table(), all_, read, [&read](const Row& row) {
    StoredSession* session = session_of(read.facts, row[0].bytes);
    if (session == nullptr) return true;  // that one's row is the damaged one
    session->subscriptions.push_back({std::string(row[0].bytes), std::string(row[1].bytes),
                                      static_cast<std::uint8_t>(row[2].integer),
                                      static_cast<std::uint32_t>(row[3].integer), false});
    return true;
  });
}

Result<std::unique_ptr<FactTable>> RetainedFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<RetainedFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, retained_table().insert_sql("INSERT OR REPLACE")},
      {&facts->remove_, "DELETE FROM retained WHERE topic = ?1"},
      {&facts->all_, "SELECT * FROM retained ORDER BY topic"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> RetainedFacts::write(const Fact& fact) {
  const auto* change = std::get_if<RetainedChange>(&fact);
  if (change == nullptr) return {};
  const LocalMessage& publication = *change->publication;
  if (publication.payload.empty()) {
    remove_.bind(1, publication.topic);
    return remove_.run();
  }
  Row row{{text, 0, publication.topic}};
  bind_publication(row, publication);
  row.push_back({integer, change->lifetime.count(), {}});
  return keep(keep_, retained_table(), std::move(row));
}

Result<void> RetainedFacts::read(const FactsRead& read) {
  return read_rows(retained_table(), all_, read, [&read](const Row& row) {
    read.facts.retained.push_back(
        {publication_at(row, 1, row[0].bytes), std::chrono::seconds{row[6].integer}});
    return true;
  });
}

}  // namespace watchpost::spool
