// The store starts with whatever it finds: a thousand damaged copies of real stores, each opened by
// the real Writer. WATCHPOST_DAMAGES: number of copies; WATCHPOST_SEED: the first seed, to repeat a
// copy.
#include "model/damage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>

#include "model/event_id.hpp"
#include "model/row_places.hpp"
#include "spool/salvage/wal_file.hpp"
#include "spool/tables/row_sum.hpp"
#include "support/catch.hpp"
#include "support/environment.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::model;
using namespace watchpost::spool;

namespace {

struct Counts {
  std::uint64_t damages = 0;
  std::uint64_t salvages = 0;
  std::uint64_t found_later = 0;  // found by a reader, not at the start
  std::uint64_t found_by_writing = 0;
  std::uint64_t rows_checked = 0;
  std::uint64_t made_up = 0;       // rows of tables that only the list of tables names
  std::uint64_t made_up_kept = 0;  // rows of `made_up` that are still there
};

// The life of one damaged copy, from the first start to the next record.
class Trial {
 public:
  Trial(const SampleStore& sample, const RowPlaces& places, const Damage& damage)
      : sample_(sample), damage_(damage) {
    damage_.put(directory_.path());
    untouched_ = places.untouched_in(damage.image, logged_pages());
  }

  void run(Counts& counts) {
    start();
    counts.rows_checked += untouched_.size();
    auto content = read_content(writer_->database_file());
    if (!content.trouble.empty() || (!damage_.is_foreign && lacks_rows(content))) {
      // A reader finds the damage; the daemon would leave this mark and begin anew.
      ++counts.found_later;
      const bool is_seen = !content.trouble.empty() || has_gap(content);
      CHECK(is_seen);
      writer_.reset();
      std::ofstream(directory_.path() / "salvage-wanted").flush();
      start();
      content = read_content(writer_->database_file());
    }
    counts.salvages += writer_->salvage().reason.empty() ? 0 : 1;
    CHECK(content.trouble.empty());
    check_rows(content);
    check_counts(content);
    check_cursors_and_sessions();
    check_made_up(content, counts);
    check_new_ids(counts);
    start();
    CHECK(writer_->salvage().reason.empty());  // one salvage is enough
  }

 private:
  // Pages that SQLite moves from the WAL into the database when it opens the store.
  [[nodiscard]] std::set<std::uint32_t> logged_pages() const {
    const auto wal = WalFile::open(directory_.path() / kWal);
    std::set<std::uint32_t> pages;
    for (std::size_t i = 0; wal && i < wal->committed(); ++i) pages.insert(wal->frames()[i].page);
    return pages;
  }

  void start() {
    writer_.reset();
    auto opened = Writer::open(sample_options(directory_.path(), kFirstEpoch + starts_++), log_);
    INFO((opened ? std::string() : opened.error().sentence()));
    REQUIRE(opened.has_value());
    writer_ = std::make_unique<Writer>(std::move(*opened));
    lost_ += writer_->salvage().lost;
  }

  [[nodiscard]] bool lacks_rows(const StoreContent& content) const {
    return std::any_of(untouched_.begin(), untouched_.end(),
                       [&](const RowKey& key) { return content.rows.count(key) == 0; });
  }
  // True where a number is missing between two rows, or before the newest number.
  [[nodiscard]] bool has_gap(const StoreContent& content) const {
    for (const auto event_class : kEventClasses) {
      std::uint64_t last = 0;
      for (const auto& [key, row] : content.rows) {
        if (key.first != event_class) continue;
        if (last != 0 && key.second != last + 1) return true;
        last = key.second;
      }
      if (writer_->contents().logs[index_of(event_class)].newest.value > last) return true;
    }
    return false;
  }

