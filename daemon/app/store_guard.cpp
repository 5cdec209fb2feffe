#include "app/store_guard.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>

namespace watchpost::app {
namespace {

namespace fs = std::filesystem;

std::optional<uid_t> owner_of(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return found.st_uid;
}

std::string name_of(uid_t user) {
  const passwd* entry = ::getpwuid(user);
  return entry != nullptr ? entry->pw_name : fmt::format("#{}", user);
}

Failure refused_to_root(const fs::path& directory, const std::string& user) {
  return in_both(
      Failure::Kind::refused,
      English{
          fmt::format("The store {0} belongs to the user {1}, and this is root: files that root "
                      "makes there could not be opened by {1}",
                      directory.string(), user),
          fmt::format("Start the service (sudo systemctl start watchpostd), or run this as that "
                      "user: sudo -u {} watchpostd ...",
                      user)},
      Chinese{
          fmt::format("数据目录 {0} 属于用户 {1}，而现在是 root：root 在那里建的文件 {1} 打不开",
                      directory.string(), user),
          fmt::format("请启动服务（sudo systemctl start watchpostd），或以该用户运行：sudo -u {} "
                      "watchpostd ...",
                      user)});
}

}  // namespace

fs::path foreign_store_file(const fs::path& directory) {
  // What may only be read is no obstacle: its rows are saved into a store of our own.
  for (const char* name : {"watchpost.db", "watchpost.db-wal", "lock"}) {
    const fs::path file = directory / name;
    const int wanted = file.filename() == "lock" ? R_OK | W_OK : R_OK;
    const bool is_closed = ::access(file.c_str(), wanted) != 0 && errno == EACCES;
    struct stat found {};
    if (is_closed && ::stat(file.c_str(), &found) == 0 && S_ISREG(found.st_mode)) return file;
  }
  return {};
}

Result<void> may_open_store(const StoreQuestion& question) {
  const auto owner = owner_of(question.directory);
  if (owner && question.user == 0 && *owner != 0) {
    return refused_to_root(question.directory, name_of(*owner));
  }
  if (const auto file = foreign_store_file(question.directory); !file.empty()) {
    const std::string owner_name = name_of(owner_of(file).value_or(0));
    const std::string user = name_of(question.user);
    const std::string remedy =
        fmt::format("sudo chown -R {0}:{0} {1}", user, question.directory.string());
    return in_both(
        Failure::Kind::environment,
        English{fmt::format("The store's file {} belongs to the user {}, and this is {}, who "
                            "may not use it",
                            file.string(), owner_name, user),
                remedy},
        Chinese{fmt::format("数据文件 {} 属于用户 {}，而现在是 {}，无权使用", file.string(),
                            owner_name, user),
                remedy});
  }
  if (question.is_beside_service && owner_of(question.service_store).has_value()) {
    return in_both(
        Failure::Kind::refused,
        English{fmt::format(
                    "This is the configuration of the service, with another store, {}: both would "
                    "connect under the same ids, and throw each other out",
                    question.directory.string()),
                "For a try, copy the configuration; in the copy set another gateway.id, and remove "
                "[[upstream]], [[broker]] and each client_id"},
        Chinese{
            fmt::format(
                "这是服务的配置，却用了另一个数据目录 {}：两个程序会用同样的编号连接，互相踢下线",
                question.directory.string()),
            "如果只是试用，请复制一份配置；在副本中改用别的 gateway.id，并删去 "
            "[[upstream]]、[[broker]] "
            "和所有 client_id"});
  }
  const bool second = question.is_default && owner_of(question.service_store).has_value() &&
                      question.directory != question.service_store;
  if (!second) return {};
  return in_both(
      Failure::Kind::refused,
      English{fmt::format(
                  "No store is named, and this box has one already in {}: a second one would give "
                  "events under the same gateway.id",
                  question.service_store.string()),
              fmt::format(
                  "For that store: sudo systemctl start watchpostd. For a store of its own, name "
                  "a folder: --store {}",
                  question.directory.string())},
      Chinese{fmt::format(
                  "没有指定数据目录，而本机已有一个：{}。再建一个会用同样的 gateway.id 产生事件",
                  question.service_store.string()),
              fmt::format(
                  "要用已有的：sudo systemctl start watchpostd。要另建一个，请指定目录：--store {}",
                  question.directory.string())});
}

}  // namespace watchpost::app
