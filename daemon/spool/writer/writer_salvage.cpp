// How the Writer begins with whatever it finds: check, open, and where the store is damaged,
// salvage.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "spool/salvage/store_check.hpp"
#include "spool/tables/epoch.hpp"
#include "spool/writer/writer.hpp"

namespace watchpost::spool {
namespace {

// The ledger of what is lost must fit also where the store was as large as it may be.
constexpr std::uint64_t kRoomForLedger = 64ULL << 20U;

Result<RowSaver::Facts> save_rows(const StoreDirectory& directory, RowSaver::Options options) {
  auto pages = StorePages::open(directory.database_file());
  if (!pages) return pages.error();
  RowSaver::Facts also;
  if (const auto testimony = Witness(directory.witness_file()).recall()) {
    also.highest = testimony->newest;
    also.newest_epoch = testimony->epoch;
  }
  // Rows of schema 1 do not name their epoch.
  Epoch epoch_1;
  pages->visit_beginning([&](const Cell& cell, std::string_view payload, const auto&) {
    const auto found = read_found(cell, payload);
    const auto* store = found ? std::get_if<FoundStore>(&*found) : nullptr;
    if (store != nullptr && epoch_1.empty()) epoch_1 = store->epoch;
    return found.has_value();
  });
  if (epoch_1.empty()) epoch_1 = also.newest_epoch.empty() ? draw_epoch() : also.newest_epoch;
  if (also.newest_epoch.empty()) also.newest_epoch = epoch_1;
  options.epoch_1 = epoch_1;
  auto saver = RowSaver::create(directory.building_file(), std::move(options));
  if (!saver) return saver.error();
  pages->visit_all([&](const Cell& cell, std::string_view payload, const StorePages::Place& place) {
    return saver->take(cell, payload, place);
  });
  return saver->finish(also);
}

// All numbers that were given and have no row; what of them is settled or in the ledger already is
// sorted out where they are written.
std::vector<Loss> losses_of(const RowSaver::Facts& facts, const PerClass<LogExtent>& logs) {
  std::vector<Loss> losses = facts.holes;
  for (const auto event_class : kEventClasses) {
    const LogExtent& log = logs[index_of(event_class)];
    // Without a cursor nobody knows whether numbers before the first row were settled and removed.
    if (log.settled > Seq{} && log.oldest > Seq{}) {
      losses.push_back({event_class, Seq{1}, Seq{log.oldest.value - 1}});
    }
    losses.push_back({event_class, facts.last_row[index_of(event_class)].next(), log.newest});
  }
  return losses;
}

// A copy of a WAL whose end SQLite does not read. Opening moves what it can read into the
// database and empties the WAL, and only then the witness can be asked whether more was there.
class TornWal {
 public:
  explicit TornWal(const StoreDirectory& directory)
      : wal_(directory.store_files()[1]), copy_(wal_.string() + ".torn") {}
  // Whole and on disk under its name, or not there: half a copy must never be put back.
  void keep() const {
    std::error_code error;
    const std::filesystem::path part = copy_.string() + ".part";
    std::filesystem::copy_file(wal_, part, std::filesystem::copy_options::overwrite_existing,
                               error);
    const int file = ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = !error && file >= 0 && ::fsync(file) == 0;
    if (file >= 0) ::close(file);
    if (is_synced) std::filesystem::rename(part, copy_, error);
  }
  void put_back() const {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(copy_, ignored)) {
      std::filesystem::rename(copy_, wal_, ignored);
    } else {
      forget();
    }
  }
  void forget() const {
    std::error_code ignored;
    std::filesystem::remove_all(copy_, ignored);
    std::filesystem::remove_all(copy_.string() + ".part", ignored);
  }

 private:
  std::filesystem::path wal_;
  std::filesystem::path copy_;
};

// Numbers that were given and that the store does not have any more: none of them may be given
// again, or an upstream would take new records for repeats of old ones.
bool has_forgotten(const Witness& witness, const Epoch& epoch, const PerClass<LogExtent>& logs) {
  const auto testimony = witness.recall();
  if (!testimony) return false;
  bool forgot = false;
  bool any = false;
  for (const auto event_class : kEventClasses) {
    const auto i = index_of(event_class);
    forgot = forgot || testimony->newest[i] > logs[i].newest;
    any = any || testimony->newest[i] > Seq{};
  }
  return forgot || (any && testimony->epoch != epoch);
}

}  // namespace

