#include "base/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace watchpost {
namespace {

namespace fs = std::filesystem;

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Result<void> fill(const fs::path& scratch, std::string_view text, const Belonging& belonging) {
  const OpenFile out(
      ::open(scratch.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out.is_open()) return step_failure({scratch, "open"});
  if (::fchown(out.get(), belonging.owner, belonging.group) != 0) {
    return step_failure({scratch, "chown"});
  }
  if (::fchmod(out.get(), belonging.mode) != 0) return step_failure({scratch, "chmod"});
  if (!write_all(out.get(), text)) return step_failure({scratch, "write"});
  if (::fsync(out.get()) != 0) return step_failure({scratch, "fsync"});
  return {};
}

}  // namespace

fs::path folder_of(const fs::path& file) {
  std::error_code nameless;
  return fs::absolute(file, nameless).parent_path();
}

Failure step_failure(const FailedStep& failed) {
  const std::string why = std::strerror(errno);
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("{} cannot be written ({}: {})", failed.file.string(), failed.step, why),
              "Run it with sudo, and look whether the disk is full; the file is as it "
              "was"},
      Chinese{fmt::format("无法写入 {}（{}：{}）", failed.file.string(), failed.step, why),
              "请用 sudo 运行，并检查磁盘是否已满；文件保持原样"});
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Belonging belonging_of(const fs::path& file, const FileGroup& group) {
  struct stat found {};
  if (::stat(file.c_str(), &found) == 0) {
    return {found.st_uid, found.st_gid, found.st_mode & 07777U};
  }
  Belonging fresh;
  const struct group* entry = ::geteuid() == 0 ? ::getgrnam(group.name.c_str()) : nullptr;
  if (entry != nullptr) fresh.group = entry->gr_gid;
  return fresh;
}

Result<void> write_whole(const WholeFile& whole) {
  const fs::path& file = whole.file;
  const fs::path scratch = file.parent_path() / fmt::format(".{}.{}", file.filename().string(),
                                                            static_cast<long>(::getpid()));
  (void)::unlink(scratch.c_str());  // of a process that was killed
  auto filled = fill(scratch, whole.text, whole.belonging);
  if (filled && ::rename(scratch.c_str(), file.c_str()) != 0) {
    filled = step_failure({file, "rename"});
  }
  if (!filled) {
    (void)::unlink(scratch.c_str());
    return filled;
  }
  // The name is on the disk when its folder is.
  const OpenFile folder(::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::fsync(folder.get()) != 0) return step_failure({file, "fsync"});
  return {};
}

}  // namespace watchpost
