// Numbers that were given are never given again, whatever became of the files.
#include <fstream>

#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

constexpr auto kAlarm = EventClass::alarm;
namespace fs = std::filesystem;

struct Store {
  TempDirectory directory;
  RecordingLog log;
  std::unique_ptr<Writer> writer;

  Store() { open(); }
  void open() {
    writer.reset();
    WriterOptions options;
    options.directory = directory.path();
    options.required_upstreams = {"street"};
    writer = std::make_unique<Writer>(Writer::open(options, log).value());
  }
  // As after kill -9: nothing is moved out of the WAL.
  void die() {
    const auto copy = directory.path().parent_path() / (directory.path().filename().string() + "x");
    fs::copy(directory.path(), copy, fs::copy_options::recursive);
    writer.reset();
    fs::remove_all(directory.path());
    fs::rename(copy, directory.path());
  }
  Record keep() {
    Batch batch;
    batch.appends.push_back(an_append(a_record(kAlarm, "x"), nullptr, 0));
    writer->commit(batch).value();
    return batch.appends[0].records[0];
  }
  [[nodiscard]] fs::path file(const char* suffix) const {
    return writer->database_file().string() + suffix;
  }
};

}  // namespace

TEST_CASE("after a kill the epoch and its numbering go on", "[spool][unit]") {
  Store store;
  const Record first = store.keep();
  store.die();
  store.open();
  const Record next = store.keep();
  CHECK(next.epoch == first.epoch);
  CHECK(next.seq == first.seq.next());
  CHECK(store.writer->salvage().reason.empty());
}

TEST_CASE("commits that a cut WAL has lost are told and their numbers not given again",
          "[spool][unit]") {
  Store store;
  Record last;
  for (int i = 0; i < 10; ++i) last = store.keep();
  store.die();
  const auto wal = store.directory.path() / "watchpost.db-wal";
  fs::resize_file(wal, fs::file_size(wal) / 2);
  store.open();

  const Record next = store.keep();
  CHECK(next.epoch != last.epoch);
  CHECK(next.seq > last.seq);
  CHECK(store.writer->contents().dropped[index_of(kAlarm)] > 0);
  CHECK(store.writer->salvage().lost == store.writer->contents().dropped[index_of(kAlarm)]);
  CHECK(store.log.says(LogLevel::error, "it has forgotten commits"));
}

TEST_CASE("a store that is gone but for its witness goes on past the numbers it had given",
          "[spool][unit]") {
  Store store;
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
  CHECK(store.writer->contents().dropped[index_of(kAlarm)] == 10);
}

TEST_CASE("an old copy of the store that is put back begins a new epoch", "[spool][unit]") {
  Store store;
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
  CHECK(store.writer->contents().dropped[index_of(kAlarm)] == 5);

  // Said once: the next start finds all in order.
  const Epoch epoch = store.writer->contents().epoch;
  store.open();
  CHECK(store.writer->contents().epoch == epoch);
  CHECK(store.writer->salvage().reason.empty());
}

TEST_CASE("a witness that is damaged or of another kind says nothing", "[spool][unit]") {
  Store store;
  const Record first = store.keep();
  store.writer->close();
  store.writer.reset();
  const auto witness = store.directory.path() / "witness";
  const auto garbage = GENERATE(std::string(), std::string(56, '\0'), std::string(500, 'x'));
  std::ofstream(witness, std::ios::trunc) << garbage;
  store.open();
  CHECK(store.keep().epoch == first.epoch);
}
