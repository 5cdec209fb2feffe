#include "spool/verify/store_verifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "spool/reader/open_for_reading.hpp"
#include "spool/tables/all_tables.hpp"

namespace watchpost::spool {

// Where the next step goes on. Not movable: the checks refer to its connection.
class StoreVerifier::Work {
 public:
  explicit Work(sqlite::Database opened) : database_(std::move(opened)) {}

  Result<bool> step();
  Result<void> check_pages();
  [[nodiscard]] const CheckReport& report() const { return report_; }

 private:
  Result<bool> step_of_table();
  Result<void> look_at_view();

  sqlite::Database database_;
  bool has_view_ = false;
  StoreView view_;
  std::size_t next_table_ = 0;
  std::unique_ptr<TableCheck> check_;  // null: the next table begins
  CheckReport report_;
};

Result<bool> StoreVerifier::Work::step() {
  if (next_table_ == all_tables().size()) return false;
  auto more = step_of_table();
  if (!more && !sqlite::is_damage(more.error())) return more.error();
  if (!more) {
    report_.found(
        {more.error().what,
         "Restart the daemon: it saves what can be read, puts the damaged file aside and tells the "
         "upstreams what is lost. Then check the disk"});
  }
  if (!more || !*more) {
    check_.reset();
    ++next_table_;
  }
  return next_table_ < all_tables().size();
}

Result<bool> StoreVerifier::Work::step_of_table() {
  if (!std::exchange(has_view_, true)) {
    // Damaged rows that the view met are found again, and reported, by the check of their table.
    if (auto looked = look_at_view(); !looked) {
      if (!sqlite::is_damage(looked.error())) return looked.error();
      report_.found({looked.error().what, kCheckDisk});
    }
  }
  if (!check_) check_ = all_tables()[next_table_]->begin_check(database_, view_);
  return check_->step(report_);
}

Result<void> StoreVerifier::Work::look_at_view() {
  auto view = read_view(database_);
  if (!view) return view.error();
  view_ = std::move(*view);
  if (view_.epoch.empty()) {
    report_.found({"Damaged: the row that names the epoch is missing", kCheckDisk});
  }
  return {};
}

Result<void> StoreVerifier::Work::check_pages() {
  auto check = database_.prepare("PRAGMA quick_check(20)");
  if (!check) return check.error();
  auto more = check->step();
  for (; more && *more; more = check->step()) {
    if (check->text(0) == "ok") continue;
    // A row may have several lines: "*** in database main ***\nPage 3: ...".
    std::string found(check->text(0));
    std::replace(found.begin(), found.end(), '\n', ' ');
    report_.found({fmt::format("SQLite finds damage: {}", found),
                   "Restart the daemon: it saves what can be read and begins a new epoch. Check "
                   "the disk"});
  }
  if (!more && !sqlite::is_damage(more.error())) return more.error();
  if (!more) report_.found({more.error().what, kCheckDisk});
  report_.pages_checked = true;
  return {};
}

Result<StoreVerifier> StoreVerifier::open(const std::filesystem::path& database_file) {
  auto database = open_for_reading(database_file);
  if (!database) return database.error();
  return StoreVerifier(std::make_unique<Work>(std::move(*database)));
}

StoreVerifier::StoreVerifier(std::unique_ptr<Work> work) : work_(std::move(work)) {}
StoreVerifier::StoreVerifier(StoreVerifier&&) noexcept = default;
StoreVerifier& StoreVerifier::operator=(StoreVerifier&&) noexcept = default;
StoreVerifier::~StoreVerifier() = default;
Result<bool> StoreVerifier::step() {
  return work_->step();
}
Result<void> StoreVerifier::check_pages() {
  return work_->check_pages();
}
const CheckReport& StoreVerifier::report() const {
  return work_->report();
}

}  // namespace watchpost::spool
