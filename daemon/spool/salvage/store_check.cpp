#include "spool/salvage/store_check.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "spool/salvage/store_pages.hpp"
#include "spool/tables/all_tables.hpp"

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

// Versions come one by one; such a number is a damaged page, not a version.
constexpr std::uint32_t kMostPlausibleVersion = 1'000;

// A file of ours that an accident made unreadable is made readable again, without a word.
bool may_be_used(const fs::path& file) {
  constexpr int kWanted = R_OK | W_OK;
  if (::access(file.c_str(), kWanted) == 0) return true;
  (void)::chmod(file.c_str(), S_IRUSR | S_IWUSR);
  return ::access(file.c_str(), kWanted) == 0;
}

std::string trouble_with(const fs::path& file) {
  std::error_code error;
  const auto status = fs::symlink_status(file, error);
  if (!fs::exists(status)) return {};
  if (!fs::is_regular_file(status)) return fmt::format("{} is no file", file.string());
  if (!may_be_used(file)) {
    return fmt::format("{} does not belong to the user the daemon runs as", file.string());
  }
  return {};
}

// A store of the present schema whose number alone was damaged has the present tables and no other.
bool has_present_tables(const StorePages& pages) {
  bool any = false;
  bool all = true;
  pages.visit_beginning(
      [&](const Cell& cell, std::string_view payload, const StorePages::RowOrigin&) {
        const auto columns = read_columns(payload);
        if (!cell.has_rowid || !cell.is_listed || !columns || columns->size() != 5) return false;
        if ((*columns)[0].bytes != "table") return false;
        const bool is_present = is_present_table((*columns)[4].bytes);
        any = any || is_present;
        all = all && is_present;
        return true;
      });
  return any && all;
}

Result<StoreCheck> check_pages(const StoreDirectory& directory) {
  const auto pages = StorePages::open(directory.database_file());
  if (!pages) return pages.error();
  if (!pages->has_plausible_header()) return StoreCheck{"the header of the database is damaged"};
  const auto version = pages->schema_version();
  const bool is_known = version && *version >= static_cast<std::uint32_t>(kFirstVersion) &&
                        *version <= static_cast<std::uint32_t>(kSchemaVersion);
  if (version && *version > 0 && !is_known) {
    const bool is_number = *version <= kMostPlausibleVersion && !has_present_tables(*pages);
    if (is_number) return unknown_version(directory.database_file(), *version);
    return StoreCheck{"its version number is damaged"};
  }
  if (pages->misses_wal()) {
    return StoreCheck{"its WAL is broken before its end, and SQLite would give up what follows"};
  }
  if (pages->page_count() == 0 && !pages->wal().frames().empty()) {
    return StoreCheck{"the database file is gone or empty, its WAL is not"};
  }
  // A store that is just being created has one page without a number.
  if (pages->page_count() > 1 && version == 0U) {
    return StoreCheck{"its version number is damaged"};
  }
  const auto& frames = pages->wal().frames();
  const auto tail = frames.begin() + static_cast<std::ptrdiff_t>(pages->wal().committed());
  return StoreCheck{{}, std::any_of(tail, frames.end(), [](const WalFile::Frame& frame) {
                      return frame.is_present;
                    })};
}

}  // namespace

Result<StoreCheck> check_store(const StoreDirectory& directory) {
  for (const fs::path& file : directory.store_files()) {
    if (auto trouble = trouble_with(file); !trouble.empty()) return StoreCheck{trouble};
  }
  auto check = check_pages(directory);
  std::error_code error;
  if (check && check->damage.empty() && fs::exists(directory.salvage_wanted(), error)) {
    check->damage = "the daemon met damage in it while it ran";
  }
  return check;
}

}  // namespace watchpost::spool
