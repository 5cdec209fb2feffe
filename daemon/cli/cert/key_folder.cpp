#include "cli/cert/key_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace watchpost::cli {
namespace {

constexpr mode_t kForOwner = 0600;
constexpr mode_t kForAll = 0644;

Failure file_not_made(const std::string& file, int error) {
  const std::string why = std::generic_category().message(error);
  if (error == EEXIST) {
    return in_both(Failure::Kind::refused,
                   English{fmt::format("{} is there already and is never overwritten", file),
                           "Name another --folder, or move that file away; --renew renews the "
                           "certificate of the server"},
                   Chinese{fmt::format("{} 已经存在，不会被覆盖", file),
                           "请用 --folder 指定另一个目录，或移走该文件；--renew 可更新服务器证书"});
  }
  return in_both(Failure::Kind::environment,
                 English{fmt::format("{} cannot be written: {}", file, why),
                         "Run this with sudo, or name a --folder of your own"},
                 Chinese{fmt::format("无法写入 {}（{}）", file, why),
                         "请加 sudo 运行，或用 --folder 指定您自己的目录"});
}

// Writes all of the text, or says the error.
int write_all(int file, std::string_view text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const auto count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return errno;
    written += static_cast<std::size_t>(count);
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

// A file that must not be there yet.
int make_file(const std::string& file, std::string_view text, mode_t mode) {
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kForOwner);
  if (made < 0) return errno;
  int error = write_all(made, text);
  // The umask may be narrower than what others need to read a certificate.
  if (error == 0 && ::fchmod(made, mode) != 0) error = errno;
  ::close(made);
  if (error != 0) ::unlink(file.c_str());
  return error;
}

}  // namespace

Result<void> KeyFolder::prepare() const {
  std::error_code error;
  const bool made = std::filesystem::create_directories(path_, error);
  if (error) return file_not_made(path_.string(), error.value());
  if (made) {
    using std::filesystem::perms;
    std::filesystem::permissions(path_,
                                 perms::owner_all | perms::group_read | perms::group_exec |
                                     perms::others_read | perms::others_exec,
                                 error);
  }
  return {};
}

bool KeyFolder::has(const std::string& name) const {
  std::error_code error;
  return std::filesystem::exists(path_ / name, error);
}

Result<std::string> KeyFolder::read(const std::string& name) const {
  std::ifstream in(path_ / name, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (in && !text.str().empty()) return text.str();
  return in_both(Failure::Kind::not_found,
                 English{fmt::format("{} cannot be read", path_of(name)),
                         "Put the files of the authority back into this folder, and run this with "
                         "sudo"},
                 Chinese{fmt::format("无法读取 {}", path_of(name)),
                         "请把 CA 的文件放回该目录，并加 sudo 运行"});
}

Result<void> KeyFolder::write(const NewFile& file, FileUse use) const {
  const mode_t mode = use == FileUse::secret ? kForOwner : kForAll;
  const int error = make_file(path_of(file.name), file.text, mode);
  if (error != 0) return file_not_made(path_of(file.name), error);
  return {};
}

Result<void> KeyFolder::replace(const Replacement& replacement) const {
  const std::string file = path_of(replacement.name);
  const std::string fresh = file + ".new";
  const std::string kept = path_of(replacement.kept_as);
  ::unlink(fresh.c_str());  // of a run that was interrupted
  if (const int error = make_file(fresh, replacement.text, kForAll); error != 0) {
    return file_not_made(fresh, error);
  }
  // The old certificate stays in its place until the new one takes it.
  if (::link(file.c_str(), kept.c_str()) != 0 && errno != EEXIST) return file_not_made(kept, errno);
  if (::rename(fresh.c_str(), file.c_str()) != 0) return file_not_made(file, errno);
  return {};
}

bool KeyFolder::give(const Ownership& ownership) const {
  const passwd* const entry = ::getpwnam(ownership.user.c_str());
  return entry != nullptr &&
         ::chown(path_of(ownership.name).c_str(), entry->pw_uid, static_cast<gid_t>(-1)) == 0;
}

}  // namespace watchpost::cli
