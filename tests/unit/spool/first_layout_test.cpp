// A store in the layout of the first schema (version 3), kept as files: two epochs, relayed events,
// rows on several pages, drops for want of room and by damage, copies that upstreams refused,
// cursors of two upstreams, sessions, and a WAL that was never moved into the database. rows.tsv
// has the content of its logs, as it was read by the program that wrote the store.
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "model/event_id.hpp"
#include "spool/reader/record_pages.hpp"
#include "spool/tables/all_tables.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

namespace fs = std::filesystem;

const fs::path kKept = fs::path(WATCHPOST_SOURCE_DIR) / "tests/model/first_layout";

// One line of rows.tsv for each record, without the column of positions.
std::vector<std::string> expected_rows() {
  std::vector<std::string> rows;
  std::ifstream file(kKept / "rows.tsv");
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find('\t');
    rows.push_back(line.substr(0, first) + line.substr(line.find('\t', first + 1)));
  }
  return rows;
}

std::string row_of(const Record& record) {
  const auto nanoseconds = [](WallTime time) { return time.time_since_epoch().count(); };
  return fmt::format(
      "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
      event_id({record.epoch, record.event_class, record.seq}), to_string(record.domain),
      record.severity_number, number_for_checksum(record) != 0, static_cast<int>(record.clock),
      nanoseconds(record.received_at), record.observed_at ? nanoseconds(*record.observed_at) : 0,
      record.device, record.topic, row_sum(record), record.annotation);
}

struct OldStore {
  TempDirectory directory;
  RecordingLog log;
  std::unique_ptr<Writer> writer;

  OldStore() {
    for (const char* name : {"watchpost.db", "watchpost.db-wal", "witness"}) {
      fs::copy_file(kKept / name, directory.path() / name);
    }
  }
  void open() {
    writer.reset();
    WriterOptions options;
    options.directory = directory.path();
    options.kept_for.required = {"street"};
    writer = std::make_unique<Writer>(Writer::open(options, log).value());
  }
  std::vector<std::string> rows() {
    auto pages = RecordPages::open(directory.path() / "watchpost.db").value();
    std::vector<std::string> rows;
    for (const auto event_class : kEventClasses) {
      pages
          .for_each(event_class,
                    [&rows](const Record& record) {
                      rows.push_back(row_of(record));
                      return true;
                    })
          .value();
    }
    CHECK(pages.damaged() == 0);
    return rows;
  }
};

}  // namespace

TEST_CASE("a store of the first layout is opened, read and gone on with", "[spool][unit]") {
  OldStore store;
  store.open();
  const StoreContents& contents = store.writer->contents();
  const Epoch epoch = contents.epoch;
  CHECK(store.writer->salvage().reason.empty());
  CHECK(store.rows() == expected_rows());
  CHECK(contents.newest() == PerClass<Seq>{Seq{10}, Seq{6}, Seq{31}, Seq{124}});
  CHECK(contents.first == PerClass<Seq>{Seq{8}, Seq{7}, Seq{7}, Seq{2}});
  CHECK(contents.dropped == PerClass<std::uint64_t>{0, 0, 2, 80});
  CHECK(contents.logs[index_of(EventClass::telemetry)].stored_after(Seq{}) == 44);
  CHECK(contents.logs[index_of(EventClass::status)].stored_after(Seq{}) == 29);
  CHECK(contents.cursors.at("street") == PerClass<Seq>{Seq{6}, Seq{6}, Seq{}, Seq{}});
  CHECK(contents.cursors.at("district") == PerClass<Seq>{Seq{2}, Seq{}, Seq{}, Seq{3}});
  CHECK(contents.set_aside.at("district").total() == 1);
  CHECK(contents.set_aside.at("street").total() == 1);
  CHECK(contents.last_set_aside == 2);
  REQUIRE(contents.facts.sessions.size() == 2);
  CHECK(contents.facts.sessions[0].client_id == "reader-gate");
  CHECK(contents.facts.sessions[0].received_packet_ids == std::vector{PacketId{7}});
  CHECK(contents.facts.sessions[1].received_packet_ids == std::vector{PacketId{1}});

  CommitGroup group;
  group.appends.push_back(an_append(a_record(EventClass::alarm, "new"), nullptr, 0));
  store.writer->commit(group).value();
  CHECK(group.appends[0].records[0].seq == Seq{11});
  store.open();
  CHECK(store.writer->contents().epoch != epoch);
  // Two events are added: the new record, and the event that begins the epoch of its start.
  CHECK(store.rows().size() == expected_rows().size() + 2);
}

TEST_CASE("a damaged store of the first layout is salvaged, each record under its id",
          "[spool][unit]") {
  OldStore store;
  {
    std::fstream file(store.directory.path() / "watchpost.db",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.write("no database file", 16);
  }
  store.open();
  CHECK(store.writer->salvage().reason == "damage");
  const auto rows = store.rows();
  for (const std::string& row : expected_rows()) {
    CHECK(std::find(rows.begin(), rows.end(), row) != rows.end());
  }
  CHECK(store.writer->contents().facts.sessions.size() == 2);
  CHECK(store.writer->contents().cursors.at("district")[0] == Seq{2});
  CHECK(store.writer->contents().set_aside.at("district").total() == 1);
}

TEST_CASE("the tables of the first layout are those of the list, and each row is of one of them",
          "[spool][unit]") {
  const OldStore store;
  auto database = sqlite::Database::open(store.directory.path() / "watchpost.db",
                                         sqlite::Database::Access::read_write)
                      .value();
  auto tables = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table'").value();
  std::string all;
  int count = 0;
  while (tables.step().value()) {
    CHECK(is_present_table(tables.text(0)));
    all += tables.text(0);
    ++count;
  }
  CHECK(count == 10);
  for (const Table* table : all_tables()) {
    INFO("table " << table->name());
    // A table that is younger than this layout has its rows in the test of damage.
    if (all.find(fmt::format("CREATE TABLE {} (", table->name())) == std::string::npos) continue;
    auto select = database.prepare(fmt::format("SELECT * FROM {}", table->name())).value();
    int rows = 0;
    while (select.step().value()) {
      ++rows;
      Row row = table->row_at(select);
      for (const Table* other : all_tables()) CHECK(other->recognises(row) == (other == table));
      // A change of any number is noticed, except of the rowid of a log's row and of positions.
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i].type != ColumnValue::Type::integer) continue;
        const bool counts = table->columns()[i].name != "position" &&
                            !(i == 0 && table->has_rowid() && !table->name().starts_with("log_"));
        row[i].integer ^= 1;
        if (counts) CHECK_FALSE(table->recognises(row));
        row[i].integer ^= 1;
      }
    }
    CHECK(rows > 0);
  }
}