  void check_rows(const StoreContent& content) {
    std::size_t missing = 0;
    std::string first_missing;
    if (damage_.is_foreign) return;
    for (const RowKey& key : untouched_) {
      const auto row = content.rows.find(key);
      const auto& expected = sample_.rows.at(key).record;
      if (row != content.rows.end() && row->second.record.payload == expected.payload &&
          row->second.record.epoch == expected.epoch) {
        continue;
      }
      if (missing++ == 0) first_missing = event_id({expected.epoch, key.first, expected.seq});
    }
    INFO("first missing: " << first_missing);
    CHECK(missing == 0);
    // A row under an old id has the content that this id always had.
    for (const auto& [key, row] : content.rows) {
      const auto known = sample_.rows.find(key);
      if (known == sample_.rows.end() || known->second.record.epoch != row.record.epoch) continue;
      if (row_sum(known->second.record) != row_sum(row.record))
        FAIL("row " << key.second << " changed");
    }
  }

  void check_counts(const StoreContent& content) {
    const auto& salvage = writer_->salvage();
    std::uint64_t old_rows = 0;
    for (const auto& [key, row] : content.rows) {
      if (row.record.epoch != writer_->contents().epoch) ++old_rows;
    }
    if (salvage.reason.empty()) {
      if (!damage_.is_foreign) CHECK(writer_->contents().epoch == expected_epoch(content));
      return;
    }
    CHECK(salvage.saved == old_rows);
    CHECK(writer_->contents().epoch == writer_->contents().run_epoch);
    CHECK(writer_->contents().epoch != sample_.epoch);
    CHECK(log_.says(LogLevel::error, "rows of the damaged store were saved"));
    if (damage_.is_foreign) return;
    // Records that were neither delivered nor removed and are gone must stand in the ledger.
    std::uint64_t lost = 0;
    for (const auto& [key, row] : sample_.rows) {
      const Seq cursor = cursor_of(key.first);
      // Without a cursor nobody knows whether rows before the first one were delivered and removed.
      const Seq oldest = writer_->contents().logs[index_of(key.first)].oldest;
      if (cursor == Seq{} && key.second < oldest.value) continue;
      if (key.second > cursor.value && content.rows.count(key) == 0) ++lost;
    }
    CHECK(lost_ >= lost);
  }

  // A store that was empty or gone without a trace begins with an epoch of its own.
  [[nodiscard]] Epoch expected_epoch(const StoreContent& content) const {
    return content.rows.empty() ? writer_->contents().epoch : sample_.epoch;
  }

  [[nodiscard]] Seq cursor_of(EventClass event_class) const {
    const auto cursors = writer_->contents().cursors.find("street");
    return cursors == writer_->contents().cursors.end() ? Seq{}
                                                        : cursors->second[index_of(event_class)];
  }

  void check_cursors_and_sessions() {
    if (damage_.is_foreign) return;
    for (const auto& [upstream, cursors] : writer_->contents().cursors) {
      const auto known = sample_.cursors.find(upstream);
      for (const auto event_class : kEventClasses) {
        const Seq was =
            known == sample_.cursors.end() ? Seq{} : known->second[index_of(event_class)];
        CHECK(cursors[index_of(event_class)] <= was);
      }
    }
    for (const StoredSession& session : writer_->contents().facts.sessions) {
      CHECK(sample_.sessions.count(session.client_id) == 1);
    }
    // A page of the past may bring an older value, damage none that was never given.
    for (const Remembered& each : writer_->contents().facts.remembered) {
      CHECK(sample_.remembered.count({each.decoder, each.key, each.value}) == 1);
    }
  }

  // Rows of tables that make_up_rows filled: a damage makes no such row, and all of them are
  // still there where nothing had to be salvaged.
  void check_made_up(const StoreContent& content, Counts& counts) {
    if (damage_.is_foreign) return;
    for (const auto& [table, known] : sample_.made_up) {
      INFO("table " << table);
      const auto found = content.made_up.find(table);
      REQUIRE(found != content.made_up.end());
      counts.made_up += known.size();
      counts.made_up_kept += found->second.size();
      CHECK(std::includes(known.begin(), known.end(), found->second.begin(), found->second.end()));
      const bool is_whole =
          writer_->salvage().reason.empty() && !damage_.has_older_page && !damage_.hides_rows;
      if (is_whole && !found->second.empty()) CHECK(found->second == known);
    }
  }

