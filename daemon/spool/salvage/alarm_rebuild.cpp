#include "spool/salvage/alarm_rebuild.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/alarm_row.hpp"
#include "spool/tables/alarm_table.hpp"
#include "spool/tables/transition_log.hpp"

namespace watchpost::spool {
namespace {

constexpr std::int64_t kNumbersBetweenSigns = 10'000;

struct SavedRow {
  AlarmNumber number;
  std::uint32_t transitions = 0;
};
using SavedRows = std::map<AlarmSerial, SavedRow>;

Result<SavedRows> read_saved_rows(sqlite::Database& database) {
  auto select = database.prepare("SELECT * FROM alarm");
  if (!select) return select.error();
  SavedRows rows;
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    const Row row = alarm_table().row_at(*select);
    const auto alarm = alarm_from_row(row[2].bytes);
    // What cannot be read is told with the other damage of its table.
    rows[AlarmSerial{static_cast<std::uint64_t>(row[0].integer)}] =
        alarm ? SavedRow{alarm->number, alarm->transitions} : SavedRow{};
  }
  if (!more) return more.error();
  return rows;
}

// A row of another epoch is of another alarm: an earlier version could give a number twice.
bool is_older(const SavedRow& row, const ToldTransition& told) {
  const bool is_same = row.number == told.number || row.number == AlarmNumber{};
  return is_same && row.transitions < told.transitions;
}

void note_newer(const Stamp& stamp, Stamp& newest) {
  const bool has_wall = stamp.clock != ClockQuality::unset;
  const bool newest_has = newest.clock != ClockQuality::unset;
  if (has_wall != newest_has ? has_wall : stamp.service > newest.service) newest = stamp;
}

KnownBeside known_beside(const StoredJudgement& judgement) {
  KnownBeside known;
  for (const SharedAlarm& each : judgement.alarms) note_newer(each->times.changed, known.newest);
  for (const SharedDevice& each : judgement.devices) note_newer(each->changed, known.newest);
  for (const SharedCommandDone& each : judgement.commands) note_newer(each->at, known.newest);
  if (!judgement.duty) return known;
  note_newer(judgement.duty->changed, known.newest);
  if (judgement.duty->silence) known.silenced_at = judgement.duty->silence->at;
  return known;
}

bool is_out(const StoredJudgement& judgement, const std::string& device) {
  return std::any_of(judgement.devices.begin(), judgement.devices.end(),
                     [&device](const SharedDevice& each) {
                       return each->id == device && each->service == DeviceService::out_of_service;
                     });
}

class Rebuild {
 public:
  Rebuild(OpenStore& store, const StoreContents& contents)
      : store_(store), contents_(contents), beside_(known_beside(contents.facts.judgement)) {}

  Result<void> run(const std::function<void()>& still_at_it);
  [[nodiscard]] AlarmsSaved take() { return std::move(saved_); }

 private:
  Result<void> rebuild(AlarmSerial serial, const NewestTransition& newest);
  Result<std::optional<Record>> record_of(const NewestTransition& newest);
  void name_missing(AlarmSerial highest);

