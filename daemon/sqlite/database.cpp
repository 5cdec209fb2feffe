#include "sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/invariant.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::sqlite {
namespace {

template <TroubleCode code>
Trouble say(std::string_view step, const char* why, int number) {
  return trouble<code>(arg<"step">(std::string(step)), arg<"why">(why),
                       arg<"code">(std::to_string(number)));
}

// Where the disk has no room for the WAL's index (the -shm file), SQLite says input/output error.
bool lacks_room_for_index(sqlite3* connection, int extended) {
  if (connection == nullptr) return false;
  const bool is_index = extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_SHMMAP ||
                        extended == SQLITE_IOERR_SHMOPEN;
  const int system = sqlite3_system_errno(connection);
  return is_index && (system == ENOSPC || system == EDQUOT);
}

Failure translate(sqlite3* connection, int code, std::string_view doing) {
  const int extended = connection != nullptr ? sqlite3_extended_errcode(connection) : code;
  const char* words = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  using Kind = Failure::Kind;
  switch (lacks_room_for_index(connection, extended) ? SQLITE_FULL : code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damage(fmt::format("{}: {} (SQLite code {})", doing, words, extended));
    case SQLITE_FULL:
      // A full disk passes: v5 publishers are told Quota exceeded (0x97), as for our own bounds.
      return failure_of(Kind::unavailable, say<TroubleCode::store_full>(doing, words, extended));
    case SQLITE_IOERR:
      return failure_of(Kind::storage, say<TroubleCode::store_disk_errors>(doing, words, extended));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return failure_of(Kind::storage, say<TroubleCode::store_read_only>(doing, words, extended));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return failure_of(Kind::storage, say<TroubleCode::store_busy>(doing, words, extended));
    default:
      return failure_of(Kind::storage, say<TroubleCode::store_error>(doing, words, extended));
  }
}

sqlite3* connection_of(sqlite3_stmt* statement) {
  return sqlite3_db_handle(statement);
}

// Binding fails only for a wrong parameter number or without memory: both end the process.
void bound(int code) {
  WATCHPOST_INVARIANT(code == SQLITE_OK);
}

}  // namespace

bool is_damage(const Failure& failure) {
  return failure.trouble && failure.trouble->code == TroubleCode::store_damaged;
}

Failure damage(std::string_view how) {
  return failure_of(Failure::Kind::storage,
                    trouble<TroubleCode::store_damaged>(arg<"why">(std::string(how))));
}

bool is_full(const Failure& failure) {
  return failure.kind == Failure::Kind::unavailable;
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::bind(int parameter, std::int64_t value) {
  bound(sqlite3_bind_int64(statement_.get(), parameter, value));
}

void Statement::bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL, not the empty text.
  const char* begin = text.data() != nullptr ? text.data() : "";
  bound(sqlite3_bind_text64(statement_.get(), parameter, begin, text.size(), SQLITE_STATIC,
                            SQLITE_UTF8));
}

void Statement::bind_bytes(int parameter, std::string_view bytes) {
  const char* begin = bytes.data() != nullptr ? bytes.data() : "";
  bound(sqlite3_bind_blob64(statement_.get(), parameter, begin, bytes.size(), SQLITE_STATIC));
}

void Statement::bind_null(int parameter) {
  bound(sqlite3_bind_null(statement_.get(), parameter));
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  auto failure = translate(connection_of(statement_.get()), code, sqlite3_sql(statement_.get()));
  reset();
  return failure;
}

