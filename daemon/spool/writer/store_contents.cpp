#include "spool/writer/store_contents.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/relay.hpp"
#include "spool/tables/store_table.hpp"

namespace watchpost::spool {
namespace {

using sqlite::damage;

Result<void> take_store_row(OpenStore& store, StoreContents& contents) {
  auto read = read_store_row(store.database());
  if (!read) return read.error();
  if (!read->is_there) return damage("it has no epoch");
  if (!read->is_genuine) return damage("its epoch does not fit its checksum");
  contents.epoch = read->row.epoch;
  contents.first = read->row.first;
  return {};
}

Result<void> take_log(LogTable& table, LogExtent& log) {
  auto newest = table.newest();
  if (!newest) return newest.error();
  if (!*newest) return {};
  // A number that is not true would be given twice, or the ones up to it never.
  const auto& record = (*newest)->record;
  if (!record) return damage("its newest row does not fit its checksum");
  log.newest = std::max(log.newest, record->seq);
  log.end = (*newest)->end;
  if (const auto mark = relay_mark_of(*record)) {
    log.relayed = mark->run;
    log.relayed_epoch = record->epoch;
  }
  auto oldest = table.first_from(Seq{});
  if (!oldest) return oldest.error();
  if (!*oldest) return damage("a log has a newest row and no oldest");
  log.oldest = (*oldest)->seq;
  log.begin = (*oldest)->position;
  return {};
}

Result<void> read_holes(DropLedger& ledger, EventClass event_class, LogExtent& log) {
  if (log.oldest == Seq{}) return {};
  auto ranges = ledger.ranges_in(event_class, {.first = log.oldest, .last = log.newest});
  if (!ranges) return ranges.error();
  for (const SeqRange& gone : *ranges) log.holes.add(gone);
  return {};
}

Result<void> take_logs(OpenStore& store, StoreContents& contents) {
  for (const auto event_class : kEventClasses) {
    LogExtent& log = contents.logs[index_of(event_class)];
    // Numbering goes on from here also where the epoch has no record yet.
    log.newest = Seq{contents.first[index_of(event_class)].value - 1};
    if (auto done = take_log(store.tables().log(event_class), log); !done) return done;
    if (auto done = read_holes(store.tables().drops, event_class, log); !done) return done;
  }
  return {};
}

Result<void> take_cursors(OpenStore& store, const KeptFor& kept_for, Log& log,
                          StoreContents& contents) {
  auto read = spool::read_cursors(store.database());
  if (!read) return read.error();
  contents.cursors = std::move(read->cursors);
  for (const std::string& upstream : read->damaged) {
    log.error(
        "The cursor of upstream {} is damaged on disk and begins again with the oldest record: "
        "what it has already is sent once more, under the same ids. Check the disk",
        upstream);
  }
  contents.apply({}, kept_for);
  return {};
}

Result<void> take_facts(OpenStore& store, Log& log, StoreContents& contents) {
  CheckReport damage;
  for (const auto& facts : store.tables().facts) {
    if (auto done = facts->read({contents.facts, damage}); !done) return done;
  }
  for (const Finding& each : damage.findings) log.error("{}. {}", each.what, each.remedy);
  if (damage.finding_count > damage.findings.size()) {
    log.error("Damaged: {} more rows beside the messages. `watchpost verify` shows them",
              damage.finding_count - damage.findings.size());
  }
  return {};
}

}  // namespace

void StoreContents::apply(const std::vector<CursorMove>& moves, const KeptFor& kept_for) {
  for (const CursorMove& move : moves) {
    Seq& cursor = cursors[move.upstream][index_of(move.event_class)];
    cursor = std::max(cursor, move.cursor);
  }
  for (const auto event_class : kEventClasses) {
    const std::size_t i = index_of(event_class);
    Seq delivered{std::numeric_limits<std::int64_t>::max()};
    for (const std::string& upstream : kept_for.required) {
      delivered = std::min(delivered, cursors[upstream][i]);
    }
    Seq furthest;
    for (const std::string& upstream : kept_for.one_of[i]) {
      furthest = std::max(furthest, cursors[upstream][i]);
    }
    if (!kept_for.one_of[i].empty()) delivered = std::min(delivered, furthest);
    logs[i].delivered = delivered;
  }
}

PerClass<Seq> StoreContents::run_first() const {
  if (epoch == run_epoch) return first;
  PerClass<Seq> next;
  for (std::size_t i = 0; i < kEventClassCount; ++i) next[i] = logs[i].newest.next();
  return next;
}

PerClass<Seq> StoreContents::newest() const {
  PerClass<Seq> newest{};
  for (std::size_t i = 0; i < kEventClassCount; ++i) newest[i] = logs[i].newest;
  return newest;
}

Result<StoreContents> read_contents(OpenStore& store, const KeptFor& kept_for, Log& log) {
  StoreContents contents;
  auto done = take_store_row(store, contents);
  if (done) done = take_logs(store, contents);
  if (done) done = take_cursors(store, kept_for, log, contents);
  if (done) done = count_set_aside(store, contents);
  if (!done) return done.error();
  auto dropped = store.tables().drops.count();
  if (!dropped) return dropped.error();
  contents.dropped = *dropped;
  if (done = take_facts(store, log, contents); !done) return done.error();
  return contents;
}

Result<void> count_queues(OpenStore& store, StoreContents& contents) {
  if (auto done = store.tables().queue.count(contents.queues); !done) return done;
  for (StoredSession& session : contents.facts.sessions) {
    const auto queue = contents.queues.clients().find(session.client_id);
    if (queue != contents.queues.clients().end()) session.queued_up_to = queue->second.newest;
  }
  contents.queues_are_counted = true;
  return {};
}

Result<void> count_set_aside(OpenStore& store, StoreContents& contents) {
  auto counted = store.tables().set_aside.count();
  if (!counted) return counted.error();
  contents.set_aside = std::move(counted->counts);
  contents.last_set_aside = std::max(contents.last_set_aside, counted->last_id);
  return {};
}

}  // namespace watchpost::spool
