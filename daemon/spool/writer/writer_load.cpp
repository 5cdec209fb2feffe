// How the Writer reads what it must know of its store: small tables whole, logs by their ends.
#include <algorithm>
#include <array>

#include "model/relay.hpp"
#include "spool/tables/as_integer.hpp"
#include "spool/tables/log_row.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/tables/statements.hpp"
#include "spool/writer/writer.hpp"

namespace watchpost::spool {

using sqlite::damage;

Result<void> Writer::load() {
  if (auto done = load_store(); !done) return done;
  for (const auto event_class : kEventClasses) {
    if (auto done = load_log(event_class); !done) return done;
  }
  if (auto done = load_cursors(); !done) return done;
  if (auto done = load_dropped(); !done) return done;
  if (auto done = load_set_aside(); !done) return done;
  return load_sessions();
}

Result<void> Writer::load_store() {
  auto store = database_.prepare(sql::kSelectStore);
  if (!store) return store.error();
  auto row = store->step();
  if (!row) return row.error();
  if (!*row) return damage("it has no epoch");
  std::array<std::int64_t, 1 + kEventClassCount> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = store->integer(static_cast<int>(i));
  const auto sum = row_sum("store", {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]});
  if (sum != store->integer(5)) return damage("its epoch does not fit its checksum");
  epoch_ = epoch_from(static_cast<std::uint32_t>(numbers[0]));
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    first_[i] = Seq{static_cast<std::uint64_t>(numbers[i + 1])};
  }
  return {};
}

Result<void> Writer::load_log(EventClass event_class) {
  const auto i = index_of(event_class);
  LogExtent log;
  // Numbering goes on from here also where the epoch has no record yet.
  log.newest = Seq{first_[i].value - 1};
  auto newest = database_.prepare(sql::select_newest(event_class));
  if (!newest) return newest.error();
  auto row = newest->step();
  if (!row) return row.error();
  if (*row) {
    const auto record = read_row(*newest, event_class);
    // A number that is not true would be given twice, or the ones up to it never.
    if (!record) return damage("its newest row does not fit its checksum");
    log.newest = std::max(log.newest, record->seq);
    log.end = static_cast<std::uint64_t>(newest->integer(2)) + size_of_stored(*newest);
    if (const auto mark = relay_mark_of(*record)) {
      log.relayed = mark->run;
      log.relayed_epoch = record->epoch;
    }
    newest->reset();
    sqlite::Statement& oldest = statements_.select_oldest[i];
    oldest.bind(1, std::int64_t{0});
    row = oldest.step();
    if (!row) return row.error();
    if (!*row) return damage("a log has a newest row and no oldest");
    log.oldest = Seq{static_cast<std::uint64_t>(oldest.integer(0))};
    log.begin = static_cast<std::uint64_t>(oldest.integer(1));
    oldest.reset();
  }
  if (auto done = load_holes(event_class, log); !done) return done;
  logs_[i] = std::move(log);
  return {};
}

Result<void> Writer::load_holes(EventClass event_class, LogExtent& log) {
  if (log.oldest == Seq{}) return {};
  sqlite::Statement& drops = statements_.select_drops;
  drops.bind(1, as_integer(event_class));
  drops.bind(2, as_integer(log.oldest));
  drops.bind(3, as_integer(log.newest));
  auto more = drops.step();
  for (; more && *more; more = drops.step()) {
    log.holes.add(Seq{static_cast<std::uint64_t>(drops.integer(0))},
                  Seq{static_cast<std::uint64_t>(drops.integer(1))});
  }
  if (!more) return more.error();
  return {};
}

Result<void> Writer::load_cursors() {
  auto cursors = database_.prepare(sql::kSelectCursors);
  if (!cursors) return cursors.error();
  cursors_.clear();
  auto more = cursors->step();
  for (; more && *more; more = cursors->step()) {
    const auto event_class = cursors->integer(1);
    const auto settled = cursors->integer(2);
    const auto sum = row_sum("cursor", {cursors->text(0), event_class, settled});
    const bool is_class =
        event_class >= 0 && static_cast<std::size_t>(event_class) < kEventClassCount;
    if (!is_class || sum != cursors->integer(3)) {
      log_->error(
          "The cursor of upstream {} is damaged on disk and begins again with the oldest record: "
          "what it has already is sent once more, under the same ids. Check the disk",
          cursors->text(0));
      continue;
    }
    cursors_[std::string(cursors->text(0))][static_cast<std::size_t>(event_class)] =
        Seq{static_cast<std::uint64_t>(settled)};
  }
  if (!more) return more.error();
  refresh_settled();
  return {};
}

Result<void> Writer::load_dropped() {
  auto drops = database_.prepare(sql::kCountDrops);
  if (!drops) return drops.error();
  dropped_ = {};
  auto more = drops->step();
  for (; more && *more; more = drops->step()) {
    const auto event_class = static_cast<std::size_t>(drops->integer(0));
    if (event_class >= kEventClassCount) continue;
    dropped_[event_class] = static_cast<std::uint64_t>(drops->integer(1));
  }
  if (!more) return more.error();
  return {};
}

Result<void> Writer::load_set_aside() {
  auto counts = database_.prepare(sql::kCountSetAside);
  if (!counts) return counts.error();
  set_aside_.clear();
  auto more = counts->step();
  for (; more && *more; more = counts->step()) {
    const auto event_class = static_cast<std::size_t>(counts->integer(1));
    if (event_class >= kEventClassCount) continue;
    SetAsideCount& count = set_aside_[std::string(counts->text(0))];
    count.records[event_class] = static_cast<std::uint64_t>(counts->integer(2));
    count.bytes.value += static_cast<std::uint64_t>(counts->integer(3));
    last_set_aside_ = std::max(last_set_aside_, static_cast<std::uint64_t>(counts->integer(4)));
  }
  if (!more) return more.error();
  return {};
}

Result<void> Writer::load_sessions() {
  sessions_.clear();
  std::map<std::string, std::size_t, std::less<>> place;
  auto sessions = database_.prepare(sql::kSelectSessions);
  if (!sessions) return sessions.error();
  auto more = sessions->step();
  for (; more && *more; more = sessions->step()) {
    const auto expiry = sessions->integer(1);
    if (row_sum("session", {sessions->text(0), expiry}) != sessions->integer(2)) continue;
    place.emplace(sessions->text(0), sessions_.size());
    sessions_.push_back({std::string(sessions->text(0)), std::chrono::seconds{expiry}, {}});
  }
  if (!more) return more.error();
  auto packet_ids = database_.prepare(sql::kSelectPacketIds);
  if (!packet_ids) return packet_ids.error();
  for (more = packet_ids->step(); more && *more; more = packet_ids->step()) {
    const auto session = place.find(packet_ids->text(0));
    const auto packet_id = packet_ids->integer(1);
    const auto sum = row_sum("session_packet_id", {packet_ids->text(0), packet_id});
    if (session == place.end() || sum != packet_ids->integer(2)) continue;
    sessions_[session->second].received_packet_ids.emplace_back(
        static_cast<std::uint16_t>(packet_id));
  }
  if (!more) return more.error();
  return {};
}

}  // namespace watchpost::spool
