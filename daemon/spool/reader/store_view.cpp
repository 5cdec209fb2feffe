#include "spool/reader/store_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/relay.hpp"
#include "spool/tables/all_tables.hpp"
#include "spool/tables/cursor_table.hpp"
#include "spool/tables/log_table.hpp"
#include "spool/tables/store_table.hpp"

namespace watchpost::spool {
namespace {

Result<void> view_store_row(sqlite::Database& database, StoreView& view) {
  const auto read = read_store_row(database);
  if (!read) return read.error();
  if (!read->is_there) {
    view.damaged.emplace_back("the row that names the epoch is missing");
    return {};
  }
  if (!read->is_genuine) view.damaged.emplace_back("the row that names the epoch");
  view.epoch = read->row.epoch;
  view.first = read->row.first;
  return {};
}

Result<void> view_log(sqlite::Database& database, EventClass event_class, StoreView& view) {
  const auto i = index_of(event_class);
  auto log = LogTable::open(database, event_class);
  if (!log) return log.error();
  const auto oldest = log->first_from(Seq{});
  if (!oldest) return oldest.error();
  if (*oldest) view.oldest[i] = (*oldest)->seq;
  const auto newest = log->newest();
  if (!newest) return newest.error();
  const Seq before_epoch{view.first[i].value > 0 ? view.first[i].value - 1 : 0};
  view.newest[i] = before_epoch;
  if (!*newest) return {};
  view.newest[i] = std::max(before_epoch, (*newest)->seq);
  const auto mark = (*newest)->record ? relay_mark_of(*(*newest)->record) : std::nullopt;
  view.relayed[i] = mark ? mark->run : Seq{};
  return {};
}

Result<void> read_parts(sqlite::Database& database, StoreView& view) {
  if (auto done = view_store_row(database, view); !done) return done;
  for (const EventClass event_class : kEventClasses) {
    if (auto done = view_log(database, event_class, view); !done) return done;
  }
  auto read = read_cursors(database);
  if (!read) return read.error();
  view.cursors = std::move(read->cursors);
  for (const std::string& upstream : read->damaged) {
    view.damaged.push_back(fmt::format("the cursor of upstream {}", upstream));
  }
  return {};
}

}  // namespace

Result<StoreView> read_view(sqlite::Database& database) {
  if (auto begun = database.execute(kReadTogether); !begun) return begun.error();
  StoreView view;
  auto read = read_parts(database, view);
  const auto ended = database.execute(kReadingEnds);
  if (!read) return read.error();
  if (!ended) return ended.error();
  return view;
}

}  // namespace watchpost::spool
