// A number that was given is never given again, whatever happened to the files.
#include <fmt/format.h>

#include <fstream>
#include <set>

#include "model/event_id.hpp"
#include "spool/reader/record_pages.hpp"
#include "spool/reader/store_copy.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

constexpr auto kAlarmLog = EventClass::alarm;
namespace fs = std::filesystem;

struct WitnessedStore {
  TempDirectory directory;
  RecordingLog log;
  std::unique_ptr<Writer> writer;
  WriterOptions options;

  WitnessedStore() { open(); }
  void open() {
    writer.reset();
    options.directory = directory.path();
    options.kept_for.required = {"street"};
    writer = std::make_unique<Writer>(Writer::open(options, log).value());
  }
  // Ends as kill -9 does: nothing is moved out of the WAL.
  void die() {
    const auto copy = directory.path().parent_path() / (directory.path().filename().string() + "x");
    fs::copy(directory.path(), copy, fs::copy_options::recursive);
    writer.reset();
    fs::remove_all(directory.path());
    fs::rename(copy, directory.path());
  }
  Record keep() {
    CommitGroup group;
    group.appends.push_back(an_append(a_record(kAlarmLog, "x"), nullptr, 0));
    writer->commit(group).value();
    return group.appends[0].records[0];
  }
  // The store's events about its epochs.
  [[nodiscard]] std::vector<std::string> told() const {
    std::vector<std::string> told;
    auto pages = RecordPages::open(writer->database_file()).value();
    pages
        .for_each(EventClass::status,
                  [&](const Record& record) {
                    if (record.type == RecordType::store) told.push_back(record.annotation);
                    return true;
                  })
        .value();
    return told;
  }
  [[nodiscard]] fs::path file(const char* suffix) const {
    return writer->database_file().string() + suffix;
  }
};

}  // namespace

TEST_CASE("after a kill the numbering goes on under a new epoch", "[spool][unit]") {
  WitnessedStore store;
  const Record first = store.keep();
  store.die();
  store.open();
  const Record next = store.keep();
  CHECK(next.epoch != first.epoch);
  CHECK(next.seq == first.seq.next());
  CHECK(store.writer->salvage().reason.empty());
}

TEST_CASE("commits that a cut WAL has lost are told and their numbers not given again",
          "[spool][unit]") {
  WitnessedStore store;
  Record last;
  for (int i = 0; i < 10; ++i) last = store.keep();
  store.die();
  const auto wal = store.directory.path() / "watchpost.db-wal";
  fs::resize_file(wal, fs::file_size(wal) / 2);
  store.open();

  const Record next = store.keep();
  CHECK(next.epoch != last.epoch);
  CHECK(next.seq > last.seq);
  CHECK(store.writer->contents().dropped[index_of(kAlarmLog)] > 0);
  CHECK(store.writer->salvage().lost == store.writer->contents().dropped[index_of(kAlarmLog)]);
  CHECK(store.log.says(LogLevel::error, "it has forgotten commits"));
}

TEST_CASE("a store that is gone but for its witness goes on past the numbers it had given",
          "[spool][unit]") {
  WitnessedStore store;
  Record last;
  for (int i = 0; i < 10; ++i) last = store.keep();
  const auto database = store.writer->database_file();
  store.writer->close();
  store.writer.reset();
  fs::remove(database);
  store.open();

  const Record next = store.keep();
  CHECK(next.epoch != last.epoch);
  CHECK(next.seq == last.seq.next());
  CHECK(store.writer->contents().dropped[index_of(kAlarmLog)] == 10);
}

TEST_CASE("an old copy of the store that is put back begins a new epoch", "[spool][unit]") {
  WitnessedStore store;
  store.keep();
  store.writer->close();
  fs::copy(store.file(""), store.directory.path() / "copy");
  store.open();
  Record last;
  for (int i = 0; i < 5; ++i) last = store.keep();
  store.writer->close();
  store.writer.reset();
  fs::rename(store.directory.path() / "copy", store.directory.path() / "watchpost.db");
  store.open();

  CHECK(store.writer->contents().epoch != last.epoch);
  CHECK(store.keep().seq == last.seq.next());
  CHECK(store.writer->contents().dropped[index_of(kAlarmLog)] == 5);

  // The damage is told once: the next start finds everything in order.
  const Epoch epoch = store.writer->contents().epoch;
  store.open();
  CHECK(store.writer->contents().epoch == epoch);
  CHECK(store.writer->salvage().reason.empty());
}

TEST_CASE("a witness that is damaged or of another kind says nothing", "[spool][unit]") {
  WitnessedStore store;
  const Record first = store.keep();
  store.writer->close();
  store.writer.reset();
  const auto witness = store.directory.path() / "witness";
  const auto garbage = GENERATE(std::string(), std::string(56, '\0'), std::string(500, 'x'));
  std::ofstream(witness, std::ios::trunc) << garbage;
  store.open();
  CHECK(store.writer->salvage().reason.empty());
  CHECK(store.keep().seq == first.seq.next());
}

