#include "spool/tables/alarm_check.hpp"

#include <fmt/format.h>

#include <limits>

#include "model/alarm_row.hpp"
#include "spool/reader/store_view.hpp"
#include "spool/tables/alarm_table.hpp"
#include "spool/tables/as_integer.hpp"
#include "spool/tables/drop_ledger.hpp"

namespace watchpost::spool {
namespace {

constexpr std::int64_t kNumbersPerStep = 4'096;  // of which few are transitions

// A person looks after the alarm; the store cannot mend itself.
Finding missing_row(AlarmSerial alarm) {
  return {
      fmt::format("Alarm {} is open by its records and missing in the list of alarms", alarm.value),
      fmt::format("Look what its records say (watchpost alarm {}), go there or call. Check the "
                  "disk",
                  alarm.value),
      fmt::format("警情 {} 按记录尚未处理完，警情列表中却没有它", alarm.value),
      fmt::format("请查看它的记录（watchpost alarm {}），到现场查看或打电话核实，并检查磁盘",
                  alarm.value)};
}

Finding given_again(AlarmSerial alarm) {
  return {fmt::format("Alarm {} is on record, and the list of alarms ends before it: its number "
                      "will be given again",
                      alarm.value),
          "Keep a copy of the store folder and report this line. Check the disk",
          fmt::format("警情 {} 有记录，而警情列表到不了它：这个编号会再次使用", alarm.value),
          "请保留一份数据目录的副本并报告这一行，并检查磁盘"};
}

Finding differs(AlarmSerial alarm, const std::string& english, const std::string& chinese) {
  return {fmt::format("Alarm {} is not what the record of its newest change says: {}", alarm.value,
                      english),
          fmt::format("Believe the record (watchpost alarm {}), go there or call. Keep a copy of "
                      "the store folder and report this line",
                      alarm.value),
          fmt::format("警情 {} 与它最新一次变化的记录不一致：{}", alarm.value, chinese),
          fmt::format("请以记录为准（watchpost alarm {}），到现场查看或打电话核实；请保留一份数据目"
                      "录的副本并报告这一行",
                      alarm.value)};
}

}  // namespace

Result<void> AlarmCheck::prepare() {
  if (is_prepared_) return {};
  const sqlite::Database::Wanted wanted[] = {{&row_, "SELECT * FROM alarm WHERE number = ?1"},
                                             {&highest_, "SELECT max(number) FROM alarm"},
                                             {&drops_, kSelectDropsIn}};
  if (auto done = database_.prepare_all(wanted); !done) return done.error();
  for (const EventClass event_class : kTransitionClasses) {
    auto log = TransitionLog::open(database_, event_class);
    if (!log) return log.error();
    logs_.push_back(std::move(*log));
  }
  is_prepared_ = true;
  return {};
}

TransitionLog& AlarmCheck::log_of(EventClass event_class) {
  return logs_[event_class == kTransitionClasses.front() ? 0 : 1];
}

Result<bool> AlarmCheck::read_logs(std::int64_t most) {
  bool has_more = false;
  for (TransitionLog& log : logs_) {
    const auto read = log.read_some(most, newest_);
    if (!read) return read.error();
    has_more = has_more || *read;
  }
  return has_more;
}

Result<bool> AlarmCheck::step(CheckReport& report) {
  if (rows_) {
    const auto more = rows_->step(report);
    if (!more) return more.error();
    if (!*more) rows_.reset();
    return true;
  }
  if (auto prepared = prepare(); !prepared) return prepared.error();
  if (!has_read_logs_) {
    const auto more = read_logs(kNumbersPerStep);
    if (!more) return more.error();
    has_read_logs_ = !*more;
    return true;
  }
  if (auto begun = database_.execute(kReadTogether); !begun) return begun.error();
  auto more = compare_some(report);
  if (auto ended = database_.execute(kReadingEnds); !ended && more) return ended.error();
  return more;
}

// What was written since the logs were read is read first, in the transaction that reads the rows.
Result<bool> AlarmCheck::compare_some(CheckReport& report) {
  const auto rest = read_logs(std::numeric_limits<std::int32_t>::max());
  if (!rest) return rest.error();
  auto next = newest_.upper_bound(compared_);
  for (std::int64_t done = 0; next != newest_.end() && done < kRowsPerCheckStep; ++next, ++done) {
    if (auto compared = compare(next->second, report); !compared) return compared.error();
    compared_ = next->first;
  }
  return next != newest_.end();
}

Result<void> AlarmCheck::compare(const NewestTransition& newest, CheckReport& report) {
  const AlarmSerial serial = newest.told.number.serial;
  row_.bind(1, static_cast<std::int64_t>(serial.value));
  auto there = row_.step();
  if (!there) return there.error();
  if (*there) {
    const Row row = alarm_table().row_at(row_);
    const bool is_whole = alarm_table().recognises(row);  // else it is found as damaged already
    const auto alarm = is_whole ? alarm_from_row(row[2].bytes) : std::nullopt;
    row_.reset();
    return alarm ? compare(newest, *alarm, report) : Result<void>{};
  }
  auto highest = highest_.step();
  if (!highest) return highest.error();
  const bool is_beyond = highest_.integer(0) < static_cast<std::int64_t>(serial.value);
  highest_.reset();
  if (newest.told.is_open) {
    report.found(missing_row(serial));
  } else if (is_beyond) {
    report.found(given_again(serial));
  }
  return {};
}

Result<void> AlarmCheck::compare(const NewestTransition& newest, const Alarm& row,
                                 CheckReport& report) {
  const AlarmNumber number = newest.told.number;
  if (row.number != number) return {};  // a number that an earlier version gave twice
  if (row.transitions < newest.told.transitions) {
    report.found(differs(number.serial, "it is older", "列表中的内容较旧"));
    return {};
  }
  if (row.transitions > newest.told.transitions) {
    const auto lost = is_lost_after(newest);
    if (!lost) return lost.error();
    if (!*lost)
      report.found(differs(number.serial, "it is newer, and no record is told to be lost",
                           "列表中的内容较新，而没有记录被告知丢失"));
    return {};
  }
  const auto record = log_of(newest.event_class).record(newest.seq);
  if (!record) return record.error();
  if (!*record) return {};  // removed since it was read
  const std::string member = differs_from_told(row, **record);
  if (!member.empty()) report.found(differs(number.serial, member + " differs", member + " 不同"));
  return {};
}

Result<bool> AlarmCheck::is_lost_after(const NewestTransition& newest) {
  drops_.bind(1, as_integer(newest.event_class));
  drops_.bind(2, as_integer(newest.seq));
  drops_.bind(3, std::numeric_limits<std::int64_t>::max());
  auto lost = drops_.step();
  if (lost && *lost) drops_.reset();
  return lost;
}

}  // namespace watchpost::spool
