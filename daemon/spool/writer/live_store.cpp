#include "spool/writer/live_store.hpp"

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "spool/salvage/alarm_rebuild.hpp"
#include "spool/salvage/salvage.hpp"
#include "spool/salvage/store_check.hpp"
#include "spool/writer/transaction.hpp"

namespace watchpost::spool {
namespace {

// The ledger of what is lost must fit also where the store was as large as it may be.
constexpr std::uint64_t kRoomForLedger = 64ULL << 20U;

}  // namespace

LiveStore::LiveStore(const WriterOptions& options, Log& log, StoreDirectory directory)
    : options_(options),
      log_(&log),
      directory_(std::move(directory)),
      file_(directory_.database_file()),
      checkpointer_(options.checkpoint, log) {
  contents_.run_epoch = options.draw_epoch();
  directory_.take_reserve(options_.disk_reserve.value);
}

Result<std::unique_ptr<LiveStore>> LiveStore::open(const WriterOptions& options, Log& log) {
  auto directory = StoreDirectory::open(options.directory);
  if (!directory) return directory.error();
  std::unique_ptr<LiveStore> store(new LiveStore(options, log, std::move(*directory)));
  auto opened = store->open_or_salvage();
  if (opened && options.new_epoch) opened = store->begin_run_now();
  if (!opened) return opened.error();
  return store;
}

Result<void> LiveStore::open_files() {
  auto opened = OpenStore::open(file_, options_.space.quota, options_.draw_epoch);
  if (!opened) return opened.error();
  auto contents = read_contents(**opened, options_.kept_for, *log_);
  auto done = contents ? checkpointer_.open(file_) : Result<void>(contents.error());
  if (done && contents_.queues_are_counted) {
    contents->queues = contents_.queues;
    contents->queues_are_counted = true;
  } else if (done) {
    done = count_queues(**opened, *contents);
  }
  if (!done) {
    (*opened)->keep_files();
    return done;
  }
  contents->last_set_aside = std::max(contents->last_set_aside, contents_.last_set_aside);
  contents->run_epoch = contents_.run_epoch;
  contents_ = std::move(*contents);
  open_ = std::move(*opened);
  directory_.remember_files();
  return {};
}

// Opening moves the WAL into the database, which takes room.
Result<void> LiveStore::open_with_reserve() {
  auto opened = open_files();
  while (!opened && sqlite::is_full(opened.error()) && directory_.reserve().release()) {
    opened = open_files();
  }
  return opened;
}

Result<void> LiveStore::open_or_salvage() {
  directory_.clear_building();
  auto finished = directory_.finish_exchange();
  if (!finished) return finished.error();
  if (!finished->empty()) {
    log_->info("A salvage or a restore that was interrupted is finished; the old files are in {}",
               finished->string());
  }
  const TornWal torn(directory_);
  torn.put_back();  // of a start that was interrupted
  auto check = check_store(directory_);
  if (!check) return check.error();
  if (!check->damage.empty()) return salvage_files({check->damage, "damage"});
  if (check->has_torn_end) torn.keep();
  witness_ = Witness(directory_.witness_file());
  auto opened = open_with_reserve();
  const bool is_whole = opened && !has_forgotten(witness_, contents_.newest());
  if (is_whole) torn.forget();
  if (is_whole || (!opened && !sqlite::is_damage(opened.error()))) return opened;
  // The part of the WAL that SQLite does not read may hold rows that can be saved: closing the
  // connection must not remove the WAL.
  if (open_) open_->keep_files();
  shut();
  torn.put_back();
  if (!opened) return salvage_files({opened.error().what, "damage"});
  // Their rows may be on pages that no table reaches any more, so all are searched.
  return salvage_files(
      {"it has forgotten commits: an old copy was put back, or the disk lost what it had "
       "confirmed",
       "lost_commits"});
}

// The damaged files are only read until the new store is complete: a crash anywhere on the way
// leaves them for the next start, which does all of it again. Where both do not fit on the disk,
// the new store begins with alarms and patrols alone, or empty: the box must collect again.
Result<void> LiveStore::salvage_files(const Cause& cause) {
  log_->error(
      "The store in {} is damaged: {}. What can be read of it is taken into a new one; this may "
      "take minutes, devices send again meanwhile",
      options_.directory.string(), cause.sentence);
  contents_.queues = {};
  contents_.queues_are_counted = false;
  RowSaver::Options options{{}, options_.still_opening};
  const auto build = [&]() -> Result<void> {
    auto salvaged = save_rows(directory_, options);
    if (!salvaged) return salvaged.error();
    return begin_salvaged(*salvaged, cause.reason);
  };
  auto done = build();
  for (const auto& fewer : {std::optional(EventClass::patrol), std::optional<EventClass>()}) {
    if (done || !sqlite::is_full(done.error())) break;
    directory_.clear_building();
    options.wanted.down_to = fewer;
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
  if (auto opened = open_files(); !opened) return opened;
  testify();
  log_->error(
      "{} rows of the damaged store were saved and keep their ids, {} records are lost. Their ids "
      "are not given again, the upstreams are told which. The damaged files are in {}: keep them "
      "until you "
      "know that nothing is missing, then remove them. Replace the disk or SD card if this happens "
      "again",
      salvage_.saved, salvage_.lost, salvage_.aside.string());
  tell(salvage_.alarms, *log_);
  return {};
}

// Works on the new file, before it takes the place of the damaged one: so epoch, ledger and events
// are in the store together, or the damaged store is still there.
Result<void> LiveStore::begin_salvaged(const Salvaged& found, const std::string& reason) {
  const ByteCount quota = options_.space.quota;
  file_ = directory_.building_file();
  witness_ = Witness{};  // it still speaks for the damaged files
  options_.space.quota.value += kRoomForLedger;
  auto done = open_files();
  if (done) {
    for (const auto event_class : kEventClasses) {
      LogExtent& log = contents_.logs[index_of(event_class)];
      log.newest = std::max(log.newest, found.highest[index_of(event_class)]);
    }
    done = save_alarms();
  }
  if (done) {
    done = begin_epoch({contents_.run_epoch, contents_.epoch, {}, found.records, 0, reason},
                       losses_of(found, contents_.logs));
  }
  if (!done && open_) open_->keep_files();
  close();
  options_.space.quota = quota;
  file_ = directory_.database_file();
  return done;
}

Result<void> LiveStore::save_alarms() {
  if (auto begun = open_->begin(); !begun) return begun;
  auto saved = rebuild_alarms(*open_, contents_, options_.still_opening);
  if (!saved) return saved.error();
  salvage_.alarms = std::move(*saved);
  return open_->commit();
}

Result<void> LiveStore::begin_epoch(NewEpoch change, const std::vector<Loss>& losses) {
  Transaction transaction(*open_, contents_, options_.now);
  if (auto done = open_->begin(); !done) return done;
  for (const Loss& loss : losses) {
    if (auto done = transaction.write(loss); !done) return done;
  }
  change.lost = 0;
  for (const Drop& drop : transaction.drops()) change.lost += drop.count();
  auto done = transaction.begin_epoch(change);
  if (done) done = transaction.write_drops();
  if (done) done = open_->commit();
  if (!done) return done;
  salvage_.saved += change.saved;
  salvage_.lost += change.lost;
  salvage_.reason = change.reason;
  testify();
  return {};
}

// For an operator who asks for it, without waiting for the first record.
Result<void> LiveStore::begin_run_now() {
  if (contents_.epoch == contents_.run_epoch) return {};
  Transaction transaction(*open_, contents_, options_.now);
  auto done = open_->begin();
  if (done) done = transaction.begin_run("asked");
  if (done) done = open_->commit();
  if (done) testify();
  return done;
}

void LiveStore::fail(const Failure& failure) {
  if (!open_) return;
  log_->debug("Rolling back after: {}", failure.what);
  if (auto undone = open_->rollback(); !undone) {
    log_->debug("Rolling back: {}", undone.error().what);
  }
  if (sqlite::is_damage(failure)) return give_up(failure);
  shut();
}

Result<void> LiveStore::reopen() {
  // Opening would begin a new database there, and throw away what is left of the old one's WAL.
  if (!directory_.has_database()) return give_up_replaced();
  if (checkpointer_.has_lost_pages()) return give_up_unsynced();
  shut();
  const Epoch epoch = contents_.epoch;
  const PerClass<Seq> known = contents_.newest();
  auto reopened = open_with_reserve();
  if (!reopened && !sqlite::is_damage(reopened.error())) return reopened;
  if (!reopened) return give_up(reopened.error()), reopened;
  // A commit that failed may be on the disk after all, with the beginning of this start's epoch.
  bool is_ours = contents_.epoch == epoch || contents_.epoch == contents_.run_epoch;
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    is_ours = is_ours && contents_.logs[i].newest >= known[i];
  }
  if (is_ours) return {};
  return give_up_replaced();
}

void LiveStore::close() {
  if (!open_) return;
  checkpointer_.close();  // a connection would keep the WAL from being removed
  if (checkpointer_.has_lost_pages()) return shut();
  if (auto moved = open_->empty_wal(); !moved) {
    log_->warning("{}", moved.error().sentence());
    // A sync that fails may drop pages that an earlier checkpoint wrote and did not sync, since a
    // reader held a part of the WAL back. SQLite takes them for moved: closing would move the rest
    // alone, and remove the WAL. The next start moves all of it again.
    open_->keep_files();
  }
  shut();
}

// The checkpointer first: from here on files are moved, mended or read again.
void LiveStore::shut() {
  checkpointer_.close();
  if (open_ && checkpointer_.has_lost_pages()) open_->keep_files();
  open_.reset();
}

void LiveStore::give_up(const Failure& damage) {
  if (std::exchange(has_given_up_, true)) return;
  directory_.want_salvage();
  if (open_) open_->keep_files();
  shut();
  log_->error(
      "Damage was met in the store in {}: {}. Nothing is acknowledged until the daemon has begun "
      "anew with what can be read of it, which it does by itself",
      options_.directory.string(), damage.what);
}

// Going on would give ids of the old epoch to new records, or acknowledge what is in no file.
// Whoever reads and forwards must begin with what is there now too.
Failure LiveStore::give_up_replaced() {
  log_->error(
      "The store in {} is not the one the daemon began with: its files were removed or replaced, "
      "or its filesystem is not mounted. The daemon begins anew with what is there",
      options_.directory.string());
  return give_up_for(GivenUp::replaced);
}

Failure LiveStore::give_up_doubtful() {
  log_->error(
      "The store in {} holds what was reported as not kept: the disk said that writing it had "
      "failed. The daemon begins anew with what is there",
      options_.directory.string());
  return give_up_for(GivenUp::doubtful);
}

Failure LiveStore::give_up_unsynced() {
  log_->error(
      "The disk failed to keep a part of what was moved from the WAL into the database of the "
      "store "
      "in {}. Nothing is lost: the WAL still has all of it. The daemon begins anew and moves it "
      "again. Replace the disk or SD card if this happens again",
      options_.directory.string());
  return give_up_for(GivenUp::unsynced);
}

Failure LiveStore::give_up_for(GivenUp why) {
  has_given_up_ = true;
  given_up_for_ = why;
  if (open_) open_->keep_files();
  shut();
  return given_up();
}

Failure LiveStore::given_up() {
  return failure_of(Failure::Kind::unavailable, trouble<TroubleCode::store_being_saved>());
}

}  // namespace watchpost::spool
