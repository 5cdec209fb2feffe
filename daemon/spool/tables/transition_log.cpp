#include "spool/tables/transition_log.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spool/tables/as_integer.hpp"

namespace watchpost::spool {
namespace {

void see(const Record& record, NewestTransitions& newest) {
  const auto told = told_transition(record);
  if (!told) return;
  const auto [found, is_new] = newest.try_emplace(
      told->number.serial, NewestTransition{*told, record.event_class, record.seq});
  if (is_new) return;
  NewestTransition& known = found->second;
  const bool is_same_alarm = known.told.number == told->number;
  const bool is_newer =
      is_same_alarm ? known.told.transitions < told->transitions : known.seq < record.seq;
  if (is_newer) known = {*told, record.event_class, record.seq};
}

}  // namespace

Result<TransitionLog> TransitionLog::open(sqlite::Database& database, EventClass event_class) {
  TransitionLog log;
  log.event_class_ = event_class;
  const std::string_view name = log_table(event_class).name();
  const sqlite::Database::Wanted wanted[] = {
      {&log.ends_,
       fmt::format("SELECT (SELECT min(seq) FROM {0}), (SELECT max(seq) FROM {0})", name)},
      {&log.transitions_,
       fmt::format("SELECT * FROM {} WHERE seq > ?1 AND seq <= ?2 AND decoded = {} ORDER BY seq",
                   name, stored_number(RecordType::transition))},
      {&log.one_, fmt::format("SELECT * FROM {} WHERE seq = ?1", name)}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return log;
}

Result<bool> TransitionLog::read_some(std::int64_t most, NewestTransitions& newest) {
  auto ends = ends_.step();
  if (!ends) return ends.error();
  const std::int64_t oldest = ends_.integer(0);
  const std::int64_t last = ends_.integer(1);
  ends_.reset();
  after_ = std::max(after_, oldest - 1);
  if (after_ >= last) return false;
  const std::int64_t up_to = std::min(last, after_ + most);
  transitions_.bind(1, after_);
  transitions_.bind(2, up_to);
  auto more = transitions_.step();
  for (; more && *more; more = transitions_.step()) {
    if (const auto record = read_log_row(transitions_, event_class_)) see(*record, newest);
  }
  if (!more) return more.error();
  after_ = up_to;
  return after_ < last;
}

Result<std::optional<Record>> TransitionLog::record(Seq seq) {
  one_.bind(1, as_integer(seq));
  auto row = one_.step();
  if (!row) return row.error();
  if (!*row) return std::optional<Record>{};
  auto record = read_log_row(one_, event_class_);
  one_.reset();
  return record;
}

}  // namespace watchpost::spool