TEST_CASE("a store folder that is put back from a copy gives no id twice", "[spool][unit]") {
  WitnessedStore store;
  for (int i = 0; i < 5; ++i) store.keep();
  store.writer->close();
  store.writer.reset();
  // The whole folder is copied, with the witness, as a person copies the image of a card.
  const TempDirectory copy;
  fs::copy(store.directory.path(), copy.path() / "folder", fs::copy_options::recursive);
  store.open();
  std::set<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    const Record lost = store.keep();
    ids.insert(event_id({lost.epoch, lost.event_class, lost.seq}));
  }
  store.writer.reset();
  fs::remove_all(store.directory.path());
  fs::copy(copy.path() / "folder", store.directory.path(), fs::copy_options::recursive);
  store.open();
  for (int i = 0; i < 5; ++i) {
    const Record fresh = store.keep();
    CHECK(ids.insert(event_id({fresh.epoch, fresh.event_class, fresh.seq})).second);
    CHECK(fresh.seq == Seq{6U + static_cast<unsigned>(i)});
  }
}

TEST_CASE("the epoch of a start begins with its first record, by an event that says where",
          "[spool][unit]") {
  WitnessedStore store;
  const Record first = store.keep();
  store.open();
  const Epoch run = store.writer->contents().run_epoch;
  CHECK(store.writer->contents().epoch == first.epoch);
  CHECK(store.writer->contents().run_first()[index_of(kAlarmLog)] == Seq{2});
  // A start that stores nothing leaves no trace.
  store.open();
  CHECK(store.writer->contents().epoch == first.epoch);
  CHECK(store.writer->contents().run_epoch != run);
  const Record second = store.keep();
  CHECK(second.epoch == store.writer->contents().run_epoch);
  store.keep();
  const auto told = store.told();
  REQUIRE(told.size() == 1);
  CHECK(told[0] == fmt::format(R"({{"epoch":"{}","previous":"{}","first":{{"alarm":2,"patrol":1,)"
                               R"("status":1,"telemetry":1}},"saved":0,"lost":0,)"
                               R"("reason":"start"}})",
                               second.epoch, first.epoch));
  CHECK(store.writer->contents().run_first()[index_of(kAlarmLog)] == Seq{2});
}

TEST_CASE("a copy made beside the writer is whole, marked, private, and overwrites nothing",
          "[spool][unit]") {
  WitnessedStore store;
  Record last;
  for (int i = 0; i < 5; ++i) last = store.keep();
  const auto copy = store.directory.path() / "backup.db";
  REQUIRE(copy_store({.database = store.writer->database_file(), .copy = copy}).has_value());
  for (int i = 0; i < 3; ++i) store.keep();
  CHECK(fs::status(copy).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK_FALSE(fs::exists(copy.string() + "-wal"));
  CHECK_FALSE(fs::exists(copy.string() + ".part"));
  const auto again = copy_store({.database = store.writer->database_file(), .copy = copy});
  CHECK(again.error().what.find("is there already") != std::string::npos);
  CHECK(copy_store({store.directory.path() / "none.db", store.directory.path() / "x"}).has_error());
  CHECK_FALSE(fs::exists(store.directory.path() / "x.part"));

  WitnessedStore restored;
  restored.writer->close();
  restored.writer.reset();
  fs::remove_all(restored.directory.path());
  fs::create_directories(restored.directory.path());
  fs::copy(copy, restored.directory.path() / "watchpost.db");
  restored.open();
  CHECK(restored.writer->salvage().reason.empty());
  const Record next = restored.keep();
  CHECK(next.seq == last.seq.next());
  CHECK(next.epoch != last.epoch);
  CHECK(restored.told().at(0).find(R"("reason":"restored")") != std::string::npos);
  // The mark is gone, so the next start is an ordinary one.
  restored.open();
  restored.keep();
  CHECK(restored.told().at(1).find(R"("reason":"start")") != std::string::npos);
}

TEST_CASE("a copy tells whoever remembers something that it is one", "[spool][unit]") {
  WitnessedStore store;
  CommitGroup group;
  group.appends.push_back(an_append(a_record(kAlarmLog, "x"), nullptr, 0));
  group.appends[0].facts = {Remembered{"tag_reader", "counter 04", "61"},
                            Remembered{"zigbee2mqtt", "list", "x"}};
  REQUIRE(store.writer->commit(group).has_value());
  const auto copy = store.directory.path() / "backup.db";
  REQUIRE(copy_store({.database = store.writer->database_file(), .copy = copy}).has_value());

  const auto told = [](WitnessedStore& of) {
    of.open();
    std::set<std::string> all;
    for (const Remembered& each : of.writer->contents().facts.remembered) {
      if (each.key == kRememberedInCopy) all.insert(each.decoder);
    }
    return all;
  };
  CHECK(told(store).empty());
  WitnessedStore restored;
  restored.writer.reset();
  fs::remove_all(restored.directory.path());
  fs::create_directories(restored.directory.path());
  fs::copy(copy, restored.directory.path() / "watchpost.db");
  CHECK(told(restored) == std::set<std::string>{"tag_reader", "zigbee2mqtt"});
  CHECK(told(restored).size() == 2);  // until they say that it no longer matters
}

TEST_CASE("an epoch that --new-epoch asks for begins without waiting for a record",
          "[spool][unit]") {
  WitnessedStore store;
  const Record first = store.keep();
  store.options.new_epoch = true;
  store.open();
  CHECK(store.writer->contents().epoch != first.epoch);
  CHECK(store.told().at(0).find(R"("reason":"asked")") != std::string::npos);
  CHECK(store.keep().epoch == store.writer->contents().epoch);
  CHECK(store.told().size() == 1);
}
