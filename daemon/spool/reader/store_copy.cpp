#include "spool/reader/store_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "spool/reader/open_for_reading.hpp"
#include "spool/tables/backup_mark.hpp"
#include "spool/tables/memory_table.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

// Less than this is no room: SQLite needs it for its own files beside the copy.
constexpr std::uintmax_t kLeastRoom = 1'024 * 1'024;

Failure cannot_write(const fs::path& file, int error) {
  if (error == EEXIST) {
    return in_both(
        Failure::Kind::refused,
        English{fmt::format("{} is there already", file.string()),
                "Nothing was overwritten: name another file, such as one with today's date"},
        Chinese{fmt::format("{} 已经存在", file.string()),
                "没有覆盖任何内容：请换一个文件名，例如带上今天的日期"});
  }
  const std::string why = std::strerror(error);
  return in_both(Failure::Kind::environment,
                 English{fmt::format("{} cannot be written: {}", file.string(), why),
                         "Name a file in a folder that this user may write and that has room"},
                 Chinese{fmt::format("无法写 {}：{}", file.string(), why),
                         "请指定这个用户能写、并且有空间的目录中的文件"});
}

Failure no_room(const fs::path& folder) {
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("There is no room for the copy in {}", folder.string()),
              "Nothing was left there. Make room, or name a file on a larger disk or stick"},
      Chinese{fmt::format("{} 没有空间存放副本", folder.string()),
              "没有留下任何内容。请腾出空间，或换用更大的磁盘或 U 盘"});
}

// SQLite's words for a full disk tell of the disk of the store; here it is that of the copy.
Failure told_of_copy(const fs::path& part, const Failure& failure) {
  const fs::path folder = fs::absolute(part).parent_path();
  std::error_code unknown;
  const auto space = fs::space(folder, unknown);
  const bool is_full = !unknown && space.available < kLeastRoom;
  return is_full || sqlite::is_full(failure) ? no_room(folder) : failure;
}

// The copy itself, and what SQLite makes beside it.
void remove_what_was_begun(const fs::path& part) {
  for (const char* const ending : {"", "-wal", "-shm", "-journal"}) {
    ::unlink((part.string() + ending).c_str());
  }
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

Result<std::vector<std::string>> texts_of(sqlite::Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  if (!statement) return statement.error();
  std::vector<std::string> texts;
  auto more = statement->step();
  for (; more && *more; more = statement->step()) texts.emplace_back(statement->text(0));
  if (!more) return more.error();
  return texts;
}

// Whoever remembers something is told, when the copy is used, that it may be older than what was
// known: a tag's counter that goes back would let a used link pass.
Result<void> tell_memories(sqlite::Database& copy) {
  const auto table = texts_of(copy, "SELECT name FROM sqlite_master WHERE name = 'decoder_memory'");
  if (!table) return table.error();
  if (table->empty()) return {};  // a store of a version without one
  const auto decoders = texts_of(copy, "SELECT DISTINCT decoder FROM decoder_memory");
  if (!decoders) return decoders.error();
  auto facts = memory_table().open_facts(copy);
  if (!facts) return facts.error();
  for (const std::string& decoder : *decoders) {
    auto done = (*facts)->write(Remembered{decoder, std::string(kRememberedInCopy), "backup"});
    if (!done) return done;
  }
  return {};
}

// One file without a WAL, so that it can be copied and moved as it is.
Result<void> mark(const fs::path& file) {
  auto copy = sqlite::Database::open(file, sqlite::Database::Access::read_write);
  if (!copy) return copy.error();
  if (auto done = copy->execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL"); !done) {
    return done;
  }
  if (auto told = tell_memories(*copy); !told) return told;
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
  if (done) return {};
  const Failure failure = told_of_copy(part, done.error());
  remove_what_was_begun(part);
  return failure;
}

}  // namespace watchpost::spool
