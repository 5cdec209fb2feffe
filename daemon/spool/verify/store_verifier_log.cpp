// The part of StoreVerifier that reads the logs against checksums, epochs and the drop ledger.
#include <fmt/format.h>

#include <algorithm>

#include "spool/tables/log_row.hpp"
#include "spool/tables/statements.hpp"
#include "spool/verify/store_verifier_work.hpp"
#include "spool/verify/verifier_statements.hpp"

namespace watchpost::spool {
namespace {

std::string text_of(Seq first, Seq last) {
  return first == last ? fmt::format("{}", first.value)
                       : fmt::format("{} to {}", first.value, last.value);
}

}  // namespace

// Rows and ledger in one transaction: what the daemon removes is gone from one and in the other.
Result<std::vector<StoreVerifier::Work::Row>> StoreVerifier::Work::read_together() {
  if (auto begun = database.execute(sql::kReadTogether); !begun) return begun.error();
  auto rows = read_rows();
  if (rows && !rows->empty()) {
    auto dropped = drops_in(after_.next(), rows->back().seq);
    if (dropped) {
      dropped_ = std::move(*dropped);
    } else {
      rows = dropped.error();
    }
  }
  if (auto ended = database.execute(sql::kCommit); !ended && rows) return ended.error();
  return rows;
}

Result<std::vector<StoreVerifier::Work::Row>> StoreVerifier::Work::read_rows() {
  sqlite::Statement& records = records_[log_];
  records.bind(1, static_cast<std::int64_t>(after_.value));
  records.bind(2, kRowsPerStep);
  std::vector<Row> rows;
  auto more = records.step();
  for (; more && *more; more = records.step()) {
    const auto record = read_row(records, event_class());
    rows.push_back({sequence_in(records, 0), static_cast<std::uint64_t>(records.integer(2)),
                    record ? record->epoch : Epoch{}});
  }
  if (!more) return more.error();
  return rows;
}

Result<bool> StoreVerifier::Work::look_at_log() {
  const auto read = read_together();
  if (!read) return read.error();
  for (const Row& row : *read) {
    // The oldest of a log needs nothing before it.
    if (after_.value > 0 && row.seq > after_.next()) {
      if (auto looked = look_at_hole(after_.next(), Seq{row.seq.value - 1}); !looked) {
        return looked.error();
      }
    }
    look_at_row(row);
    if (row.position < position_) {
      found(fmt::format("{} record {} says that less is before it than before the one before",
                        to_string(event_class()), row.seq.value),
            "Only the count of bytes per class is wrong; report this line");
    }
    position_ = row.position;
    after_ = row.seq;
  }
  return read->size() == static_cast<std::size_t>(kRowsPerStep);
}

void StoreVerifier::Work::look_at_row(const Row& row) {
  ++report.records[log_];
  const auto name = fmt::format("{} record {}", to_string(event_class()), row.seq.value);
  const bool is_dropped = std::any_of(dropped_.begin(), dropped_.end(), [&](const Drops& range) {
    return range.first <= row.seq && row.seq <= range.last;
  });
  if (row.epoch.empty()) {
    found(fmt::format("Damaged: {}{}", name, is_dropped ? ", which the drop ledger tells of" : ""),
          is_dropped ? "The upstreams know that it is lost. Check the disk"
                     : "It cannot be forwarded. Check the disk or SD card and replace it");
    return;
  }
  if (is_dropped) {
    found(name + " is there and in the drop ledger",
          "The upstreams were told that it is lost; it may still arrive. Report this line");
  }
  const bool is_of_present = row.epoch == view_.epoch;
  if (is_of_present == (row.seq >= view_.first[log_])) return;
  found(fmt::format("{} has epoch {}, but the present one, {}, begins with {}", name, row.epoch,
                    view_.epoch, view_.first[log_].value),
        "Its id may stand for two records. Keep a copy of the store folder and report this line");
}

// What the ledger covers is accounted for; what the daemon removed while we read was settled.
Result<void> StoreVerifier::Work::look_at_hole(Seq first, Seq last) {
  Seq next = first;
  const auto lacks = [&](Seq from, Seq to) -> Result<void> {
    const auto removed = is_removed(to);
    if (!removed) return removed.error();
    if (*removed) return {};
    found(fmt::format("{} {} missing without a row in the drop ledger", to_string(event_class()),
                      text_of(from, to)),
          "If they were not forwarded before, they are lost. Check the disk, and ask the street "
          "whether it has them (watchpost audit)");
    return {};
  };
  for (const Drops& range : dropped_) {
    if (range.last < next || range.first > last) continue;
    if (range.first > next) {
      if (auto told = lacks(next, Seq{range.first.value - 1}); !told) return told;
    }
    next = std::max(next, range.last.next());
  }
  return next <= last ? lacks(next, last) : Result<void>{};
}

Result<std::vector<StoreVerifier::Work::Drops>> StoreVerifier::Work::drops_in(Seq first, Seq last) {
  std::vector<Drops> ranges;
  drops_in_.bind(1, static_cast<std::int64_t>(event_class()));
  drops_in_.bind(2, static_cast<std::int64_t>(first.value));
  drops_in_.bind(3, static_cast<std::int64_t>(last.value));
  auto more = drops_in_.step();
  for (; more && *more; more = drops_in_.step()) {
    ranges.push_back({sequence_in(drops_in_, 0), sequence_in(drops_in_, 1)});
  }
  if (!more) return more.error();
  return ranges;
}

// True where the log begins past `seq` by now: what it had before was removed from its oldest end.
Result<bool> StoreVerifier::Work::is_removed(Seq seq) {
  sqlite::Statement& oldest = oldest_[log_];
  oldest.bind(1, std::int64_t{0});
  const auto row = oldest.step();
  if (!row) return row.error();
  const bool removed = *row && sequence_in(oldest, 0) > seq;
  oldest.reset();
  return removed;
}

}  // namespace watchpost::spool
