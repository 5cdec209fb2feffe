#include "spool/salvage/row_saver.hpp"

#include <algorithm>
#include <utility>

#include "spool/tables/all_tables.hpp"

namespace watchpost::spool {
namespace {

// A crash before the new file is complete throws the file away, so writing it needs neither a
// journal nor syncs.
constexpr const char* kConfigure =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4096;"
    "PRAGMA temp_store=MEMORY;";

// A second or so of work on a slow card.
constexpr std::uint64_t kRowsBetweenSigns = 10'000;

bool is_believed(Table::Believed believed, const Cell& cell, const StorePages::RowOrigin& place) {
  switch (believed) {
    case Table::Believed::live:
      return place.is_live && cell.is_listed;
    case Table::Believed::committed:
      return place.is_committed;
    case Table::Believed::anywhere:
      return true;
  }
  return false;
}

}  // namespace

Result<RowSaver> RowSaver::create(const std::filesystem::path& file, Options options) {
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  RowSaver saver;
  saver.database_ = std::move(*database);
  saver.options_ = std::move(options);
  saver.salvaged_.still_at_it = saver.options_.still_at_it;
  auto done = saver.database_.execute(kConfigure);
  // One transaction: what does not fit into the cache is written on the way all the same.
  if (done) done = saver.database_.execute("BEGIN");
  if (done) done = create_tables(saver.database_);
  if (done) done = set_version(saver.database_);
  if (done) done = saver.prepare();
  if (!done) return done.error();
  return saver;
}

Result<void> RowSaver::prepare() {
  for (const Table* table : all_tables()) {
    // Of several copies of a row the first is kept: the caller brings the most credible one first.
    auto insert = database_.prepare(table->insert_sql("INSERT OR IGNORE"));
    if (!insert) return insert.error();
    inserts_.emplace_back(table, std::move(*insert));
  }
  return {};
}

bool RowSaver::take(const Cell& cell, std::string_view payload,
                    const StorePages::RowOrigin& place) {
  if (++rows_ % kRowsBetweenSigns == 0 && options_.still_at_it) options_.still_at_it();
  if (!outcome_) return true;
  const auto found = find_row(cell, payload);
  if (!found) return false;
  if (is_believed(found->table->believed(), cell, place)) outcome_ = keep(*found);
  return true;
}

Result<void> RowSaver::keep(const FoundRow& found) {
  found.table->learn(found.row, salvaged_);
  if (!found.table->is_kept(found.row, options_.wanted)) return {};
  const auto insert = std::find_if(inserts_.begin(), inserts_.end(), [&found](const auto& each) {
    return each.first == found.table;
  });
  Table::bind(insert->second, found.row);
  return insert->second.run();
}

Result<Salvaged> RowSaver::finish(const Salvaged& also) {
  if (!outcome_) return outcome_.error();
  for (const auto event_class : kEventClasses) {
    salvaged_.note_number(event_class, also.highest[index_of(event_class)]);
  }
  if (salvaged_.newest_epoch.empty()) salvaged_.newest_epoch = also.newest_epoch;
  for (const Table* table : all_tables()) {
    if (auto done = table->complete(database_, salvaged_); !done) return done.error();
  }
  if (auto done = database_.execute("COMMIT"); !done) return done.error();
  return std::move(salvaged_);
}

}  // namespace watchpost::spool
