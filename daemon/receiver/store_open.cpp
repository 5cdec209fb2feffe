// How the Store opens its file, and what it does when the disk fails it.
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
#include "receiver/store.hpp"

namespace watchpost::receiver {
namespace {

constexpr std::int64_t kSynchronousFull = 2;
constexpr int kMostWalPages = 1'000;  // 4 MB

Failure worded(Failure failure) {
  if (sqlite::is_full(failure)) {
    failure.remedy = "Free space on the disk: the receiver goes on by itself";
  }
  return failure;
}

}  // namespace

Result<Store> Store::open(const std::filesystem::path& file) {
  Store store;
  store.file_ = file;
  if (auto locked = store.lock(file); !locked) return locked.error();
  if (auto opened = store.open_database(); !opened) return worded(opened.error());
  return store;
}

Result<void> Store::open_database() {
  auto database = sqlite::Database::open(file_, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  database_ = std::move(*database);
  database_.checkpoint_when_closed(false);
  if (auto done = configure(); !done) return done;
  if (auto done = prepare(); !done) return done;
  identity_ = identity();
  is_open_ = true;
  return {};
}

void Store::Unlock::operator()(const int* descriptor) const {
  ::close(*descriptor);
  delete descriptor;
}

// Two would each confirm from what they remember.
Result<void> Store::lock(const std::filesystem::path& file) {
  const std::string name = file.string() + ".lock";
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Failure{Failure::Kind::environment,
                   fmt::format("{} cannot be written: {}", name, std::strerror(errno)),
                   "Name a file with --store in a folder that this user may write"};
  }
  lock_.reset(new int(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
  return Failure{Failure::Kind::environment,
                 fmt::format("Another receiver already uses {}", file.string()),
                 "Stop that one, or name another file with --store"};
}

Result<void> Store::configure() {
  if (auto done = database_.execute(sql::kConfigureWriter); !done) return done;
  database_.watch_wal();
  const auto synchronous = database_.query_integer(sql::kSynchronous);
  if (!synchronous) return synchronous.error();
  if (*synchronous != kSynchronousFull) {
    return Failure{Failure::Kind::storage, "SQLite does not sync every commit of this store",
                   "Use the SQLite of the system this was built for"};
  }
  if (auto done = make_recovered_durable(); !done) return done;
  const auto version = database_.query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (*version == kSchemaVersion) return {};
  const auto tables = database_.query_integer(sql::kTables);
  if (!tables) return tables.error();
  if (*version != 0 || *tables != 0) {
    return Failure{Failure::Kind::refused,
                   fmt::format("The file is no store of this receiver (version {})", *version),
                   "Name another file with --store, or use the watchpost that wrote this one"};
  }
  if (auto done = database_.execute(sql::kBegin); !done) return done;
  if (auto done = database_.execute(kSchema); !done) return done;
  if (auto done = database_.execute(sql::kSetUserVersion); !done) return done;
  return database_.execute(sql::kCommit);
}

// A commit that failed, or that a kill cut short, may be in the kernel's cache only: after a failed
// sync the kernel takes those pages for clean and never writes them. What SQLite reads there counts
// as stored, and its repeat is confirmed: so the WAL is written again and synced first.
Result<void> Store::make_recovered_durable() {
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

Result<void> Store::make_ready() {
  if (is_open_) return {};
  if (auto ours = is_ours(); !ours) return ours;
  auto opened = open_database();
  return opened ? opened : Result<void>{give_back(opened.error())};
}

// Never on with the same connection: what it holds in memory may not be what is on the disk. The
// next call opens the file and reads all of its bookkeeping again.
Failure Store::give_back(const Failure& failure) {
  // That nothing is open any more is all a rollback could fail with.
  if (is_open_) static_cast<void>(statements_.rollback.run());
  forget();
  statements_ = Statements{};
  // What has its name now is not ours to remove.
  if (identity() != identity_) database_.checkpoint_when_closed(false);
  database_ = sqlite::Database{};
  is_open_ = false;
  return worded(failure);
}

std::optional<Store::Identity> Store::identity() const {
  struct stat found {};
  if (::stat(file_.c_str(), &found) != 0) return std::nullopt;
  return Identity{found.st_dev, found.st_ino};
}

// SQLite goes on writing to a file that was removed, and would begin a new one in its place.
Result<void> Store::is_ours() const {
  if (identity() == identity_) return {};
  return Failure{
      Failure::Kind::environment,
      fmt::format("{} was removed or replaced, or its disk is not mounted", file_.string()),
      "Put it back; or restart the receiver to go on with the file that is there now"};
}

// Here and not inside a commit, so that a failure is seen: the commit itself is on the disk.
void Store::move_wal() {
  if (database_.wal_pages() < kMostWalPages) return;
  const auto left = database_.checkpoint(sqlite::Database::Checkpoint::passive);
  if (!left) static_cast<void>(give_back(left.error()));
}

Result<void> Store::prepare() {
  const std::pair<sqlite::Statement*, const char*> wanted[] = {
      {&statements_.begin, sql::kBegin},
      {&statements_.commit, sql::kCommit},
      {&statements_.rollback, sql::kRollback},
      {&statements_.find_gateway, sql::kFindGateway},
      {&statements_.add_gateway, sql::kAddGateway},
      {&statements_.save_gateway, sql::kSaveGateway},
      {&statements_.find_stream, sql::kFindStream},
      {&statements_.add_stream, sql::kAddStream},
      {&statements_.save_stream, sql::kSaveStream},
      {&statements_.epochs_of, sql::kEpochsOf},
      {&statements_.add_event, sql::kAddEvent},
      {&statements_.body_of, sql::kBodyOf},
      {&statements_.sequences_after, sql::kSequencesAfter},
      {&statements_.lowest_of, sql::kLowestOf},
      {&statements_.add_gap, sql::kAddGap},
      {&statements_.add_missing, sql::kAddMissing},
      {&statements_.gaps_of, sql::kGapsOf},
      {&statements_.missing_of, sql::kMissingOf},
      {&statements_.add_unreadable, sql::kAddUnreadable},
      {&statements_.forget_unreadable, sql::kForgetUnreadable},
  };
  for (const auto& [statement, text] : wanted) {
    auto prepared = database_.prepare(text);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return {};
}

}  // namespace watchpost::receiver
