#include "accounts/password_edit.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "accounts/credentials.hpp"
#include "base/encoding.hpp"

namespace watchpost::accounts {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 65'535;  // section 1.5.4 of MQTT 5.0

Failure not_written(const fs::path& file, std::string_view step) {
  const std::string why = std::strerror(errno);
  return in_both(Failure::Kind::environment,
                 English{fmt::format("{} cannot be written ({}: {})", file.string(), step, why),
                         "Run it with sudo, and look whether the disk is full; the file is as it "
                         "was"},
                 Chinese{fmt::format("无法写入 {}（{}：{}）", file.string(), step, why),
                         "请用 sudo 运行，并检查磁盘是否已满；文件保持原样"});
}

class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

// The owner and mode that the new file is to have.
struct Belonging {
  uid_t owner = static_cast<uid_t>(-1);  // the process's
  gid_t group = static_cast<gid_t>(-1);
  mode_t mode = 0640;
};

Belonging belonging_of(const fs::path& file, const std::string& group) {
  struct stat found {};
  if (::stat(file.c_str(), &found) == 0) {
    return {found.st_uid, found.st_gid, found.st_mode & 07777U};
  }
  Belonging fresh;
  const struct group* entry = ::geteuid() == 0 ? ::getgrnam(group.c_str()) : nullptr;
  if (entry != nullptr) fresh.group = entry->gr_gid;
  return fresh;
}

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
  if (!out.is_open()) return not_written(scratch, "open");
  if (::fchown(out.get(), belonging.owner, belonging.group) != 0) {
    return not_written(scratch, "chown");
  }
  if (::fchmod(out.get(), belonging.mode) != 0) return not_written(scratch, "chmod");
  if (!write_all(out.get(), text)) return not_written(scratch, "write");
  if (::fsync(out.get()) != 0) return not_written(scratch, "fsync");
  return {};
}

Result<void> replace(const fs::path& file, std::string_view text, const Belonging& belonging) {
  const fs::path scratch = file.parent_path() / fmt::format(".{}.{}", file.filename().string(),
                                                            static_cast<long>(::getpid()));
  (void)::unlink(scratch.c_str());  // of a process that was killed
  auto filled = fill(scratch, text, belonging);
  if (filled && ::rename(scratch.c_str(), file.c_str()) != 0) {
    filled = not_written(file, "rename");
  }
  if (!filled) (void)::unlink(scratch.c_str());
  return filled;
}

}  // namespace

std::optional<Phrase> unfit_user_name(std::string_view name) {
  if (name.empty()) return Phrase{"a user needs a name", "用户名不能为空"};
  if (name.size() > kLongestName) {
    return Phrase{"the name is longer than 65535 bytes", "用户名超过 65535 字节"};
  }
  if (!is_utf8(name)) return Phrase{"the name is not UTF-8", "用户名不是 UTF-8 编码"};
  if (name.find(':') != std::string_view::npos) {
    return Phrase{"the name has a ':', which ends it in the file",
                  "用户名中有“:”，它在文件里是分隔符"};
  }
  const bool has_control = std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (has_control) return Phrase{"the name has a control character", "用户名中有控制字符"};
  if (name.front() == '#') {
    return Phrase{"the name begins with '#', as comments do", "用户名以“#”开头，会被当作注释"};
  }
  if (name.front() == ' ' || name.back() == ' ') {
    return Phrase{"the name begins or ends with a blank", "用户名的开头或结尾有空格"};
  }
  return std::nullopt;
}

Result<EditedText> edited(const NamedText& file, const UserChange& change) {
  std::string_view rest = file.text;
  const std::string prefix = change.user + ":";
  EditedText result;
  bool was_there = false;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (!line.starts_with(prefix)) {
      result.text.append(line).push_back('\n');
    } else if (change.hash && !std::exchange(was_there, true)) {
      result.text += fmt::format("{}{}\n", prefix, change.hash->text());
    }
    was_there = was_there || line.starts_with(prefix);
  }
  if (!change.hash && !was_there) {
    return in_both(
        Failure::Kind::not_found,
        English{fmt::format("no user {} is in {}", change.user, file.name), "Nothing was changed"},
        Chinese{fmt::format("{} 中没有用户 {}", file.name, change.user), "文件没有改动"});
  }
  if (change.hash && !was_there) {
    result.text += fmt::format("{}{}\n", prefix, change.hash->text());
  }
  result.what = !change.hash ? Changed::removed : was_there ? Changed::replaced : Changed::added;
  if (auto readable = Credentials::parse({file.name, result.text}); !readable) {
    return readable.error();
  }
  return result;
}

Result<Changed> edit_password_file(const fs::path& file, const UserChange& change,
                                   const GroupName& group) {
  std::error_code error;
  fs::path real = fs::weakly_canonical(file, error);
  if (error) real = fs::absolute(file);
  const OpenFile folder(::open(real.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return not_written(real, "open");
  if (::flock(folder.get(), LOCK_EX) != 0) return not_written(real, "flock");
  std::string text;
  if (fs::exists(real, error) || error) {
    auto read = read_account_file(real, {.english = "password file",
                                         .chinese = "密码文件",
                                         .how_made = "Run it with sudo",
                                         .how_made_chinese = "请用 sudo 运行"});
    if (!read) return read.error();
    text = std::move(*read);
  } else if (!change.hash) {
    errno = ENOENT;
    return not_written(real, "open");
  }
  const std::string name = real.string();
  auto changed = edited({name, text}, change);
  if (!changed) return changed.error();
  auto written = replace(real, changed->text, belonging_of(real, group.name));
  if (!written) return written.error();
  if (::fsync(folder.get()) != 0) return not_written(real, "fsync");
  return changed->what;
}

}  // namespace watchpost::accounts