  OpenStore& store_;
  const StoreContents& contents_;
  KnownBeside beside_;
  std::vector<TransitionLog> logs_;  // as kTransitionClasses
  SavedRows rows_;
  AlarmsSaved saved_;
};

Result<void> Rebuild::run(const std::function<void()>& still_at_it) {
  auto rows = read_saved_rows(store_.database());
  if (!rows) return rows.error();
  rows_ = std::move(*rows);
  NewestTransitions newest;
  for (const EventClass event_class : kTransitionClasses) {
    auto log = TransitionLog::open(store_.database(), event_class);
    if (!log) return log.error();
    logs_.push_back(std::move(*log));
    auto more = logs_.back().read_some(kNumbersBetweenSigns, newest);
    for (; more && *more; more = logs_.back().read_some(kNumbersBetweenSigns, newest)) {
      if (still_at_it) still_at_it();
    }
    if (!more) return more.error();
  }
  for (const auto& [serial, transition] : newest) {
    if (auto done = rebuild(serial, transition); !done) return done;
  }
  name_missing(rows_.empty() ? AlarmSerial{} : rows_.rbegin()->first);
  return {};
}

Result<std::optional<Record>> Rebuild::record_of(const NewestTransition& newest) {
  return logs_[newest.event_class == kTransitionClasses.front() ? 0 : 1].record(newest.seq);
}

Result<void> Rebuild::rebuild(AlarmSerial serial, const NewestTransition& newest) {
  const auto row = rows_.find(serial);
  if (row != rows_.end() && !is_older(row->second, newest.told)) return {};
  const auto record = record_of(newest);
  if (!record) return record.error();
  if (!*record) return {};
  beside_.is_device_out = is_out(contents_.facts.judgement, (*record)->device);
  auto alarm = alarm_from_told(**record, beside_);
  if (!alarm) return {};
  if (alarm->is_open()) saved_.rebuilt.push_back(serial);
  rows_[serial] = {alarm->number, alarm->transitions};
  const Fact fact = std::make_shared<const Alarm>(std::move(*alarm));
  for (const auto& table : store_.tables().facts) {
    if (auto done = table->write(fact); !done) return done;
  }
  return {};
}

// Numbers are given without a gap, and the rows of the newest kMostClosedAlarms stay also once they
// are closed. Of more than that nobody can say whether an open one is missing.
void Rebuild::name_missing(AlarmSerial highest) {
  const auto kept = static_cast<std::uint64_t>(kMostClosedAlarms);
  std::uint64_t next = highest.value > kept ? highest.value - kept + 1 : 1;
  for (auto row = rows_.lower_bound(AlarmSerial{next}); row != rows_.end(); ++row) {
    for (; next < row->first.value; ++next) {
      ++saved_.missing_count;
      if (saved_.missing.size() < AlarmsSaved::kMostNamed)
        saved_.missing.push_back(AlarmSerial{next});
    }
    ++next;
  }
  const LogExtent& log = contents_.logs[index_of(EventClass::alarm)];
  saved_.history_is_whole = log.oldest == Seq{1} || log.newest == Seq{};
  saved_.has_none = rows_.empty();
}

std::string listed(const std::vector<AlarmSerial>& serials) {
  std::vector<std::uint64_t> numbers;
  for (const AlarmSerial each : serials) numbers.push_back(each.value);
  return fmt::format("{}", fmt::join(numbers, ", "));
}

}  // namespace

Result<AlarmsSaved> rebuild_alarms(OpenStore& store, const StoreContents& contents,
                                   const std::function<void()>& still_at_it) {
  Rebuild rebuild(store, contents);
  if (auto done = rebuild.run(still_at_it); !done) return done.error();
  return rebuild.take();
}

void tell(const AlarmsSaved& alarms, Log& log) {
  if (!alarms.rebuilt.empty())
    log.error(
        "The disk had lost what was kept of alarm {}{} or its newest state: it is in the list of "
        "open alarms again, as the newest record of it says. Look at it "
        "(watchpost alarms), go there or call",
        listed(alarms.first_rebuilt()),
        alarms.rebuilt.size() > AlarmsSaved::kMostNamed ? ", …" : "");
  if (alarms.missing_count > 0)
    log.error(
        "The disk has lost what was kept of alarm {}{}, and no record of it is left: it is missing "
        "in the list of alarms, though it may be open. Ask whoever had the duty, go there or call",
        listed(alarms.missing), alarms.missing_count > alarms.missing.size() ? ", …" : "");
  if (alarms.may_lack_some())
    log.error(
        "No alarm could be read, and the oldest records of alarms are gone too: whether alarms "
        "were open is not known. Ask whoever had the duty, go there or call");
  else if (!alarms.history_is_whole)
    log.warning(
        "The oldest records of alarms are gone, delivered and removed or lost: an alarm that was "
        "open since then, and whose row the disk has lost, cannot be made again. Compare the list "
        "of alarms with what people on duty know (watchpost alarms)");
}

}  // namespace watchpost::spool
