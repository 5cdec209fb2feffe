#include "spool/tables/subscriber_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

constexpr const char* kSubscription = "subscription";
constexpr const char* kQueued = "queued";
constexpr const char* kRetained = "retained";

// Places of the columns that a row has for a publication, after its key.
constexpr std::size_t kIdentifiers = 9;

// 32 bits each, least first.
std::string packed(const std::vector<std::uint32_t>& numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<char>(number >> shift & 0xFFU));
  }
  return bytes;
}

std::vector<std::uint32_t> unpacked(std::string_view bytes) {
  std::vector<std::uint32_t> numbers(bytes.size() / 4);
  for (std::size_t i = 0; i < numbers.size() * 4; ++i) {
    numbers[i / 4] |= std::uint32_t{static_cast<std::uint8_t>(bytes[i])} << (i % 4 * 8);
  }
  return numbers;
}

// The texts and numbers of a publication, as columns that begin at `at`.
SharedLocalMessage publication_at(const Row& row, std::size_t at, std::string_view topic) {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = topic;
  publication->payload = row[at].bytes;
  publication->qos = static_cast<Qos>(row[at + 1].integer);
  publication->retain = row[at + 2].integer != 0;
  publication->properties = row[at + 3].bytes;
  publication->publisher = row[at + 4].bytes;
  return publication;
}

void bind_publication(Row& row, const LocalMessage& publication) {
  row.push_back({blob, 0, publication.payload});
  row.push_back({integer, static_cast<std::int64_t>(publication.qos), {}});
  row.push_back({integer, publication.retain ? 1 : 0, {}});
  row.push_back({blob, 0, publication.properties});
  row.push_back({text, 0, publication.publisher});
}

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

std::string orphans_of(const char* table) {
  return fmt::format("DELETE FROM {} WHERE client_id NOT IN (SELECT client_id FROM session)",
                     table);
}

class SubscriptionFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override;
  [[nodiscard]] Result<void> read(StoredFacts& facts) override;

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
    return database.execute(orphans_of(kSubscription).c_str());
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: the subscription of client {} to {}", row[0].bytes, row[1].bytes),
            "Restart that program, so that it subscribes again; check the disk"};
  }
};

class QueuedFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override;
  [[nodiscard]] Result<void> read(StoredFacts& facts) override;

 private:
  [[nodiscard]] Result<void> write(const QueuedChange& change);
  [[nodiscard]] Result<void> keep_stage(const QueuedChange& change);
  sqlite::Statement keep_, remove_, remove_all_, all_;
};

class QueuedRows final : public Table {
 public:
  QueuedRows()
      : Table({kQueued,
               {{"client_id", text},
                {"number"},
                {"topic", text},
                {"qos"},
                {"payload", blob},
                {"published_qos"},
                {"retain"},
                {"properties", blob},
                {"publisher", text},
                {"identifiers", blob},
                {"as_retained"},
                {"released"},
                {"lifetime_s"},
                {"sum"}},
               2}) {}
  [[nodiscard]] bool is_plausible(const Row& row) const override { return row[1].integer > 0; }
  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return QueuedFacts::open(database);
  }
  [[nodiscard]] Result<void> complete(sqlite::Database& database,
                                      Salvaged& /*salvaged*/) const override {
    return database.execute(orphans_of(kQueued).c_str());
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: message {} that client {} was still to get, on {}",
                        row[1].integer, row[0].bytes, row[2].bytes),
            "That program does not get it; it is in the log all the same (watchpost tail). Check "
            "the disk"};
  }
};

class RetainedFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override;
  [[nodiscard]] Result<void> read(StoredFacts& facts) override;

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

const Table& queued_table() {
  static const QueuedRows kTable;
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

Result<void> SubscriptionFacts::read(StoredFacts& facts) {
  auto more = all_.step();
  for (; more && *more; more = all_.step()) {
    const Row row = subscription_table().row_at(all_);
    StoredSession* session = session_of(facts, row[0].bytes);
    if (session == nullptr || !subscription_table().recognises(row)) continue;
    session->subscriptions.push_back({std::string(row[0].bytes), std::string(row[1].bytes),
                                      static_cast<std::uint8_t>(row[2].integer),
                                      static_cast<std::uint32_t>(row[3].integer), false});
  }
  if (!more) return more.error();
  return {};
}

Result<std::unique_ptr<FactTable>> QueuedFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<QueuedFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->keep_, queued_table().insert_sql("INSERT OR REPLACE")},
      {&facts->remove_, "DELETE FROM queued WHERE client_id = ?1 AND number = ?2"},
      {&facts->remove_all_, "DELETE FROM queued WHERE client_id = ?1"},
      {&facts->all_, "SELECT * FROM queued ORDER BY client_id, number"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> QueuedFacts::write(const Fact& fact) {
  if (const auto* end = end_of_session(fact)) {
    remove_all_.bind(1, end->client_id);
    return remove_all_.run();
  }
  const auto* change = std::get_if<QueuedChange>(&fact);
  return change == nullptr ? Result<void>{} : write(*change);
}

Result<void> QueuedFacts::write(const QueuedChange& change) {
  if (change.kind != QueuedChange::Kind::gone) return keep_stage(change);
  remove_.bind(1, change.client_id);
  remove_.bind(2, static_cast<std::int64_t>(change.number));
  return remove_.run();
}

// Of a released message nothing is needed but its number.
Result<void> QueuedFacts::keep_stage(const QueuedChange& change) {
  static const LocalMessage kNothing;
  const bool is_released = change.kind == QueuedChange::Kind::released;
  const LocalMessage& publication = is_released ? kNothing : *change.delivery.publication;
  const std::string identifiers = packed(change.delivery.identifiers);
  Row row{{text, 0, change.client_id},
          {integer, static_cast<std::int64_t>(change.number), {}},
          {text, 0, publication.topic},
          {integer, static_cast<std::int64_t>(change.delivery.qos), {}}};
  bind_publication(row, publication);
  row.push_back({blob, 0, identifiers});
  row.push_back({integer, change.delivery.retain ? 1 : 0, {}});
  row.push_back({integer, is_released ? 1 : 0, {}});
  row.push_back({integer, change.lifetime.count(), {}});
  return keep(keep_, queued_table(), std::move(row));
}

Result<void> QueuedFacts::read(StoredFacts& facts) {
  auto more = all_.step();
  for (; more && *more; more = all_.step()) {
    const Row row = queued_table().row_at(all_);
    StoredSession* session = session_of(facts, row[0].bytes);
    if (session == nullptr || !queued_table().recognises(row)) continue;
    StoredQueued queued;
    queued.number = static_cast<std::uint64_t>(row[1].integer);
    queued.delivery = {publication_at(row, 4, row[2].bytes), static_cast<Qos>(row[3].integer),
                       row[kIdentifiers + 1].integer != 0, unpacked(row[kIdentifiers].bytes)};
    queued.is_released = row[kIdentifiers + 2].integer != 0;
    queued.lifetime = std::chrono::seconds{row[kIdentifiers + 3].integer};
    session->queued.push_back(std::move(queued));
  }
  if (!more) return more.error();
  return {};
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

Result<void> RetainedFacts::read(StoredFacts& facts) {
  auto more = all_.step();
  for (; more && *more; more = all_.step()) {
    const Row row = retained_table().row_at(all_);
    if (!retained_table().recognises(row)) continue;
    facts.retained.push_back(
        {publication_at(row, 1, row[0].bytes), std::chrono::seconds{row[6].integer}});
  }
  if (!more) return more.error();
  return {};
}

}  // namespace watchpost::spool
