#include "app/store_guard.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>

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
