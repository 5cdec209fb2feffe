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
    return Failure{
        Failure::Kind::refused,
        fmt::format("The store {} belongs to the user {}, and this is root: files that root makes "
                    "there could not be opened by {}",
                    question.directory.string(), name_of(*owner), name_of(*owner)),
        fmt::format(
            "Start the service (sudo systemctl start watchpostd), or run this as that user: "
            "sudo -u {} watchpostd ...",
            name_of(*owner))};
  }
  if (const auto file = foreign_store_file(question.directory); !file.empty()) {
    return Failure{
        Failure::Kind::environment,
        fmt::format("The store's file {} belongs to the user {}, and this is {}, who may "
                    "not use it",
                    file.string(), name_of(owner_of(file).value_or(0)), name_of(question.user)),
        fmt::format("sudo chown -R {0}:{0} {1}", name_of(question.user),
                    question.directory.string())};
  }
  if (question.is_beside_service && owner_of(question.service_store).has_value()) {
    return Failure{
        Failure::Kind::refused,
        fmt::format("This is the configuration of the service, with another store, {}: both would "
                    "connect under the same ids, and throw each other out",
                    question.directory.string()),
        "For a try, copy the configuration; in the copy set another gateway.id, and remove "
        "[[upstream]], [[broker]] and each client_id"};
  }
  const bool second = question.is_default && owner_of(question.service_store).has_value() &&
                      question.directory != question.service_store;
  if (!second) return {};
  return Failure{
      Failure::Kind::refused,
      fmt::format("No store is named, and this box has one already in {}: a second one would give "
                  "events under the same gateway.id",
                  question.service_store.string()),
      fmt::format("For that store: sudo systemctl start watchpostd. For a store of its own, name a "
                  "folder: --store {}",
                  question.directory.string())};
}

}  // namespace watchpost::app