  // Damage that only the first writing meets makes the daemon begin anew with what can be read.
  void check_new_ids(Counts& counts) {
    auto group = new_records();
    auto committed = writer_->commit(group);
    if (!committed) {
      ++counts.found_by_writing;
      writer_.reset();
      start();
      CHECK_FALSE(writer_->salvage().reason.empty());
      check_rows(read_content(writer_->database_file()));
      group = new_records();
      committed = writer_->commit(group);
    }
    INFO((committed ? std::string() : committed.error().sentence()));
    REQUIRE(committed.has_value());
    for (const Append& append : group.appends) {
      const Record& record = append.records.front();
      CHECK(sample_.ids.count(event_id({record.epoch, record.event_class, record.seq})) == 0);
    }
  }
  [[nodiscard]] static CommitGroup new_records() {
    CommitGroup group;
    for (const auto event_class : kEventClasses) {
      Record record;
      record.event_class = event_class;
      record.payload = "new";
      Append append;
      append.records.push_back(std::move(record));
      group.appends.push_back(std::move(append));
    }
    return group;
  }

  static constexpr std::uint32_t kFirstEpoch = 1'000;  // the samples have those before

  const SampleStore& sample_;
  const Damage& damage_;
  std::uint32_t starts_ = 0;
  std::uint64_t lost_ = 0;  // told by the salvages of all starts
  std::set<RowKey> untouched_;
  support::TempDirectory directory_;
  support::RecordingLog log_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace

TEST_CASE("whatever is damaged, the store starts, keeps what is untouched and gives no id twice",
          "[spool][model]") {
  const auto seed = support::number_from("WATCHPOST_SEED", 1);
  const auto damages = support::number_from("WATCHPOST_DAMAGES", 1'000);
  const auto samples = make_samples(1);
  std::vector<RowPlaces> places;
  for (const SampleStore& sample : samples) {
    places.emplace_back(sample);
    INFO(sample.name);
    REQUIRE(sample.rows.size() > 40);
    REQUIRE(places.back().found() == sample.rows.size());
  }
  Counts counts;
  const auto begun = std::chrono::steady_clock::now();
  for (; counts.damages < damages; ++counts.damages) {
    const auto one = seed + counts.damages;
    const auto which = (one / 18 + one) % samples.size();
    const auto damage = draw_damage(samples[which], samples, one);
    INFO("WATCHPOST_SEED=" << one << " WATCHPOST_DAMAGES=1: store '" << samples[which].name << "', "
                           << damage.what);
    Trial(samples[which], places[which], damage).run(counts);
  }
  CHECK(counts.made_up_kept * 2 >= counts.made_up);
  const auto took = std::chrono::steady_clock::now() - begun;
  fmt::print(
      "{} damages from seed {}: {} salvages, {} found by a reader, {} by writing, {} untouched "
      "rows, "
      "{:.1f} s\n",
      counts.damages, seed, counts.salvages, counts.found_later, counts.found_by_writing,
      counts.rows_checked, std::chrono::duration<double>(took).count());
}

// Random damage hits one of these bytes once in thousands of times, and some make SQLite refuse the
// file in words of their own.
TEST_CASE("whichever byte of a header is damaged, the store starts", "[spool][model]") {
  const auto samples = make_samples(1);
  Counts counts;
  for (const SampleStore& sample : {std::cref(samples[0]), std::cref(samples[3])}) {
    const RowPlaces places(sample);
    // The database's header and that of its first page; the WAL's and that of its first frame.
    for (const auto& [file, bytes] : {std::pair{kDatabase, 112U}, std::pair{kWal, 56U}}) {
      for (std::size_t at = 0; at < bytes && at < sample.image.bytes(file).size(); ++at) {
        const auto bit = static_cast<char>(1U << (at % 8));
        for (const char flip : {bit, '\x80', '\xFF'}) {
          Damage damage;
          damage.image = sample.image;
          char& byte = damage.image.files[file][at];
          byte = static_cast<char>(byte ^ flip);
          INFO(sample.name << ": " << file << ": byte " << at << " is " << (byte & 0xFF));
          Trial(sample, places, damage).run(counts);
          ++counts.damages;
        }
      }
    }
  }
  CHECK(counts.damages > 700);
}
