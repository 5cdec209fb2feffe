#include "spool/tables/drop_ledger.hpp"

#include <fmt/format.h>

#include "spool/tables/as_integer.hpp"
#include "spool/tables/log_table.hpp"
#include "spool/tables/row_sum.hpp"

namespace watchpost::spool {
namespace {

using enum ColumnValue::Type;

class DropLedgerTable final : public Table {
 public:
  DropLedgerTable()
      : Table({"drop_ledger",
               {{"id"},
                {"class"},
                {"epoch"},
                {"first"},
                {"last"},
                {"reason", text},
                {"dropped_at"},
                {"clock"},
                {"sum"}}}) {}

  [[nodiscard]] bool is_plausible(const Row& row) const override {
    return class_of(row[1]).has_value();
  }
  // A ledger row of a transaction that never ended could name records that are still stored.
  [[nodiscard]] Believed believed() const override { return Believed::committed; }
  void learn(const Row& row, Salvaged& salvaged) const override {
    salvaged.note_number(*class_of(row[1]), seq_of(row[4]));
  }
  // The upstreams were told that dropped records are gone, so a salvage does not bring them back.
  [[nodiscard]] Result<void> complete(sqlite::Database& database,
                                      Salvaged& /*salvaged*/) const override {
    PerClass<LogTable> logs;
    for (const auto event_class : kEventClasses) {
      auto log = LogTable::open(database, event_class);
      if (!log) return log.error();
      logs[index_of(event_class)] = std::move(*log);
    }
    auto select =
        database.prepare("SELECT class, first, last FROM drop_ledger WHERE reason = 'quota'");
    if (!select) return select.error();
    auto more = select->step();
    for (; more && *more; more = select->step()) {
      const auto event_class = static_cast<EventClass>(select->integer(0));
      const Removal yielded{event_class, Seq{static_cast<std::uint64_t>(select->integer(1))},
                            Seq{static_cast<std::uint64_t>(select->integer(2)) + 1}};
      if (auto done = logs[index_of(event_class)].remove(yielded); !done) return done;
    }
    if (!more) return more.error();
    return {};
  }

  [[nodiscard]] Finding damaged(const Row& row) const override {
    return {fmt::format("Damaged: row {} of the drop ledger", row[0].integer), kCheckDisk};
  }
  void look(const Row& row, const StoreView& /*view*/, CheckReport& report) const override {
    if (row[3].integer > 0 && row[4].integer >= row[3].integer) return;
    report.found({fmt::format("Row {} of the drop ledger names no range of {}", row[0].integer,
                              to_string(*class_of(row[1]))),
                  "Nothing can be done here; report this line"});
  }
};

}  // namespace

const Table& drop_ledger_table() {
  static const DropLedgerTable kTable;
  return kTable;
}

Result<DropLedger> DropLedger::open(sqlite::Database& database) {
  DropLedger ledger;
  const sqlite::Database::Wanted wanted[] = {
      {&ledger.insert_,
       "INSERT INTO drop_ledger (class, epoch, first, last, reason, dropped_at, clock, sum)"
       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
      {&ledger.select_, kSelectDropsIn},
      {&ledger.count_, "SELECT class, sum(last - first + 1) FROM drop_ledger GROUP BY class"}};
  if (auto done = database.prepare_all(wanted); !done) return done.error();
  return ledger;
}

Result<void> DropLedger::add(const Drop& drop, Moment now) {
  const auto event_class = as_integer(drop.event_class);
  const std::int64_t epoch{number_of(drop.epoch)};
  const auto clock = static_cast<std::int64_t>(now.clock);
  insert_.bind(1, event_class);
  insert_.bind(2, epoch);
  insert_.bind(3, as_integer(drop.first));
  insert_.bind(4, as_integer(drop.last));
  insert_.bind(5, to_string(drop.reason));
  insert_.bind(6, as_integer(now.wall));
  insert_.bind(7, clock);
  insert_.bind(
      8, row_sum("drop_ledger", {event_class, epoch, as_integer(drop.first), as_integer(drop.last),
                                 to_string(drop.reason), as_integer(now.wall), clock}));
  return insert_.run();
}

Result<std::vector<SeqRange>> DropLedger::ranges_in(EventClass event_class, SeqRange range) {
  select_.bind(1, as_integer(event_class));
  select_.bind(2, as_integer(range.first));
  select_.bind(3, as_integer(range.last));
  std::vector<SeqRange> ranges;
  auto more = select_.step();
  for (; more && *more; more = select_.step()) {
    ranges.push_back({Seq{static_cast<std::uint64_t>(select_.integer(0))},
                      Seq{static_cast<std::uint64_t>(select_.integer(1))}});
  }
  if (!more) return more.error();
  return ranges;
}

Result<PerClass<std::uint64_t>> DropLedger::count() {
  PerClass<std::uint64_t> numbers{};
  auto more = count_.step();
  for (; more && *more; more = count_.step()) {
    const auto event_class = static_cast<std::size_t>(count_.integer(0));
    if (event_class >= kEventClassCount) continue;
    numbers[event_class] = static_cast<std::uint64_t>(count_.integer(1));
  }
  if (!more) return more.error();
  return numbers;
}

}  // namespace watchpost::spool
