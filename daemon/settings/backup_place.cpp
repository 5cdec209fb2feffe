#include "settings/backup_place.hpp"

#include <fmt/format.h>

#include <system_error>

namespace watchpost::settings {
namespace {

namespace fs = std::filesystem;

// Without links, as far as this user may look; without a slash at the end.
fs::path real_place(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  if (error) return path;
  fs::path place = fs::weakly_canonical(whole, error);
  if (error) place = whole.lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

bool lies_within(const fs::path& path, const fs::path& folder) {
  const fs::path place = real_place(folder);
  fs::path walked = real_place(path);
  while (walked != place && walked.has_relative_path()) walked = walked.parent_path();
  return walked == place;
}

}  // namespace

std::optional<Failure> backup_in_itself(const BackupPlace& place) {
  if (place.folder.empty()) return std::nullopt;
  const bool is_in_store = lies_within(place.folder, place.store);
  if (!is_in_store && !lies_within(place.folder, place.configuration)) return std::nullopt;
  const fs::path around = is_in_store ? place.store : place.configuration;
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("The folder for backups {} is in {}, which is what a backup is made of",
                          place.folder.string(), around.string()),
              "Name a folder elsewhere, best on another disk: folder in [backup], or --to"},
      Chinese{fmt::format("备份目录 {} 在 {} 里面，而后者正是要备份的内容", place.folder.string(),
                          around.string()),
              "请换到别处，最好在另一块磁盘上：[backup] 的 folder，或 --to"});
}

}  // namespace watchpost::settings