Result<void> Statement::run() {
  auto stepped = step();
  if (!stepped) return stepped.error();
  WATCHPOST_INVARIANT(!*stepped);
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

std::string_view Statement::text(int column) const {
  const auto* begin = sqlite3_column_text(statement_.get(), column);
  if (begin == nullptr) return {};
  return {reinterpret_cast<const char*>(begin),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::bytes(int column) const {
  const auto* begin = sqlite3_column_blob(statement_.get(), column);
  if (begin == nullptr) return {};
  return {static_cast<const char*>(begin),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Closer::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

Result<Database> Database::open(const std::filesystem::path& file, Access access) {
  int flags = SQLITE_OPEN_NOMUTEX;
  flags |= access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (access == Access::read_write_create) flags |= SQLITE_OPEN_CREATE;
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  Database database;
  database.connection_.reset(connection);
  if (code != SQLITE_OK) return translate(connection, code, "opening " + file.string());
  sqlite3_extended_result_codes(connection, 0);
  sqlite3_busy_timeout(connection, 5'000);
  return database;
}

// Copies in one step, which is one reading transaction: in several steps, each commit of another
// process would begin the copy anew.
Result<void> Database::copy_to(const std::filesystem::path& file) {
  auto target = open(file, Access::read_write);
  if (!target) return target.error();
  sqlite3* const to = target->connection_.get();
  sqlite3_backup* const backup = sqlite3_backup_init(to, "main", connection_.get(), "main");
  if (backup == nullptr) return translate(to, sqlite3_errcode(to), "copying to " + file.string());
  const int copied = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (copied == SQLITE_DONE && finished == SQLITE_OK) return {};
  return translate(to, finished != SQLITE_OK ? finished : copied, "copying to " + file.string());
}

Result<void> Database::execute(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return translate(connection_.get(), code, sql);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  // Our SQL does not change: where it does not fit, the tables are not ours any more.
  if (code == SQLITE_ERROR) {
    return damage(fmt::format("{} failed: {}", sql, sqlite3_errmsg(connection_.get())));
  }
  if (code != SQLITE_OK) return translate(connection_.get(), code, sql);
  Statement statement;
  statement.statement_.reset(prepared);
  return statement;
}

Result<void> Database::prepare_all(std::span<const Wanted> wanted) {
  for (const Wanted& one : wanted) {
    auto prepared = prepare(one.sql);
    if (!prepared) return prepared.error();
    *one.statement = std::move(*prepared);
  }
  return {};
}

Result<std::int64_t> Database::query_integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->integer(0) : 0;
}

Result<int> Database::checkpoint(Checkpoint mode) {
  int frames_in_wal = 0;
  int frames_moved = 0;
  const int sqlite_mode =
      mode == Checkpoint::passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
  const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, sqlite_mode,
                                             &frames_in_wal, &frames_moved);
  // Busy: a reader still needs the WAL; the next checkpoint takes what this one left.
  if (code != SQLITE_OK && code != SQLITE_BUSY) {
    return translate(connection_.get(), code, "moving the WAL into the database");
  }
  return frames_in_wal - frames_moved;
}

void Database::checkpoint_when_closed(bool wanted) {
  if (!connection_) return;
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, wanted ? 0 : 1, nullptr);
}

// Null where there is no WAL yet.
Result<sqlite3_file*> Database::wal_file() {
  sqlite3_file* file = nullptr;
  const int code =
      sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
  if (code != SQLITE_OK) return translate(nullptr, code, "looking for the WAL");
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

Result<void> Database::rewrite_wal() {
  const auto wal = wal_file();
  if (!wal) return wal.error();
  sqlite3_file* const file = *wal;
  if (file == nullptr) return {};
  sqlite3_int64 size = 0;
  int code = file->pMethods->xFileSize(file, &size);
  std::array<char, 1U << 15U> part;
  for (sqlite3_int64 at = 0; code == SQLITE_OK && at < size;) {
    const auto count = static_cast<int>(std::min<sqlite3_int64>(part.size(), size - at));
    code = file->pMethods->xRead(file, part.data(), count, at);
    if (code == SQLITE_OK) code = file->pMethods->xWrite(file, part.data(), count, at);
    at += count;
  }
  if (code == SQLITE_OK) code = file->pMethods->xSync(file, SQLITE_SYNC_FULL);
  if (code == SQLITE_OK) return {};
  // SQLite opens a file that it may not write for reading, and notices only when it writes.
  const bool may_write = sqlite3_db_readonly(connection_.get(), "main") == 0;
  return translate(nullptr, may_write ? code : SQLITE_READONLY, "writing the WAL again");
}

Result<void> Database::cut_wal(std::int64_t page_size) {
  const auto wal = wal_file();
  if (!wal) return wal.error();
  int frames = 0;
  int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                       &frames, nullptr);
  if (*wal == nullptr || code != SQLITE_OK || frames <= 0) return {};
  // The format's own numbers (sqlite.org/fileformat2.html, section 4.1).
  constexpr sqlite3_int64 kWalHeader = 32;
  constexpr sqlite3_int64 kFrameHeader = 24;
  const auto end = kWalHeader + frames * (page_size + kFrameHeader);
  sqlite3_int64 size = 0;
  code = (*wal)->pMethods->xFileSize(*wal, &size);
  if (code == SQLITE_OK && size > end) code = (*wal)->pMethods->xTruncate(*wal, end);
  if (code == SQLITE_OK && size > end) code = (*wal)->pMethods->xSync(*wal, SQLITE_SYNC_FULL);
  if (code != SQLITE_OK) return translate(nullptr, code, "cutting the WAL behind its last commit");
  return {};
}

void Database::watch_wal() {
  wal_pages_ = std::make_unique<int>(0);
  const auto note = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.get(), note, wal_pages_.get());
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(connection_.get());
}

}  // namespace watchpost::sqlite
