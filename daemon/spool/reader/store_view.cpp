#include "spool/reader/store_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/relay.hpp"
#include "spool/tables/log_row.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/tables/schema.hpp"
#include "spool/tables/statements.hpp"
#include "spool/verify/verifier_statements.hpp"

namespace watchpost::spool {
namespace {

Seq sequence_in(const sqlite::Statement& row, int column) {
  return Seq{static_cast<std::uint64_t>(row.integer(column))};
}

Result<void> read_store(sqlite::Database& database, StoreView& view) {
  auto store = database.prepare(sql::kSelectStore);
  if (!store) return store.error();
  const auto row = store->step();
  if (!row) return row.error();
  if (!*row) {
    view.damaged.emplace_back("the row that names the epoch is missing");
    return {};
  }
  std::array<std::int64_t, 1 + kEventClassCount> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = store->integer(static_cast<int>(i));
  const auto sum = row_sum("store", {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]});
  if (sum != store->integer(5)) view.damaged.emplace_back("the row that names the epoch");
  view.epoch = epoch_from(static_cast<std::uint32_t>(numbers[0]));
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    view.first[i] = Seq{static_cast<std::uint64_t>(numbers[i + 1])};
  }
  return {};
}

Result<Seq> end_of(sqlite::Database& database, const std::string& text) {
  auto select = database.prepare(text);
  if (!select) return select.error();
  // Of select_oldest; select_newest has no parameter to bind.
  if (text.find("?1") != std::string::npos) select->bind(1, std::int64_t{0});
  const auto row = select->step();
  if (!row) return row.error();
  return *row ? sequence_in(*select, 0) : Seq{};
}

// Where the relayed records at the end of a log begin.
Result<Seq> relayed_at_end(sqlite::Database& database, EventClass event_class) {
  auto select = database.prepare(sql::select_newest(event_class));
  if (!select) return select.error();
  const auto row = select->step();
  if (!row) return row.error();
  const auto record = *row ? read_row(*select, event_class) : std::nullopt;
  const auto mark = record ? relay_mark_of(*record) : std::nullopt;
  return mark ? mark->run : Seq{};
}

Result<void> read_cursors(sqlite::Database& database, StoreView& view) {
  auto cursors = database.prepare(sql::kSelectCursors);
  if (!cursors) return cursors.error();
  auto more = cursors->step();
  for (; more && *more; more = cursors->step()) {
    const auto event_class = cursors->integer(1);
    const auto sum = row_sum("cursor", {cursors->text(0), event_class, cursors->integer(2)});
    const bool is_class =
        event_class >= 0 && static_cast<std::size_t>(event_class) < kEventClassCount;
    if (!is_class || sum != cursors->integer(3)) {
      view.damaged.push_back(fmt::format("the cursor of upstream {}", cursors->text(0)));
      continue;
    }
    view.cursors[std::string(cursors->text(0))][static_cast<std::size_t>(event_class)] =
        sequence_in(*cursors, 2);
  }
  if (!more) return more.error();
  return {};
}

Result<void> read_parts(sqlite::Database& database, StoreView& view) {
  if (auto done = read_store(database, view); !done) return done;
  for (const EventClass event_class : kEventClasses) {
    const auto i = index_of(event_class);
    const auto oldest = end_of(database, sql::select_oldest(event_class));
    if (!oldest) return oldest.error();
    const auto newest = end_of(database, sql::select_newest(event_class));
    if (!newest) return newest.error();
    const auto relayed = relayed_at_end(database, event_class);
    if (!relayed) return relayed.error();
    view.relayed[i] = *relayed;
    view.oldest[i] = *oldest;
    const Seq before_epoch{view.first[i].value > 0 ? view.first[i].value - 1 : 0};
    view.newest[i] = std::max(*newest, before_epoch);
  }
  return read_cursors(database, view);
}

}  // namespace

Result<sqlite::Database> open_for_reading(const std::filesystem::path& database_file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(database_file, error)) {
    return Failure{Failure::Kind::not_found,
                   fmt::format("There is no store {}", database_file.string()),
                   "Name the folder of store.directory; run this as a user who may read it (sudo)"};
  }
  auto database = sqlite::Database::open(database_file, sqlite::Database::Access::read_only);
  if (!database) return database.error();
  if (auto done = database->execute(sql::kConfigureReader); !done) return done.error();
  const auto version = database->query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (*version != kSchemaVersion) {
    return Failure{Failure::Kind::refused,
                   fmt::format("The store {} has schema version {}, this program knows {}",
                               database_file.string(), *version, kSchemaVersion),
                   "An older one is brought up to date by starting its daemon; for a newer one use "
                   "the watchpost that came with its daemon"};
  }
  return database;
}

Result<StoreView> read_view(sqlite::Database& database) {
  if (auto begun = database.execute(sql::kReadTogether); !begun) return begun.error();
  StoreView view;
  auto read = read_parts(database, view);
  const auto ended = database.execute(sql::kCommit);
  if (!read) return read.error();
  if (!ended) return ended.error();
  return view;
}

}  // namespace watchpost::spool
