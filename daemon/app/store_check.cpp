#include "app/store_check.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "app/as_user.hpp"
#include "app/store_guard.hpp"

namespace watchpost::app {
namespace {

namespace fs = std::filesystem;
using settings::say;
using settings::Words;

enum class State : std::uint8_t {
  usable,
  no_folder,     // a part of the path is a file
  closed,        // a folder above may not be entered
  read_only,     // the file system
  not_writable,  // the folder is another user's
  not_made,      // it is not there, and the folder above is another user's
  foreign_file,  // the folder is good, a file of the store in it is another user's
};

struct Finding {
  State state = State::usable;
  int depth = 0;  // of the part of the path that is meant; the root is 1
};

// The path down to the part at this depth.
fs::path part_at(const fs::path& folder, int depth) {
  fs::path walked;
  for (const auto& part : folder) {
    walked /= part;
    if (--depth == 0) break;
  }
  return walked;
}

State state_of(const fs::path& folder, State of_another) {
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) == 0) return State::usable;
  return errno == EROFS ? State::read_only : of_another;
}

// With the rights of whoever calls it.
Finding look_at(const StoreFolder& folder) {
  int depth = 0;
  fs::path walked;
  for (const auto& part : folder.path) {
    struct stat found {};
    if (::stat((walked / part).c_str(), &found) != 0) {
      if (errno == EACCES) return {State::closed, depth};
      if (folder.is_made_by_systemd) return {};
      // access() needs no right to list a folder above.
      if (::access(walked.c_str(), W_OK | X_OK) == 0) return {};
      return {errno == EROFS ? State::read_only : State::not_made, depth};
    }
    walked /= part;
    ++depth;
    if (!S_ISDIR(found.st_mode)) return {State::no_folder, depth};
  }
  const State own = state_of(walked, State::not_writable);
  if (own != State::usable) return {own, depth};
  return {foreign_store_file(walked).empty() ? State::usable : State::foreign_file, depth};
}

// As one number below 255, which a child process can answer with.
int packed(const Finding& finding) {
  constexpr int kDeepest = 31;
  return static_cast<int>(finding.state) * (kDeepest + 1) + std::min(finding.depth, kDeepest);
}
Finding unpacked(int number) {
  constexpr int kDepths = 32;
  return {static_cast<State>(number / kDepths), number % kDepths};
}

std::string group_of(const std::string& user) {
  return user.empty() ? std::string("watchpost") : user;
}

Words finding_in_words(const Finding& finding, const fs::path& folder, const std::string& user) {
  const std::string store = folder.string();
  const std::string part = part_at(folder, finding.depth).string();
  const std::string owner = group_of(user);
  switch (finding.state) {
    case State::usable:
      break;
    case State::no_folder:
      return say(
          "store.directory: {} is a file, and no folder: name a folder, or move that file away",
          "store.directory：{} 是文件，不是目录：请写一个目录，或把该文件移走", part);
    case State::closed:
      return say(
          "store.directory: the service (user {}) cannot enter the folder {}: sudo chown root:{} "
          "{}; sudo chmod 750 {}",
          "store.directory：服务（用户 {}）进不了目录 {}：sudo chown root:{} {}; sudo chmod 750 {}",
          owner, part, owner, part, part);
    case State::read_only:
      return say(
          "store.directory: the file system of {} is read-only. Mount it for writing; if it "
          "turned read-only by itself, the disk or SD card is failing (dmesg shows its "
          "errors): replace it",
          "store.directory：{} 所在的文件系统是只读的。请以可写方式挂载；如果是自己变成只读，说"
          "明磁盘或存储卡有故障（dmesg 显示错误）：请更换",
          part);
    case State::not_writable:
      return say(
          "store.directory: the service (user {}) may not write in {}: sudo chown -R {}:{} {}",
          "store.directory：服务（用户 {}）不能写入 {}：sudo chown -R {}:{} {}", owner, store,
          owner, owner, store);
    case State::not_made:
      return say(
          "store.directory: there is no {}, and the service (user {}) may not make it. If it is "
          "on a disk of its own, mount that disk; for a new store: sudo install -d -o {} -g {} -m "
          "700 {}",
          "store.directory：没有 {}，服务（用户 {}）也无权创建。如果它在另一块磁盘上，请先挂载；要"
          "新建：sudo install -d -o {} -g {} -m 700 {}",
          store, owner, owner, owner, store);
    case State::foreign_file:
      return say(
          "store.directory: {} holds files of another user, which the service (user {}) cannot "
          "use: sudo chown -R {}:{} {}",
          "store.directory：{} 里有属于其他用户的文件，服务（用户 {}）不能使用：sudo chown -R "
          "{}:{} {}",
          store, owner, owner, owner, store);
  }
  return {};
}

}  // namespace

std::optional<Words> unusable_store(const StoreFolder& folder) {
  const Finding finding = look_at(folder);
  const bool is_for_all = finding.state == State::no_folder || finding.state == State::read_only;
  if (!is_for_all) return std::nullopt;
  return finding_in_words(finding, folder.path, {});
}

std::optional<Words> unusable_store_for(const std::string& user, const StoreFolder& folder) {
  const auto answer = as_user(user, [&folder] { return packed(look_at(folder)); });
  if (!answer || *answer == 0) return unusable_store(folder);
  const Finding finding = unpacked(*answer);
  if (finding.state == State::usable) return std::nullopt;
  return finding_in_words(finding, folder.path, user);
}

}  // namespace watchpost::app