Result<void> Writer::open_or_salvage() {
  directory_.clear_building();
  auto finished = directory_.finish_exchange();
  if (!finished) return finished.error();
  if (!finished->empty()) {
    log_->info("A salvage that was interrupted is finished; the damaged files are in {}",
               finished->string());
  }
  const TornWal torn(directory_);
  torn.put_back();  // of a start that was interrupted
  auto check = check_store(directory_);
  if (!check) return check.error();
  if (!check->damage.empty()) return salvage(check->damage, "damage");
  if (check->has_torn_end) torn.keep();
  witness_ = Witness(directory_.witness_file());
  auto opened = open_database();
  while (!opened && sqlite::is_full(opened.error()) && directory_.reserve().release()) {
    opened = open_database();
  }
  const bool is_whole = opened && !has_forgotten(witness_, epoch_, logs_);
  if (is_whole) torn.forget();
  if (is_whole || (!opened && !sqlite::is_damage(opened.error()))) return opened;
  // What SQLite does not read of the WAL may still be saved: closing must not remove it.
  database_.checkpoint_when_closed(false);
  close_database();
  torn.put_back();
  if (!opened) return salvage(opened.error().what, "damage");
  // Their rows may be on pages that no table reaches any more, so all are searched.
  return salvage(
      "it has forgotten commits: an old copy was put back, or the disk lost what it had confirmed",
      "lost_commits");
}

// The damaged files are only read until the new store is complete: a crash anywhere on the way
// leaves them for the next start, which does all of it again. Where both do not fit on the disk,
// the new store begins with alarms and patrols alone, or empty: the box must collect again.
Result<void> Writer::salvage(const std::string& why, const std::string& reason) {
  log_->error(
      "The store in {} is damaged: {}. What can be read of it is taken into a new one; this may "
      "take minutes, devices send again meanwhile",
      options_.directory.string(), why);
  RowSaver::Options options;
  options.still_at_it = options_.still_opening;
  const auto build = [&]() -> Result<void> {
    auto facts = save_rows(directory_, options);
    if (!facts) return facts.error();
    return begin_salvaged(*facts, reason);
  };
  auto done = build();
  for (const auto& fewer : {std::optional(EventClass::patrol), std::optional<EventClass>()}) {
    if (done || !sqlite::is_full(done.error())) break;
    directory_.clear_building();
    options.down_to = fewer;
    done = build();
    log_->error(
        "There is no room on the disk for all that can be read: the new store begins {}. The rest "
        "stays in the damaged files; the upstreams are told that it is lost. Free space",
        fewer ? "with alarms and patrols only" : "empty");
  }
  if (!done) return done;
  auto aside = directory_.exchange();
  if (!aside) return aside.error();
  salvage_.aside = *aside;
  witness_ = Witness(directory_.witness_file());
  if (auto opened = open_database(); !opened) return opened;
  testify();
  log_->error(
      "{} rows of the damaged store were saved and keep their ids, {} are lost. Their ids are not "
      "given again, the upstreams are told which. The damaged files are in {}: keep them until you "
      "know that nothing is missing, then remove them. Replace the disk or SD card if this happens "
      "again",
      salvage_.saved, salvage_.lost, salvage_.aside.string());
  return {};
}

// In the new file, before it takes its place: epoch, ledger and events are there or nothing is.
Result<void> Writer::begin_salvaged(const RowSaver::Facts& facts, const std::string& reason) {
  const auto limits = options_.space;
  file_ = directory_.building_file();
  witness_ = Witness{};  // it still speaks for the damaged files
  options_.space.quota.value += kRoomForLedger;
  auto done = open_database();
  if (done) {
    for (const auto event_class : kEventClasses) {
      LogExtent& log = logs_[index_of(event_class)];
      log.newest = std::max(log.newest, facts.highest[index_of(event_class)]);
    }
    done = begin_epoch({draw_epoch(), epoch_, facts.records, 0, reason}, losses_of(facts, logs_));
  }
  if (!done) database_.checkpoint_when_closed(false);
  close();
  options_.space = limits;
  file_ = directory_.database_file();
  return done;
}

void Writer::give_up(const Failure& damage) {
  if (std::exchange(has_given_up_, true)) return;
  directory_.want_salvage();
  database_.checkpoint_when_closed(false);
  close_database();
  log_->error(
      "Damage was met in the store in {}: {}. Nothing is acknowledged until the daemon has begun "
      "anew with what can be read of it, which it does by itself",
      options_.directory.string(), damage.what);
}

}  // namespace watchpost::spool
