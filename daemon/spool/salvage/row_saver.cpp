#include "spool/salvage/row_saver.hpp"

#include <algorithm>
#include <utility>

#include "spool/salvage/salvage_statements.hpp"
#include "spool/tables/as_integer.hpp"
#include "spool/tables/log_row.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/tables/schema.hpp"

namespace watchpost::spool {
namespace {

// A second or so of work on a slow card.
constexpr std::uint64_t kRowsBetweenSigns = 10'000;

// What a row costs besides its texts, as log_row.hpp counts it.
std::uint64_t overhead_of_row() {
  return size_of_row(Record{});
}

}  // namespace

Result<RowSaver> RowSaver::create(const std::filesystem::path& file, Options options) {
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  RowSaver saver;
  saver.database_ = std::move(*database);
  saver.options_ = std::move(options);
  auto done = saver.database_.execute(sql::kConfigureSalvage);
  if (done) done = saver.database_.execute(kSchema);
  if (done) done = saver.database_.execute(sql::set_user_version(kSchemaVersion).c_str());
  if (done) done = saver.prepare();
  // One transaction: what does not fit into the cache is written on the way all the same.
  if (done) done = saver.database_.execute(sql::kBegin);
  if (!done) return done.error();
  return saver;
}

Result<void> RowSaver::prepare() {
  std::vector<std::pair<sqlite::Statement*, std::string>> wanted{
      {&statements_.cursor, sql::kKeepCursor},          {&statements_.session, sql::kKeepSession},
      {&statements_.packet_id, sql::kRememberPacketId}, {&statements_.drop, sql::kKeepDrop},
      {&statements_.set_aside, sql::kKeepSetAside},
  };
  for (const auto event_class : kEventClasses) {
    wanted.emplace_back(&statements_.record[index_of(event_class)], sql::keep_record(event_class));
  }
  for (const auto& [statement, text] : wanted) {
    auto prepared = database_.prepare(text);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return {};
}

bool RowSaver::take(const Cell& cell, std::string_view payload, const StorePages::Place& place) {
  say_so();
  if (!outcome_) return true;
  auto found = read_found(cell, payload);
  if (!found) return false;
  const bool is_session =
      std::holds_alternative<FoundSession>(*found) || std::holds_alternative<FoundPacketId>(*found);
  if (is_session && !(place.is_live && cell.is_listed)) return true;
  // Of a transaction that never ended it could name rows that are still there.
  if (std::holds_alternative<FoundDrop>(*found) && !place.is_committed) return true;
  outcome_ = std::visit([this](auto& row) { return keep(std::move(row)); }, *found);
  return true;
}

void RowSaver::say_so() {
  if (++rows_ % kRowsBetweenSigns == 0 && options_.still_at_it) options_.still_at_it();
}

void RowSaver::note_number(EventClass event_class, Seq seq) {
  Seq& highest = facts_.highest[index_of(event_class)];
  highest = std::max(highest, seq);
}

Result<void> RowSaver::keep(const FoundStore& found) {
  for (const auto event_class : kEventClasses) {
    const Seq first = found.first[index_of(event_class)];
    if (first > Seq{}) note_number(event_class, Seq{first.value - 1});
  }
  const bool knows_more = facts_.store && facts_.store->first[0] == Seq{} && found.first[0] > Seq{};
  if (!facts_.store || knows_more) facts_.store = found;
  return {};
}

Result<void> RowSaver::keep(FoundRecord found) {
  Record& record = found.record;
  if (!found.has_epoch) record.epoch = options_.epoch_1;
  note_number(record.event_class, record.seq);
  if (record.seq > newest_) {
    newest_ = record.seq;
    facts_.newest_epoch = record.epoch;
  }
  if (!options_.down_to || record.event_class > *options_.down_to) return {};
  sqlite::Statement& insert = statements_.record[index_of(record.event_class)];
  (void)bind_row(insert, record, 0);
  return insert.run();
}

Result<void> RowSaver::keep(const FoundCursor& found) {
  const CursorMove& move = found.move;
  note_number(move.event_class, move.settled);
  const auto event_class = as_integer(move.event_class);
  const auto settled = as_integer(move.settled);
  statements_.cursor.bind(1, move.upstream);
  statements_.cursor.bind(2, event_class);
  statements_.cursor.bind(3, settled);
  statements_.cursor.bind(4, row_sum("cursor", {move.upstream, event_class, settled}));
  return statements_.cursor.run();
}

Result<void> RowSaver::keep(const FoundSession& found) {
  statements_.session.bind(1, found.client_id);
  statements_.session.bind(2, found.expiry_s);
  statements_.session.bind(3, row_sum("session", {found.client_id, found.expiry_s}));
  return statements_.session.run();
}

Result<void> RowSaver::keep(const FoundPacketId& found) {
  sqlite::Statement& insert = statements_.packet_id;
  insert.bind(1, found.client_id);
  insert.bind(2, found.packet_id);
  insert.bind(3, row_sum("session_packet_id", {found.client_id, found.packet_id}));
  return insert.run();
}

Result<void> RowSaver::keep(const FoundDrop& found) {
  const Drop& drop = found.drop;
  note_number(drop.event_class, drop.last);
  const auto event_class = as_integer(drop.event_class);
  const std::int64_t epoch{number_of(drop.epoch)};
  const auto clock = static_cast<std::int64_t>(found.when.clock);
  const auto reason = to_string(drop.reason);
  sqlite::Statement& insert = statements_.drop;
  insert.bind(1, found.id);
  insert.bind(2, event_class);
  insert.bind(3, epoch);
  insert.bind(4, as_integer(drop.first));
  insert.bind(5, as_integer(drop.last));
  insert.bind(6, reason);
  insert.bind(7, as_integer(found.when.wall));
  insert.bind(8, clock);
  insert.bind(
      9, row_sum("drop_ledger", {event_class, epoch, as_integer(drop.first), as_integer(drop.last),
                                 reason, as_integer(found.when.wall), clock}));
  return insert.run();
}

Result<void> RowSaver::keep(const FoundSetAside& found) {
  const Record& record = found.record;
  note_number(record.event_class, record.seq);
  const auto at = as_integer(found.when.wall);
  sqlite::Statement& insert = statements_.set_aside;
  insert.bind(1, found.id);
  insert.bind(2, found.upstream);
  insert.bind(3, found.reason_code);
  insert.bind(4, at);
  insert.bind(5, as_integer(record.event_class));
  insert.bind(6, as_integer(record.seq));
  bind_copy(insert, record, 7);
  insert.bind(18, row_sum("set_aside", {found.upstream, found.reason_code, at, row_sum(record)}));
  return insert.run();
}

Result<void> RowSaver::set_positions(EventClass event_class) {
  auto select = database_.prepare(sql::select_sizes(event_class));
  if (!select) return select.error();
  auto update = database_.prepare(sql::set_position(event_class));
  if (!update) return update.error();
  std::uint64_t position = 0;
  std::int64_t last = 0;
  std::vector<std::pair<std::int64_t, std::uint64_t>> some;
  do {
    some.clear();
    select->bind(1, last);
    auto more = select->step();
    for (; more && *more; more = select->step()) {
      some.emplace_back(select->integer(0), static_cast<std::uint64_t>(select->integer(1)));
    }
    if (!more) return more.error();
    for (const auto& [seq, texts] : some) {
      say_so();
      update->bind(1, seq);
      update->bind(2, static_cast<std::int64_t>(position));
      if (auto done = update->run(); !done) return done;
      position += texts + overhead_of_row();
      if (last > 0 && seq > last + 1) {
        facts_.holes.push_back({event_class, Seq{static_cast<std::uint64_t>(last) + 1},
                                Seq{static_cast<std::uint64_t>(seq) - 1}});
      }
      last = seq;
    }
    facts_.records += some.size();
  } while (!some.empty());
  facts_.last_row[index_of(event_class)] = Seq{static_cast<std::uint64_t>(last)};
  return {};
}

Result<void> RowSaver::save_store() {
  auto save = database_.prepare(sql::kSaveStore);
  if (!save) return save.error();
  const std::int64_t epoch{number_of(facts_.store->epoch)};
  const auto first = [this](std::size_t i) {
    return std::max<std::int64_t>(1, as_integer(facts_.store->first[i]));
  };
  save->bind(1, epoch);
  for (int i = 0; i < 4; ++i) save->bind(2 + i, first(static_cast<std::size_t>(i)));
  save->bind(6, row_sum("store", {epoch, first(0), first(1), first(2), first(3)}));
  return save->run();
}

// What yielded to make room was reported as gone: it does not come back.
Result<void> RowSaver::remove_dropped() {
  auto select = database_.prepare(sql::kSelectYielded);
  if (!select) return select.error();
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    const auto event_class = static_cast<EventClass>(select->integer(0));
    auto remove = database_.prepare(sql::delete_range(event_class));
    if (!remove) return remove.error();
    remove->bind(1, select->integer(1));
    remove->bind(2, select->integer(2) + 1);
    if (auto done = remove->run(); !done) return done;
  }
  if (!more) return more.error();
  return {};
}

Result<RowSaver::Facts> RowSaver::finish(const Facts& also) {
  if (!outcome_) return outcome_.error();
  for (const auto event_class : kEventClasses) {
    note_number(event_class, also.highest[index_of(event_class)]);
  }
  if (!facts_.store) {
    facts_.store =
        FoundStore{facts_.newest_epoch.empty() ? also.newest_epoch : facts_.newest_epoch, {}};
  }
  auto done = database_.execute(sql::kForgetOrphanedPacketIds);
  if (done) done = remove_dropped();
  for (const auto event_class : kEventClasses) {
    if (done) done = set_positions(event_class);
  }
  if (done) done = save_store();
  if (done) done = database_.execute(sql::kCommit);
  if (!done) return done.error();
  return std::move(facts_);
}

}  // namespace watchpost::spool
