#include "spool/verify/store_verifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "spool/tables/log_row.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/tables/statements.hpp"
#include "spool/verify/store_verifier_work.hpp"
#include "spool/verify/verifier_statements.hpp"

namespace watchpost::spool {
namespace {

// Refused records may be large.
constexpr std::int64_t kCopiesPerStep = 16;

constexpr const char* kReport = "Nothing can be done here; report this line";

bool is_class(std::int64_t number) {
  return number >= 0 && static_cast<std::size_t>(number) < kEventClassCount;
}

}  // namespace

std::uint64_t CheckReport::rows() const {
  return std::accumulate(records.begin(), records.end(), std::uint64_t{0}) + cursors +
         dropped_ranges + set_aside + sessions + packet_ids;
}

Result<void> StoreVerifier::Work::prepare() {
  const std::pair<sqlite::Statement*, const char*> wanted[] = {
      {&drops_in_, sql::kSelectDrops},      {&drops_, sql::kDropsAfter},
      {&set_aside_, sql::kSetAsideAfter},   {&sessions_, sql::kSessionsAfter},
      {&packet_ids_, sql::kPacketIdsAfter},
  };
  for (const auto& [statement, text] : wanted) {
    auto prepared = database.prepare(text);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  for (const EventClass event_class : kEventClasses) {
    const auto i = index_of(event_class);
    auto records = database.prepare(sql::select_records(event_class));
    if (!records) return records.error();
    auto oldest = database.prepare(sql::select_oldest(event_class));
    if (!oldest) return oldest.error();
    records_[i] = std::move(*records);
    oldest_[i] = std::move(*oldest);
  }
  return {};
}

void StoreVerifier::Work::found(std::string what, std::string remedy) {
  ++report.finding_count;
  if (report.findings.size() == CheckReport::kMostFindings) return;
  report.findings.push_back({std::move(what), std::move(remedy)});
}

Result<bool> StoreVerifier::Work::step() {
  if (part_ == Part::done) return false;
  auto more = step_of_part();
  if (!more) {
    if (!sqlite::is_damage(more.error())) return more.error();
    found(
        more.error().what,
        "Restart the daemon: it saves what can be read, puts the damaged file aside and tells the "
        "upstreams what is lost. Then check the disk");
    next_part();
    return part_ != Part::done;
  }
  if (!*more) next_part();
  return part_ != Part::done;
}

void StoreVerifier::Work::next_part() {
  id_ = 0;
  if (part_ == Part::logs && ++log_ < kEventClassCount) {
    after_ = Seq{};
    position_ = 0;
    return;
  }
  part_ = static_cast<Part>(static_cast<int>(part_) + 1);
}

Result<bool> StoreVerifier::Work::step_of_part() {
  switch (part_) {
    case Part::view:
      return look_at_view();
    case Part::drops:
      return look_at_drops();
    case Part::set_aside:
      return look_at_set_aside();
    case Part::sessions:
      return look_at_sessions();
    case Part::packet_ids:
      return look_at_packet_ids();
    case Part::logs:
      return look_at_log();
    case Part::done:
      break;
  }
  return false;
}

Result<bool> StoreVerifier::Work::look_at_view() {
  auto view = read_view(database);
  if (!view) return view.error();
  view_ = std::move(*view);
  for (const std::string& row : view_.damaged) {
    found(fmt::format("Damaged: {}", row), kCheckDisk);
  }
  for (const auto& [upstream, settled] : view_.cursors) {
    for (const EventClass event_class : kEventClasses) {
      const auto i = index_of(event_class);
      ++report.cursors;
      if (settled[i] <= view_.newest[i]) continue;
      found(
          fmt::format("The cursor of upstream {} for {} stands at {}, beyond the newest record {}",
                      upstream, to_string(event_class), settled[i].value, view_.newest[i].value),
          "Records up to there would not be forwarded. Stop the daemon, keep a copy of the store "
          "folder, and report this line");
    }
  }
  return false;
}

Result<bool> StoreVerifier::Work::look_at_drops() {
  drops_.bind(1, id_);
  drops_.bind(2, kRowsPerStep);
  std::int64_t rows = 0;
  auto more = drops_.step();
  for (; more && *more; more = drops_.step()) {
    ++rows;
    ++report.dropped_ranges;
    id_ = drops_.integer(0);
    const auto sum = row_sum(
        "drop_ledger", {drops_.integer(1), drops_.integer(2), drops_.integer(3), drops_.integer(4),
                        drops_.text(5), drops_.integer(6), drops_.integer(7)});
    if (sum != drops_.integer(8) || !is_class(drops_.integer(1))) {
      found(fmt::format("Damaged: row {} of the drop ledger", id_), kCheckDisk);
      continue;
    }
    const auto event_class = static_cast<EventClass>(drops_.integer(1));
    if (sequence_in(drops_, 3).value == 0 || drops_.integer(4) < drops_.integer(3)) {
      found(fmt::format("Row {} of the drop ledger names no range of {}", id_,
                        to_string(event_class)),
            kReport);
    }
  }
  if (!more) return more.error();
  return rows == kRowsPerStep;
}

Result<bool> StoreVerifier::Work::look_at_set_aside() {
  set_aside_.bind(1, id_);
  set_aside_.bind(2, kCopiesPerStep);
  std::int64_t rows = 0;
  auto more = set_aside_.step();
  for (; more && *more; more = set_aside_.step()) {
    ++rows;
    ++report.set_aside;
    id_ = set_aside_.integer(0);
    SetAside row;
    row.reason_code = static_cast<std::uint8_t>(set_aside_.integer(1));
    row.record = read_copy(set_aside_, 4).value_or(Record{});
    row.record.event_class = static_cast<EventClass>(set_aside_.integer(2));
    row.record.seq = sequence_in(set_aside_, 3);
    const auto sum = set_aside_sum(set_aside_.text(17), row, set_aside_.integer(16));
    if (sum == set_aside_.integer(15) && is_class(set_aside_.integer(2))) continue;
    found(fmt::format("Damaged: the copy {} of a record that upstream {} refused", id_,
                      set_aside_.text(17)),
          kCheckDisk);
  }
  if (!more) return more.error();
  return rows == kCopiesPerStep;
}

Result<bool> StoreVerifier::Work::look_at_sessions() {
  const std::string after = client_id_;
  sessions_.bind(1, after);
  sessions_.bind(2, kRowsPerStep);
  std::int64_t rows = 0;
  auto more = sessions_.step();
  for (; more && *more; more = sessions_.step()) {
    ++rows;
    ++report.sessions;
    client_id_ = sessions_.text(0);
    if (row_sum("session", {sessions_.text(0), sessions_.integer(1)}) == sessions_.integer(2)) {
      continue;
    }
    found(fmt::format("Damaged: the session of client {}", client_id_),
          "The client begins a new session by itself; check the disk");
  }
  if (!more) return more.error();
  if (rows < kRowsPerStep) client_id_.clear();
  return rows == kRowsPerStep;
}

Result<bool> StoreVerifier::Work::look_at_packet_ids() {
  const std::string after = client_id_;
  packet_ids_.bind(1, after);
  packet_ids_.bind(2, kRowsPerStep);
  packet_ids_.bind(3, packet_id_);
  std::int64_t rows = 0;
  auto more = packet_ids_.step();
  for (; more && *more; more = packet_ids_.step()) {
    ++rows;
    ++report.packet_ids;
    client_id_ = packet_ids_.text(0);
    packet_id_ = packet_ids_.integer(1);
    const auto sum = row_sum("session_packet_id", {packet_ids_.text(0), packet_id_});
    if (sum == packet_ids_.integer(2)) continue;
    found(fmt::format("Damaged: Packet Identifier {} of client {}", packet_id_, client_id_),
          "One message of that client may be recorded twice; check the disk");
  }
  if (!more) return more.error();
  return rows == kRowsPerStep;
}

Result<void> StoreVerifier::Work::check_pages() {
  auto check = database.prepare(sql::kQuickCheck);
  if (!check) return check.error();
  auto more = check->step();
  for (; more && *more; more = check->step()) {
    if (check->text(0) == "ok") continue;
    found(fmt::format("SQLite finds damage: {}", check->text(0)),
          "Restart the daemon: it saves what can be read and begins a new epoch. Check the disk");
  }
  if (!more && !sqlite::is_damage(more.error())) return more.error();
  if (!more) found(more.error().what, kCheckDisk);
  report.pages_checked = true;
  return {};
}

Result<StoreVerifier> StoreVerifier::open(const std::filesystem::path& database_file) {
  auto database = open_for_reading(database_file);
  if (!database) return database.error();
  auto work = std::make_unique<Work>(std::move(*database));
  if (auto prepared = work->prepare(); !prepared) return prepared.error();
  return StoreVerifier(std::move(work));
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
  return work_->report;
}

}  // namespace watchpost::spool
