#include "receiver/received_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "receiver/schema.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

constexpr std::int64_t kSynchronousFull = 2;
constexpr int kMostWalPages = 1'000;  // 4 MB
// The street's own programs read it as members of its group; nobody else does.
constexpr mode_t kFileMode = 0640;

Failure no_file_of_ours(const std::filesystem::path& file, std::string_view why) {
  return Failure{Failure::Kind::refused,
                 fmt::format("{} is no file of `watchpost receive`: {}", file.string(), why),
                 "Nothing was changed. Name another file with --store"};
}

// SQLite would create it readable for everybody.
Result<void> create_private(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, kFileMode);
  if (descriptor < 0) {
    return Failure{Failure::Kind::environment,
                   fmt::format("{} cannot be opened: {}", file.string(), std::strerror(errno)),
                   "Name a file with --store that this user may write, in a folder that exists"};
  }
  struct stat found {};
  const bool is_file = ::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
  ::close(descriptor);
  if (!is_file) return no_file_of_ours(file, "it is no regular file");
  return {};
}

}  // namespace

Failure worded(Failure failure) {
  if (sqlite::is_full(failure)) {
    failure.remedy = "Free space on the disk: the receiver goes on by itself";
  }
  return failure;
}

Result<std::int64_t> inserted_id(sqlite::Statement& insert) {
  const auto row = insert.step();
  if (!row) return row.error();
  const std::int64_t id = insert.integer(0);
  if (const auto done = insert.step(); !done) return done.error();
  return id;
}

void ReceivedFile::Unlock::operator()(const int* descriptor) const {
  ::close(*descriptor);
  delete descriptor;
}

// Two would each confirm from what they remember.
Result<ReceivedFile> ReceivedFile::lock(const std::filesystem::path& file) {
  ReceivedFile received;
  received.file_ = file;
  const std::string name = file.string() + ".lock";
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Failure{Failure::Kind::environment,
                   fmt::format("{} cannot be written: {}", name, std::strerror(errno)),
                   "Name a file with --store in a folder that this user may write"};
  }
  received.lock_.reset(new int(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return received;
  return Failure{Failure::Kind::environment,
                 fmt::format("Another receiver already uses {}", file.string()),
                 "Stop that one, or name another file with --store"};
}

Result<void> ReceivedFile::open() {
  if (auto created = create_private(file_); !created) return created;
  auto database = sqlite::Database::open(file_, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  database_ = std::move(*database);
  database_.checkpoint_when_closed(false);
  if (auto done = configure(); !done) return done;
  const sqlite::Database::Wanted wanted[] = {
      {&begin_, sql::kBegin}, {&commit_, sql::kCommit}, {&rollback_, sql::kRollback}};
  if (auto done = database_.prepare_all(wanted); !done) return done;
  identity_ = identity();
  is_open_ = true;
  return {};
}

Result<void> ReceivedFile::configure() {
  // Before anything is written to it: is it ours, or empty?
  const auto version = database_.query_integer(sql::kUserVersion);
  if (!version) {
    return sqlite::is_damage(version.error())
               ? no_file_of_ours(file_, "it is no SQLite database, or a damaged one")
               : version.error();
  }
  const auto tables = database_.query_integer(sql::kTables);
  if (!tables) return tables.error();
  // A version number alone may be anybody's.
  const auto gateway = database_.prepare(*version == 1 ? "SELECT source, prefix FROM gateway"
                                                       : "SELECT first_alarm FROM gateway");
  const bool is_new = *version == 0 && *tables == 0;
  if (*version > kSchemaVersion || (!is_new && (*version == 0 || !gateway))) {
    const bool is_later = *version > kSchemaVersion && gateway;
    return no_file_of_ours(
        file_, is_later ? "a newer watchpost wrote it" : "it is another program's database");
  }
  if (auto done = database_.execute(sql::kConfigureWriter); !done) return done;
  database_.watch_wal();
  const auto synchronous = database_.query_integer(sql::kSynchronous);
  if (!synchronous) return synchronous.error();
  if (*synchronous != kSynchronousFull) {
    return Failure{Failure::Kind::storage, "SQLite does not sync every commit of this store",
                   "Use the SQLite of the system this was built for"};
  }
  if (auto done = make_recovered_durable(); !done) return done;
  return bring_to_our_version();
}

Result<void> ReceivedFile::bring_to_our_version() {
  const auto version = database_.query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (auto done = database_.execute(sql::kBegin); !done) return done;
  if (*version != kSchemaVersion) {
    if (auto done = database_.execute(*version == 1 ? kFromVersion1 : kSchema); !done) return done;
    if (auto done = database_.execute(sql::kSetUserVersion); !done) return done;
  }
  if (auto done = database_.execute(kAlarms); !done) return done;
  return database_.execute(sql::kCommit);
}

// A commit that failed, or that a kill cut short, may be in the kernel's cache only: after a failed
// sync the kernel takes those pages for clean and never writes them. What SQLite reads there counts
// as stored, and its repeat is confirmed: so the WAL is written again and synced first.
Result<void> ReceivedFile::make_recovered_durable() {
  // Other programs of the street may open the file: none may write to its WAL meanwhile.
  if (auto begun = database_.execute(sql::kBegin); !begun) return begun;
  if (auto done = database_.rewrite_wal(); !done) return done;
  if (auto ended = database_.execute(sql::kRollback); !ended) return ended;
  if (auto left = database_.checkpoint(sqlite::Database::Checkpoint::truncate); !left) {
    return left.error();
  }
  database_.checkpoint_when_closed(true);
  return {};
}

void ReceivedFile::close() {
  // That nothing is open any more is all a rollback could fail with.
  if (is_open_) static_cast<void>(rollback_.run());
  begin_ = sqlite::Statement{};
  commit_ = sqlite::Statement{};
  rollback_ = sqlite::Statement{};
  // What has its name now is not ours to remove.
  if (identity() != identity_) database_.checkpoint_when_closed(false);
  database_ = sqlite::Database{};
  is_open_ = false;
}

std::optional<ReceivedFile::Identity> ReceivedFile::identity() const {
  struct stat found {};
  if (::stat(file_.c_str(), &found) != 0) return std::nullopt;
  return Identity{found.st_dev, found.st_ino};
}

// SQLite goes on writing to a file that was removed, and would begin a new one in its place.
Result<void> ReceivedFile::is_ours() const {
  if (identity() == identity_) return {};
  return Failure{
      Failure::Kind::environment,
      fmt::format("{} was removed or replaced, or its disk is not mounted", file_.string()),
      "Put it back; or restart the receiver to go on with the file that is there now"};
}

Result<void> ReceivedFile::move_wal() {
  if (database_.wal_pages() < kMostWalPages) return {};
  const auto left = database_.checkpoint(sqlite::Database::Checkpoint::passive);
  return left ? Result<void>{} : Result<void>{left.error()};
}

}  // namespace watchpost::receiver
