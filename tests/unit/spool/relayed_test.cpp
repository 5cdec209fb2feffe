// Numbers of our log that events of other gateways have: they are told before our own next event is
// seen.
#include "model/relay.hpp"
#include "spool/reader/open_for_reading.hpp"
#include "spool/reader/store_view.hpp"
#include "spool/tables/log_table.hpp"
#include "spool/writer/writer.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

constexpr auto kStatusClass = EventClass::status;
constexpr auto kTelemetryClass = EventClass::telemetry;

struct Street {
  TempDirectory directory;
  RecordingLog log;
  std::unique_ptr<Writer> writer;

  Street() { reopen(); }
  void reopen() {
    writer.reset();
    WriterOptions options;
    options.directory = directory.path();
    options.kept_for.required = {"district"};
    writer = std::make_unique<Writer>(Writer::open(options, log).value());
  }
  void keep(Record record) {
    CommitGroup group;
    group.appends.push_back(an_append(std::move(record), nullptr, 0));
    writer->commit(group).value();
  }
  void keep_own(EventClass event_class) { keep(a_record(event_class, "own")); }
  void keep_relayed(EventClass event_class) {
    Record record = a_record(event_class, "{}");
    record.type = RecordType::relayed;
    record.annotation = annotation_of({"", "", {}});
    keep(std::move(record));
  }
  std::vector<Record> read(EventClass event_class) {
    auto database = open_for_reading(writer->database_file()).value();
    auto select = database.prepare(select_records(event_class)).value();
    select.bind(1, std::int64_t{0});
    select.bind(2, std::int64_t{1'000});
    std::vector<Record> records;
    while (select.step().value()) records.push_back(*read_log_row(select, event_class));
    return records;
  }
  std::vector<std::string> gaps() {
    std::vector<std::string> found;
    for (const Record& record : read(kStatusClass)) {
      if (record.type == RecordType::gap) found.push_back(record.annotation);
    }
    return found;
  }
  std::string gap(EventClass event_class, std::uint64_t first, std::uint64_t last) {
    return gap_record(
               {event_class, writer->contents().epoch, Seq{first}, Seq{last}, DropReason::relayed},
               {})
        .annotation;
  }
};

}  // namespace

TEST_CASE("a hole in our own numbers is told when our next own event shows it", "[spool][unit]") {
  Street street;
  street.keep_own(kTelemetryClass);
  street.keep_relayed(kTelemetryClass);
  street.keep_relayed(kTelemetryClass);
  CHECK(street.gaps().empty());
  street.keep_own(kTelemetryClass);
  street.keep_own(kTelemetryClass);
  CHECK(street.gaps() == std::vector{street.gap(kTelemetryClass, 2, 3)});
  CHECK(street.writer->contents().dropped == PerClass<std::uint64_t>{});
  // Relayed records wait for the upstream like our own.
  CHECK(street.writer->contents().logs[index_of(kTelemetryClass)].stored_after(Seq{}) == 5);
}

TEST_CASE("a hole in the status log itself is told before its own event", "[spool][unit]") {
  Street street;
  street.keep_relayed(kStatusClass);
  street.keep_relayed(kTelemetryClass);
  street.keep_own(kTelemetryClass);
  // The gap event for telemetry is a status event, so the hole before it in the status log needs
  // one too.
  CHECK(street.gaps() ==
        std::vector{street.gap(kStatusClass, 1, 1), street.gap(kTelemetryClass, 1, 1)});
  CHECK(street.read(kStatusClass).size() == 3);
}

TEST_CASE("a hole is told whole after restarts in the middle of it", "[spool][unit]") {
  Street street;
  street.keep_own(kTelemetryClass);
  street.keep_relayed(kTelemetryClass);
  const auto first = street.gap(kTelemetryClass, 2, 2);
  street.reopen();
  street.keep_relayed(kTelemetryClass);
  const auto second = street.gap(kTelemetryClass, 3, 3);
  street.reopen();
  // The part with numbers of an earlier start's epoch was told when that epoch had ended.
  CHECK(street.writer->contents().logs[index_of(kTelemetryClass)].relayed == Seq{3});
  auto database = open_for_reading(street.writer->database_file()).value();
  CHECK(read_view(database).value().relayed[index_of(kTelemetryClass)] == Seq{3});
  street.keep_own(kTelemetryClass);
  CHECK(street.gaps() == std::vector{first, second});
  CHECK(street.writer->contents().logs[index_of(kTelemetryClass)].relayed == Seq{});
}

TEST_CASE("relayed numbers at the end of an epoch are told when the next one begins, once",
          "[spool][unit]") {
  Street street;
  street.keep_own(EventClass::alarm);
  street.keep_relayed(EventClass::alarm);
  street.keep_relayed(EventClass::alarm);
  const auto told = street.gap(EventClass::alarm, 2, 3);
  street.reopen();
  // Another class: perhaps we never have an alarm of our own again.
  street.keep_own(kTelemetryClass);
  CHECK(street.gaps() == std::vector{told});
  street.reopen();
  street.keep_own(kTelemetryClass);
  CHECK(street.gaps() == std::vector{told});
}
