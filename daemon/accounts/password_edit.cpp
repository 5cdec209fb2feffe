#include "accounts/password_edit.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "accounts/credentials.hpp"
#include "base/encoding.hpp"
#include "base/whole_file.hpp"

namespace watchpost::accounts {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 65'535;  // section 1.5.4 of MQTT 5.0

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
  // Absolute first: of a name alone that is not there yet, the name alone would come back.
  fs::path real = fs::weakly_canonical(fs::absolute(file), error);
  if (error) real = fs::absolute(file);
  const OpenFile folder(::open(folder_of(real).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return step_failure({real, "open"});
  if (::flock(folder.get(), LOCK_EX) != 0) return step_failure({real, "flock"});
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
    return step_failure({real, "open"});
  }
  const std::string name = real.string();
  auto changed = edited({name, text}, change);
  if (!changed) return changed.error();
  auto written = write_whole({real, changed->text, belonging_of(real, FileGroup{group.name})});
  if (!written) return written.error();
  return changed->what;
}

}  // namespace watchpost::accounts
