// What a damaged store still knows of its alarms. WATCHPOST_DAMAGES: number of copies;
// WATCHPOST_SEED: the first seed, to repeat a copy.
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <map>
#include <optional>

#include "model/damage.hpp"
#include "model/kept_rules.hpp"
#include "model/traffic.hpp"
#include "model/village.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::model;
using namespace watchpost::spool;

namespace {

struct Place {
  EventClass event_class = EventClass::alarm;
  Seq seq;
  std::string told;
};
// Of an alarm by number, of its transitions by count.
using Transitions = std::map<std::uint64_t, std::map<std::uint32_t, Place>>;

Transitions transitions_in(const StoreState& state) {
  Transitions all;
  for (const auto event_class : kEventClasses) {
    for (const StoredRecord& record : state.logs[index_of(event_class)]) {
      if (record.alarm == 0) continue;
      all[record.alarm][record.told.transitions] = {event_class, record.seq, record.told.told};
    }
  }
  return all;
}

// Options of the n-th start; each has an epoch of its own.
WriterOptions options_of(const std::filesystem::path& directory, std::uint32_t start) {
  WriterOptions options;
  options.directory = directory;
  options.kept_for.required = kUpstreams;
  options.draw_epoch = [drawn = start * 100]() mutable {
    return epoch_from(0x9E3779B9U * drawn++);
  };
  options.now = [] { return spool::Moment{WallTime{std::chrono::seconds{1'800'000'000}}, {}}; };
  return options;
}

// A store in which nothing was delivered, so that all that happened is on record. Its rows are in
// the WAL, in the database with some in the WAL, or all in the database.
struct Watched {
  SampleStore sample;
  Transitions transitions;
  std::map<std::uint64_t, KnownAlarm> alarms;  // the rows
  std::size_t open = 0;

  explicit Watched(std::uint64_t seed) {
    support::TempDirectory directory;
    support::RecordingLog log;
    std::optional<Writer> writer;
    Village village(seed);
    const auto start = [&](std::uint32_t number) {
      if (writer) writer->close();
      writer.reset();
      writer.emplace(Writer::open(options_of(directory.path(), number), log).value());
      village.begin(writer->contents().facts.judgement, writer->contents().run_epoch);
    };
    start(1);
    Traffic traffic(seed, {2, 2'000, 4});
    for (int i = 0; i < 100; ++i) {
      if (i == 75 && seed > 1) start(2);
      if (i == 80) sample.earlier = StoreImage::take(directory.path());
      auto group = traffic.group({}, village.next());
      writer->commit(group).value();
      village.settled(group, true);
    }
    const auto file = writer->database_file();
    if (seed > 2) writer->close();
    const StoreState state = read_state(file, Depth::parsed).value();
    transitions = transitions_in(state);
    alarms = state.judgement.alarms;
    for (const auto& [number, alarm] : alarms) open += alarm.row && alarm.row->is_open() ? 1 : 0;
    sample.image = StoreImage::take(directory.path());
  }
};

struct Counts {
  std::size_t salvages = 0, alarms = 0, newer = 0, older = 0, gone = 0;
  std::size_t lost = 0;  // records of transitions
};

class Trial {
 public:
  Trial(const Watched& watched, const Damage& damage) : watched_(watched), damage_(damage) {
    damage_.put(directory_.path());
  }

  void run(Counts& counts) {
    const StoreState state = open();
    counts.salvages += writer_->salvage().reason.empty() ? 0 : 1;
    const StoredFacts& facts = writer_->contents().facts;
    if (facts.damaged.alarms.empty() && facts.damaged.other_count == 0)
      CHECK(why_not_recalled(state.judgement, facts.judgement) == "");
    if (!damage_.is_foreign) check_alarms(state, counts);
  }

  // After damage of one page of the table or of the log each open alarm is there as it was: what
  // the one has lost the other has.
  void run_for_open_list() {
    const StoreState state = open();
    const AlarmsSaved& saved = writer_->salvage().alarms;
    std::size_t open = 0;
    for (const auto& [number, alarm] : state.judgement.alarms) {
      const auto before = watched_.alarms.find(number);
      REQUIRE(before != watched_.alarms.end());
      INFO("alarm " << number << ", before: " << before->second.told);
      REQUIRE(alarm.row);
      if (alarm.row->is_open()) ++open;
      if (!is_until_it_is_looked_at(alarm)) CHECK(alarm.told == before->second.told);
      CHECK(alarm.evidence == before->second.evidence);
      const bool is_named = std::find(saved.rebuilt.begin(), saved.rebuilt.end(),
                                      AlarmSerial{number}) != saved.rebuilt.end();
      const bool is_as_before = *alarm.row == *before->second.row;
      if (alarm.row->is_open()) CHECK((is_named || is_as_before));
    }
    CHECK(open == watched_.open);
    CHECK(writer_->contents().facts.judgement.numbers_given == watched_.alarms.rbegin()->first);
    CHECK(saved.missing_count == 0);
    rebuilt_ = saved.rebuilt.size();
  }
  [[nodiscard]] std::size_t rebuilt() const { return rebuilt_; }

 private:
  // As the daemon would: where a reader finds damage it leaves a mark and begins anew.
  StoreState open() {
    start();
    auto state = read();
    if (!state) {
      std::ofstream(directory_.path() / "salvage-wanted").flush();
      start();
      state = read();
    }
    REQUIRE(state.has_value());
    return std::move(*state);
  }
  void start() {
    writer_.reset();
    auto opened = Writer::open(options_of(directory_.path(), ++starts_), log_);
    INFO((opened ? std::string() : opened.error().sentence()));
    REQUIRE(opened.has_value());
    writer_ = std::make_unique<Writer>(std::move(*opened));
  }

  // Nothing where a reader finds damage: a row does not fit its checksum, but for those that the
  // start has named, or a number is missing.
  [[nodiscard]] std::optional<StoreState> read() const {
    const DamagedFacts& damaged = writer_->contents().facts.damaged;
    const bool is_named = !damaged.alarms.empty() || damaged.other_count > 0;
    if (!is_named && !read_content(writer_->database_file()).trouble.empty()) return std::nullopt;
    try {
      auto state = read_state(writer_->database_file(), Depth::parsed);
      if (state && (!writer_->salvage().reason.empty() || !has_gap(*state)))
        return std::move(*state);
    } catch (const std::exception&) {
      // The text of a damaged record is no JSON.
    }
    return std::nullopt;
  }

  // True where a number is missing or out of its order, as a reader notices it.
  [[nodiscard]] bool has_gap(const StoreState& state) const {
    for (const auto event_class : kEventClasses) {
      const auto& log = state.logs[index_of(event_class)];
      const Seq newest = writer_->contents().logs[index_of(event_class)].newest;
      if (state.newest(event_class) != newest) return true;
      const auto does_not_follow = [](const StoredRecord& one, const StoredRecord& next) {
        return next.seq.value != one.seq.value + 1;
      };
      if (std::adjacent_find(log.begin(), log.end(), does_not_follow) != log.end()) return true;
    }
    return false;
  }

  void check_alarms(const StoreState& state, Counts& counts) {
    const auto left = transitions_in(state);
    std::map<std::uint64_t, std::uint32_t> rows;  // without those that are told to be damaged
    for (const auto& [number, alarm] : state.judgement.alarms) {
      const auto& damaged = writer_->contents().facts.damaged.alarms;
      if (std::find(damaged.begin(), damaged.end(), AlarmSerial{number}) != damaged.end()) continue;
      INFO("alarm " << number << " after transition " << alarm.transitions);
      rows[number] = alarm.transitions;
      const auto known = watched_.transitions.find(number);
      REQUIRE(known != watched_.transitions.end());
      const auto transition = known->second.find(alarm.transitions);
      REQUIRE(transition != known->second.end());
      if (!is_until_it_is_looked_at(alarm)) CHECK(alarm.told == transition->second.told);
    }
    for (const auto& [number, known] : watched_.transitions) {
      const auto records = left.find(number);
      const std::uint32_t told = records == left.end() ? 0 : records->second.rbegin()->first;
      ++counts.alarms;
      counts.lost += known.size() - (records == left.end() ? 0 : records->second.size());
      INFO("alarm " << number << ": row " << rows[number] << ", records " << told);
      if (rows[number] > told) ++counts.newer;
      // Each record that a newer row goes without is told to be lost.
      for (auto missing = told + 1; missing <= rows[number]; ++missing)
        CHECK((known.count(missing) == 0 || is_told_lost(state, known.at(missing))));
      if (rows[number] >= told) continue;
      ++(rows[number] == 0 ? counts.gone : counts.older);
      // A salvage makes the row again of the record.
      CHECK(writer_->salvage().reason.empty());
      CHECK(is_told());
    }
  }

  // Out of service with a device whose own row is gone: nobody could bring it back.
  [[nodiscard]] static bool is_until_it_is_looked_at(const KnownAlarm& alarm) {
    return alarm.row && alarm.row->holds.shelved && alarm.row->shelved_until == ServiceTime{};
  }

  // Of the first rows of a log nobody knows whether they were delivered and removed, where no
  // cursor says so: here none was moved.
  [[nodiscard]] bool is_told_lost(const StoreState& state, const Place& place) const {
    const Seq oldest = writer_->contents().logs[index_of(place.event_class)].oldest;
    if (oldest == Seq{} || place.seq < oldest) return true;
    return std::any_of(state.ledger.begin(), state.ledger.end(), [&](const LedgerRow& row) {
      return row.event_class == place.event_class && row.first <= place.seq &&
             place.seq <= row.last;
    });
  }
  // Or nobody can know it.
  [[nodiscard]] bool is_told() const {
    return !writer_->salvage().reason.empty() ||
           !writer_->contents().facts.damaged.alarms.empty() || damage_.has_older_page ||
           damage_.hides_rows;
  }

  const Watched& watched_;
  const Damage& damage_;
  std::uint32_t starts_ = 2;
  support::TempDirectory directory_;
  support::RecordingLog log_;
  std::unique_ptr<Writer> writer_;
  std::size_t rebuilt_ = 0;
};

}  // namespace

TEST_CASE("after damage no alarm is further than its records without a word of what is lost",
          "[spool][model]") {
  const auto seed = support::number_from("WATCHPOST_SEED", 1);
  const auto damages = support::number_from("WATCHPOST_DAMAGES", 400);
  const std::vector<Watched> stores{Watched(1), Watched(2), Watched(3)};
  std::vector<SampleStore> samples;
  for (const Watched& store : stores) {
    REQUIRE(store.transitions.size() > 5);
    samples.push_back(store.sample);
  }
  Counts counts;
  for (std::uint64_t one = seed; one < seed + damages; ++one) {
    const auto which = (one / 18 + one) % stores.size();
    const auto damage = draw_damage(samples[which], samples, one);
    INFO("WATCHPOST_SEED=" << one << " WATCHPOST_DAMAGES=1: " << damage.what);
    Trial(stores[which], damage).run(counts);
  }
  fmt::print(
      "{} damages from seed {}: {} salvages; {} transitions lost; of {} alarms {} rows are newer "
      "than their records, {} older, {} gone\n",
      damages, seed, counts.salvages, counts.lost, counts.alarms, counts.newer, counts.older,
      counts.gone);
  if (damages >= 400) CHECK(counts.salvages > 50);
}

TEST_CASE("whatever page of a store is zeroed, each open alarm is there as it was",
          "[spool][model]") {
  constexpr std::size_t kPage = 4'096;
  const Watched watched(3);
  REQUIRE(watched.open > 2);
  const std::string bytes = watched.sample.image.bytes(kDatabase);
  std::size_t rebuilt = 0;
  for (std::size_t at = 0; at + kPage <= bytes.size(); at += kPage) {
    Damage damage;
    damage.what = fmt::format("page {} zeroed", at / kPage + 1);
    damage.image = watched.sample.image;
    damage.image.files[kDatabase].replace(at, kPage, kPage, '\0');
    INFO(damage.what);
    Trial trial(watched, damage);
    trial.run_for_open_list();
    rebuilt += trial.rebuilt();
  }
  fmt::print("{} pages, {} open alarms, {} made again\n", bytes.size() / kPage, watched.open,
             rebuilt);
  CHECK(rebuilt >= watched.open);
}
