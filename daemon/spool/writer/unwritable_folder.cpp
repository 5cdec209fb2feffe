#include "spool/writer/unwritable_folder.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

struct Mount {
  fs::path point;
  bool read_only = false;          // this mount of it
  bool disk_is_read_only = false;  // the file system, for everybody
};

// A blank in a path is written \040.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 3 < text.size();
    if (!escape) {
      plain += text[i];
      continue;
    }
    plain +=
        static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + text[i + 3] - '0');
    i += 3;
  }
  return plain;
}

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    const auto comma = options.find(',');
    if (options.substr(0, comma) == wanted) return true;
    options.remove_prefix(comma == std::string_view::npos ? options.size() : comma + 1);
  }
  return false;
}

// 36 35 98:0 /root /mount/point rw,noatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro (proc(5))
std::optional<Mount> parse_mount(const std::string& line) {
  std::istringstream fields(line);
  std::string skipped;
  std::string point;
  std::string options;
  if (!(fields >> skipped >> skipped >> skipped >> skipped >> point >> options)) {
    return std::nullopt;
  }
  std::string field;
  while (fields >> field && field != "-") {
  }
  std::string disk_options;
  if (!(fields >> skipped >> skipped >> disk_options)) return std::nullopt;
  return Mount{unescaped(point), has_option(options, "ro"), has_option(disk_options, "ro")};
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path rest = path.lexically_relative(folder);
  return !rest.empty() && *rest.begin() != "..";
}

// The nearest that exists: a folder that is to be made has its parent's mount.
fs::path existing_part(fs::path path) {
  std::error_code error;
  while (path.has_relative_path() && !fs::exists(path, error)) path = path.parent_path();
  const fs::path real = fs::canonical(path, error);
  return error ? path : real;
}

// For a folder that only this service may not write.
Phrase remedy_in_unit(const fs::path& folder) {
  std::error_code error;
  const std::string name = folder.string();
  // As StateDirectory= of the unit has it.
  if (is_below(folder, "/var/lib/watchpost") && !fs::exists(folder, error)) {
    return {
        "It was removed while the service ran; the next start, which comes by itself, makes it "
        "anew",
        "它在服务运行期间被删除；服务会自动重新启动并新建该目录"};
  }
  return {fmt::format("The folder is read-only for this service only: the unit lets it write below "
                      "/var/lib/watchpost and in its ReadWritePaths. If these name the folder "
                      "already, it is not there: mount its disk. If not, run `sudo systemctl edit "
                      "watchpostd`, write the two lines `[Service]` and `ReadWritePaths=-{}`, "
                      "then `sudo systemctl restart watchpostd`",
                      name),
          fmt::format("该目录只对本服务是只读的：服务单元只允许它写 /var/lib/watchpost 和 "
                      "ReadWritePaths 中的目录。如果其中已有该目录，说明它现在不存在：请挂载它所在"
                      "的磁盘。如果没有，请运行 `sudo systemctl edit watchpostd`，写入两行 "
                      "`[Service]` 和 `ReadWritePaths=-{}`，再运行 `sudo systemctl restart "
                      "watchpostd`",
                      name)};
}

std::string name_of_user() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : fmt::format("#{}", ::geteuid());
}

Phrase remedy_for_rights(const fs::path& folder) {
  if (is_below(folder, "/home") || is_below(folder, "/root")) {
    return {
        "The service sees nothing below /home and /root: name another folder in store.directory",
        "服务看不到 /home 和 /root 下的任何内容：请在 store.directory 中指定别的目录"};
  }
  const std::string user = name_of_user();
  return {fmt::format("Make the folder belong to the user that watchpostd runs as (now: {}): `sudo "
                      "chown -R watchpost:watchpost {}` for the service",
                      user, folder.string()),
          fmt::format("请让该目录属于运行 watchpostd 的用户（现在是 {}）：对服务来说是 `sudo chown "
                      "-R watchpost:watchpost {}`",
                      user, folder.string())};
}

Phrase remedy_for(const fs::path& folder, int error) {
  if (error == EROFS) {
    std::ifstream file("/proc/self/mountinfo");
    const std::string mounts{std::istreambuf_iterator<char>(file), {}};
    if (read_only_at(existing_part(fs::absolute(folder)), MountTable{mounts}) ==
        ReadOnly::this_process) {
      return remedy_in_unit(folder);
    }
    return {
        "Its file system is read-only for every program. Mount it for writing; if it turned "
        "read-only by itself, the disk or SD card is failing (dmesg shows its errors): replace "
        "it",
        "它所在的文件系统对所有程序都是只读的。请以可写方式挂载；如果是自己变成只读，说明磁盘或存"
        "储卡有故障（dmesg 显示错误）：请更换"};
  }
  if (error == ENOSPC || error == EDQUOT) {
    return {"The disk is full: free some space on it", "磁盘已满：请腾出空间"};
  }
  if (error == ENOTDIR) {
    return {"Something in this path is a file, not a folder: correct store.directory",
            "路径中有一段是文件而不是目录：请改正 store.directory"};
  }
  if (error == ENOENT) {
    return {
        "Create the folder, and mount the disk it is on; or name another one in "
        "store.directory",
        "请创建该目录并挂载它所在的磁盘，或在 store.directory 中指定别的目录"};
  }
  if (error == EACCES || error == EPERM) {
    return remedy_for_rights(folder);
  }
  return {
      "Check the disk it is on (dmesg shows its errors), or name another one in "
      "store.directory",
      "请检查它所在的磁盘（dmesg 显示错误），或在 store.directory 中指定别的目录"};
}

}  // namespace

ReadOnly read_only_at(const fs::path& folder, MountTable mounts) {
  std::istringstream lines{std::string(mounts.text)};
  std::optional<Mount> nearest;
  for (std::string line; std::getline(lines, line);) {
    auto mount = parse_mount(line);
    if (!mount || !is_below(folder, mount->point)) continue;
    // Of two on one folder the later one hides the earlier.
    if (!nearest || !is_below(nearest->point, mount->point) || nearest->point == mount->point) {
      nearest = std::move(mount);
    }
  }
  if (!nearest || !(nearest->read_only || nearest->disk_is_read_only)) return ReadOnly::no;
  return nearest->disk_is_read_only ? ReadOnly::everybody : ReadOnly::this_process;
}

Failure unwritable_folder(const fs::path& folder, int error) {
  const Phrase remedy = remedy_for(folder, error);
  const std::string why = std::strerror(error);
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("The store folder {} cannot be written: {}", folder.string(), why),
              remedy.english},
      Chinese{fmt::format("数据目录 {} 不能写入（系统信息：{}）", folder.string(), why),
              remedy.chinese});
}

}  // namespace watchpost::spool
