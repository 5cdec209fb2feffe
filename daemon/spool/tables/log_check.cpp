#include "spool/tables/log_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "spool/reader/store_view.hpp"
#include "spool/tables/as_integer.hpp"
#include "spool/tables/drop_ledger.hpp"
#include "spool/tables/log_table.hpp"

namespace watchpost::spool {
namespace {

std::string text_of(SeqRange range) {
  return range.first == range.last ? fmt::format("{}", range.first.value)
                                   : fmt::format("{} to {}", range.first.value, range.last.value);
}

Seq sequence_in(const sqlite::Statement& row, int column) {
  return Seq{static_cast<std::uint64_t>(row.integer(column))};
}

}  // namespace

Result<void> LogCheck::prepare() {
  if (is_prepared_) return {};
  const sqlite::Database::Wanted wanted[] = {
      {&records_, select_records(event_class_)},
      {&oldest_,
       fmt::format("SELECT seq FROM {} ORDER BY seq LIMIT 1", log_table(event_class_).name())},
      {&drops_, kSelectDropsIn}};
  if (auto done = database_.prepare_all(wanted); !done) return done.error();
  is_prepared_ = true;
  return {};
}

// Rows and ledger in one transaction: what the daemon removes is gone from one and in the other.
Result<std::vector<LogCheck::Found>> LogCheck::read_together() {
  if (auto begun = database_.execute(kReadTogether); !begun) return begun.error();
  auto rows = read_rows();
  if (rows && !rows->empty()) {
    auto dropped = dropped_in({.first = after_.next(), .last = rows->back().seq});
    if (dropped) {
      dropped_ = std::move(*dropped);
    } else {
      rows = dropped.error();
    }
  }
  if (auto ended = database_.execute(kReadingEnds); !ended && rows) return ended.error();
  return rows;
}

Result<std::vector<LogCheck::Found>> LogCheck::read_rows() {
  records_.bind(1, as_integer(after_));
  records_.bind(2, kRowsPerCheckStep);
  std::vector<Found> rows;
  auto more = records_.step();
  for (; more && *more; more = records_.step()) {
    const auto record = read_log_row(records_, event_class_);
    rows.push_back({sequence_in(records_, 0), static_cast<std::uint64_t>(records_.integer(2)),
                    record ? record->epoch : Epoch{}});
  }
  if (!more) return more.error();
  return rows;
}

Result<bool> LogCheck::step(CheckReport& report) {
  if (auto prepared = prepare(); !prepared) return prepared.error();
  const auto read = read_together();
  if (!read) return read.error();
  for (const Found& row : *read) {
    // The oldest of a log needs nothing before it.
    if (after_.value > 0 && row.seq > after_.next()) {
      const SeqRange hole{after_.next(), Seq{row.seq.value - 1}};
      if (auto looked = look_at_hole(hole, report); !looked) return looked.error();
    }
    look_at(row, report);
    if (row.position < position_) {
      report.found({fmt::format("{} record {} says that less is before it than before the one "
                                "before",
                                to_string(event_class_), row.seq.value),
                    "Only the count of bytes per class is wrong; report this line"});
    }
    position_ = row.position;
    after_ = row.seq;
  }
  return read->size() == static_cast<std::size_t>(kRowsPerCheckStep);
}

void LogCheck::look_at(const Found& row, CheckReport& report) {
  ++report.rows[std::string(log_table(event_class_).name())];
  const auto name = fmt::format("{} record {}", to_string(event_class_), row.seq.value);
  const bool is_dropped = std::any_of(dropped_.begin(), dropped_.end(), [&](const SeqRange& range) {
    return range.first <= row.seq && row.seq <= range.last;
  });
  if (row.epoch.empty()) {
    report.found(
        {fmt::format("Damaged: {}{}", name, is_dropped ? ", which the drop ledger tells of" : ""),
         is_dropped ? "The upstreams know that it is lost. Check the disk"
                    : "It cannot be forwarded. Check the disk or SD card and replace it"});
    return;
  }
  if (is_dropped) {
    report.found({name + " is there and in the drop ledger",
                  "The upstreams were told that it is lost; it may still arrive. Report this "
                  "line"});
  }
  const Seq first = view_.first[index_of(event_class_)];
  const bool is_of_present = row.epoch == view_.epoch;
  if (is_of_present == (row.seq >= first)) return;
  report.found({fmt::format("{} has epoch {}, but the present one, {}, begins with {}", name,
                            row.epoch, view_.epoch, first.value),
                "Its id may stand for two records. Keep a copy of the store folder and report this "
                "line"});
}

// What the ledger covers is accounted for; what the daemon removed while we read was delivered.
Result<void> LogCheck::look_at_hole(SeqRange hole, CheckReport& report) {
  Seq next = hole.first;
  const auto lacks = [&](SeqRange range) -> Result<void> {
    const auto removed = is_removed(range.last);
    if (!removed) return removed.error();
    if (*removed) return {};
    report.found({fmt::format("{} {} missing without a row in the drop ledger",
                              to_string(event_class_), text_of(range)),
                  "If they were not forwarded before, they are lost. Check the disk, and ask the "
                  "street whether it has them (watchpost audit)"});
    return {};
  };
  for (const SeqRange& range : dropped_) {
    if (range.last < next || range.first > hole.last) continue;
    if (range.first > next) {
      if (auto told = lacks({next, Seq{range.first.value - 1}}); !told) return told;
    }
    next = std::max(next, range.last.next());
  }
  return next <= hole.last ? lacks({next, hole.last}) : Result<void>{};
}

Result<std::vector<SeqRange>> LogCheck::dropped_in(SeqRange range) {
  std::vector<SeqRange> ranges;
  drops_.bind(1, as_integer(event_class_));
  drops_.bind(2, as_integer(range.first));
  drops_.bind(3, as_integer(range.last));
  auto more = drops_.step();
  for (; more && *more; more = drops_.step()) {
    ranges.push_back({sequence_in(drops_, 0), sequence_in(drops_, 1)});
  }
  if (!more) return more.error();
  return ranges;
}

// True where the log begins past `seq` by now: what it had before was removed from its oldest end.
Result<bool> LogCheck::is_removed(Seq seq) {
  const auto row = oldest_.step();
  if (!row) return row.error();
  const bool removed = *row && sequence_in(oldest_, 0) > seq;
  oldest_.reset();
  return removed;
}

}  // namespace watchpost::spool
