#include "spool/reader/store_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "spool/reader/store_view.hpp"
#include "spool/tables/backup_mark.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

Failure cannot_write(const fs::path& file, int error) {
  if (error == EEXIST) {
    return Failure{Failure::Kind::refused, fmt::format("{} is there already", file.string()),
                   "Nothing was overwritten: name another file, such as one with today's date"};
  }
  return Failure{Failure::Kind::environment,
                 fmt::format("{} cannot be written: {}", file.string(), std::strerror(error)),
                 "Name a file in a folder that this user may write and that has room"};
}

Result<void> create(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot_write(file, errno);
  ::close(descriptor);
  return {};
}

bool sync(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  return synced;
}

// One file without a WAL, so that it can be copied and moved as it is.
Result<void> mark(const fs::path& file) {
  auto copy = sqlite::Database::open(file, sqlite::Database::Access::read_write);
  if (!copy) return copy.error();
  if (auto done = copy->execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL"); !done) {
    return done;
  }
  return copy->execute(kSetBackupMark);
}

// Under its name only when it is whole.
Result<void> finish(const fs::path& part, const fs::path& copy) {
  if (!sync(part, O_RDONLY)) return cannot_write(part, errno);
  if (::link(part.c_str(), copy.c_str()) != 0) return cannot_write(copy, errno);
  ::unlink(part.c_str());
  sync(fs::absolute(copy).parent_path(), O_RDONLY | O_DIRECTORY);
  return {};
}

}  // namespace

Result<void> copy_store(const CopyFiles& files) {
  const fs::path& copy = files.copy;
  auto store = open_for_reading(files.database);
  if (!store) return store.error();
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(copy, ignored))) return cannot_write(copy, EEXIST);
  const fs::path part = copy.string() + ".part";
  if (auto created = create(part); !created) return created;
  auto done = store->copy_to(part);
  if (done) done = mark(part);
  if (done) done = finish(part, copy);
  if (!done) ::unlink(part.c_str());
  return done;
}

}  // namespace watchpost::spool
