// How the Writer opens its store: configure, migrate, prepare, load; damaged files are put aside.
#include <fmt/format.h>

#include <random>

#include "base/invariant.hpp"
#include "spool/schema.hpp"
#include "spool/statements.hpp"
#include "spool/writer.hpp"

namespace watchpost::spool {
namespace {

Epoch draw_epoch() {
  std::random_device random;  // getrandom(2)
  return fmt::format("{:08x}", random());
}

}  // namespace

Result<void> Writer::open_or_quarantine() {
  auto opened = open_database();
  if (opened || !sqlite::is_damage(opened.error())) return opened;
  log_->error("{}", opened.error().sentence());
  statements_ = Statements{};
  database_ = sqlite::Database{};
  auto aside = directory_.quarantine();
  if (!aside) return aside.error();
  log_->error(
      "The damaged store was moved to {} and a new one begun. Keep that folder: what it holds may "
      "not have been forwarded yet",
      aside->string());
  return open_database();
}

Result<void> Writer::open_database() {
  auto database = sqlite::Database::open(file_, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  database_ = std::move(*database);
  if (auto done = database_.execute(sql::kConfigureWriter); !done) return done;
  database_.watch_wal();
  auto synchronous = database_.query_integer(sql::kSynchronous);
  if (!synchronous) return synchronous.error();
  WATCHPOST_INVARIANT(*synchronous == 2);  // FULL: promise 1 rests on it
  if (auto done = migrate(); !done) return done;
  if (auto done = limit_size(); !done) return done;
  if (auto done = prepare(); !done) return done;
  if (auto done = load(); !done) return done;
  if (auto done = measure(); !done) return done;
  is_open_ = true;
  return {};
}

Result<void> Writer::migrate() {
  auto version = database_.query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (*version == kSchemaVersion) return {};
  if (*version == 0) return create_schema();
  return Failure{Failure::Kind::refused,
                 fmt::format("The store {} has schema version {}, this watchpostd knows up to {}",
                             file_.string(), *version, kSchemaVersion),
                 "Install the newer watchpostd that wrote it; the store was not touched"};
}

Result<void> Writer::create_schema() {
  if (auto done = database_.execute(sql::kBegin); !done) return done;
  if (auto done = database_.execute(kSchema); !done) return done;
  auto insert = database_.prepare(sql::kInsertEpoch);
  if (!insert) return insert.error();
  const Epoch epoch = draw_epoch();
  insert->bind(1, epoch);
  if (auto done = insert->run(); !done) return done;
  if (auto done = database_.execute(sql::set_user_version(kSchemaVersion).c_str()); !done) {
    return done;
  }
  return database_.execute(sql::kCommit);
}

Result<void> Writer::limit_size() {
  auto page_size = database_.query_integer(sql::kPageSize);
  if (!page_size) return page_size.error();
  page_size_ = *page_size;
  auto limit = database_.query_integer(
      sql::limit_pages(static_cast<std::int64_t>(options_.quota.value) / page_size_));
  if (!limit) return limit.error();
  return {};
}

Result<void> Writer::prepare() {
  struct Wanted {
    sqlite::Statement* statement;
    std::string text;
  };
  std::vector<Wanted> wanted{
      {&statements_.begin, sql::kBegin},
      {&statements_.commit, sql::kCommit},
      {&statements_.rollback, sql::kRollback},
      {&statements_.save_cursor, sql::kSaveCursor},
      {&statements_.page_count, sql::kPageCount},
      {&statements_.free_pages, sql::kFreePages},
      {&statements_.open_session, sql::kOpenSession},
      {&statements_.end_session, sql::kEndSession},
      {&statements_.remember_packet_id, sql::kRememberPacketId},
      {&statements_.forget_packet_id, sql::kForgetPacketId},
      {&statements_.forget_packet_ids, sql::kForgetPacketIds},
  };
  for (const auto event_class : kEventClasses) {
    wanted.push_back({&statements_.insert[index_of(event_class)], sql::insert_record(event_class)});
    wanted.push_back({&statements_.remove[index_of(event_class)], sql::delete_range(event_class)});
  }
  for (const Wanted& want : wanted) {
    auto prepared = database_.prepare(want.text);
    if (!prepared) return prepared.error();
    *want.statement = std::move(*prepared);
  }
  return {};
}

Result<void> Writer::load() {
  auto epoch = database_.prepare(sql::kSelectEpoch);
  if (!epoch) return epoch.error();
  auto row = epoch->step();
  if (!row) return row.error();
  if (!*row) {
    return Failure{Failure::Kind::storage, "The store is damaged: it has no epoch",
                   "The damaged file is put aside and a new store is begun"};
  }
  epoch_ = epoch->text(0);
  for (const auto event_class : kEventClasses) {
    auto newest = database_.query_integer(sql::newest(event_class));
    if (!newest) return newest.error();
    auto oldest = database_.query_integer(sql::oldest(event_class));
    if (!oldest) return oldest.error();
    logs_[index_of(event_class)].newest = Seq{static_cast<std::uint64_t>(*newest)};
    logs_[index_of(event_class)].oldest = Seq{static_cast<std::uint64_t>(*oldest)};
  }
  auto cursors = database_.prepare(sql::kSelectCursors);
  if (!cursors) return cursors.error();
  cursors_.clear();
  auto more = cursors->step();
  for (; more && *more; more = cursors->step()) {
    const auto event_class = static_cast<std::size_t>(cursors->integer(1));
    if (event_class >= kEventClassCount) continue;
    cursors_[std::string(cursors->text(0))][event_class] =
        Seq{static_cast<std::uint64_t>(cursors->integer(2))};
  }
  if (!more) return more.error();
  refresh_settled();
  return load_sessions();
}

Result<void> Writer::load_sessions() {
  sessions_.clear();
  std::map<std::string, std::size_t, std::less<>> place;
  auto sessions = database_.prepare(sql::kSelectSessions);
  if (!sessions) return sessions.error();
  auto more = sessions->step();
  for (; more && *more; more = sessions->step()) {
    place.emplace(sessions->text(0), sessions_.size());
    sessions_.push_back(
        {std::string(sessions->text(0)), std::chrono::seconds{sessions->integer(1)}, {}});
  }
  if (!more) return more.error();
  auto packet_ids = database_.prepare(sql::kSelectPacketIds);
  if (!packet_ids) return packet_ids.error();
  for (more = packet_ids->step(); more && *more; more = packet_ids->step()) {
    const auto session = place.find(packet_ids->text(0));
    if (session == place.end()) continue;
    sessions_[session->second].received_packet_ids.emplace_back(
        static_cast<std::uint16_t>(packet_ids->integer(1)));
  }
  if (!more) return more.error();
  return {};
}

}  // namespace watchpost::spool
