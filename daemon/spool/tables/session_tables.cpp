#include "spool/tables/session_tables.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "spool/tables/read_rows.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

// Both tables on the writing connection.
class SessionFacts final : public FactTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FactTable>> open(sqlite::Database& database);
  [[nodiscard]] Result<void> write(const Fact& fact) override {
    const auto* change = std::get_if<SessionChange>(&fact);
    return change == nullptr ? Result<void>{} : write(*change);
  }
  [[nodiscard]] Result<void> read(const FactsRead& read) override;

 private:
  [[nodiscard]] Result<void> write(const SessionChange& change);
  sqlite::Statement open_, end_, remember_, forget_, forget_all_, sessions_, packet_ids_;
};

class SessionRows final : public Table {
 public:
  SessionRows() : Table({"session", {{"client_id", text}, {"expiry_s"}, {"sum"}}, 1}) {}

  [[nodiscard]] Result<std::unique_ptr<FactTable>> open_facts(
      sqlite::Database& database) const override {
    return SessionFacts::open(database);
  }

  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: the session of client {}", row[0].bytes),
            "The client begins a new session by itself; check the disk"};
  }
};

class PacketIdRows final : public Table {
 public:
  PacketIdRows() : Table({"session_packet_id", {{"client_id", text}, {"packet_id"}, {"sum"}}, 2}) {}

  // Packet ids of a session that was not found are removed.
  [[nodiscard]] Result<void> complete(sqlite::Database& database,
                                      Salvaged& /*salvaged*/) const override {
    return database.execute(
        "DELETE FROM session_packet_id WHERE client_id NOT IN (SELECT client_id FROM session)");
  }
  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: Packet Identifier {} of client {}", row[1].integer, row[0].bytes),
            "One message of that client may be recorded twice; check the disk"};
  }
};

}  // namespace

const Table& session_table() {
  static const SessionRows kTable;
  return kTable;
}

const Table& packet_id_table() {
  static const PacketIdRows kTable;
  return kTable;
}

Result<std::unique_ptr<FactTable>> SessionFacts::open(sqlite::Database& database) {
  auto facts = std::make_unique<SessionFacts>();
  const sqlite::Database::Wanted wanted[] = {
      {&facts->open_, session_table().insert_sql("INSERT OR REPLACE")},
      {&facts->end_, "DELETE FROM session WHERE client_id = ?1"},
      {&facts->remember_, packet_id_table().insert_sql("INSERT OR IGNORE")},
      {&facts->forget_, "DELETE FROM session_packet_id WHERE client_id = ?1 AND packet_id = ?2"},
      {&facts->forget_all_, "DELETE FROM session_packet_id WHERE client_id = ?1"},
      {&facts->sessions_, "SELECT * FROM session ORDER BY client_id"},
      {&facts->packet_ids_, "SELECT * FROM session_packet_id ORDER BY client_id, packet_id"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return std::unique_ptr<FactTable>(std::move(facts));
}

Result<void> SessionFacts::write(const SessionChange& change) {
  const std::int64_t packet_id{change.packet_id.value};
  switch (change.kind) {
    case SessionChange::Kind::open: {
      const auto expiry = static_cast<std::int64_t>(change.expiry.count());
      open_.bind(1, change.client_id);
      open_.bind(2, expiry);
      open_.bind(3, row_sum("session", {change.client_id, expiry}));
      return open_.run();
    }
    case SessionChange::Kind::remember_packet_id:
      remember_.bind(1, change.client_id);
      remember_.bind(2, packet_id);
      remember_.bind(3, row_sum("session_packet_id", {change.client_id, packet_id}));
      return remember_.run();
    case SessionChange::Kind::forget_packet_id:
      forget_.bind(1, change.client_id);
      forget_.bind(2, packet_id);
      return forget_.run();
    case SessionChange::Kind::end:
      end_.bind(1, change.client_id);
      forget_all_.bind(1, change.client_id);
      if (auto ended = end_.run(); !ended) return ended;
      return forget_all_.run();
  }
  return {};
}

Result<void> SessionFacts::read(const FactsRead& read) {
  std::vector<StoredSession>& sessions = read.facts.sessions;
  std::map<std::string, std::size_t, std::less<>> place;
  auto done = read_rows(session_table(), sessions_, read, [&](const Row& row) {
    place.emplace(row[0].bytes, sessions.size());
    StoredSession session;
    session.client_id = row[0].bytes;
    session.expiry = std::chrono::seconds{row[1].integer};
    sessions.push_back(std::move(session));
    return true;
  });
  if (!done) return done;
  return read_rows(packet_id_table(), packet_ids_, read, [&](const Row& row) {
    const auto session = place.find(row[0].bytes);
    if (session == place.end()) return true;  // that one's row is the damaged one
    sessions[session->second].received_packet_ids.emplace_back(
        static_cast<std::uint16_t>(row[1].integer));
    return true;
  });
}

}  // namespace watchpost::spool
