#include "spool/verify/store_verifier.hpp"

#include "spool/reader/record_pages.hpp"
#include "spool/sqlite_spool.hpp"
#include "spool/tables/row_sum.hpp"
#include "support/catch.hpp"
#include "support/io_queue.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

// A closed store of 600 measurements and one alarm.
struct Stored {
  TempDirectory directory;
  std::filesystem::path file = directory.path() / "watchpost.db";

  Stored() {
    IoQueue io;
    RecordingLog log;
    SpoolOptions options;
    options.writer.directory = directory.path();
    options.writer.kept_for.required = {"street"};
    const auto spool = SqliteSpool::open(std::move(options), io.post(), log).value();
    const auto settled = std::make_shared<SettledList>();
    for (std::uint64_t i = 1; i <= 600; ++i) {
      spool->append(an_append(a_record(EventClass::telemetry, "x"), settled, i));
    }
    spool->append(an_append(a_record(EventClass::alarm, "fire"), settled, 601));
    REQUIRE(io.run_until([&] { return settled->entries.size() == 601; }));
    spool->advance("street", EventClass::telemetry, Seq{400});
    spool->stop();
  }
  void execute(const std::string& sql) const { open().execute(sql.c_str()).value(); }
  void save_cursor(std::int64_t cursor) const {
    execute(fmt::format("UPDATE cursor SET settled = {}, sum = {} WHERE class = 3", cursor,
                        row_sum("cursor", {std::string_view("street"), std::int64_t{3}, cursor})));
  }
  void add_drop(std::int64_t first, std::int64_t last) const {
    const auto epoch = open().query_integer("SELECT epoch FROM store").value();
    const auto sum =
        row_sum("drop_ledger", {std::int64_t{3}, epoch, first, last, std::string_view("quota"),
                                std::int64_t{0}, std::int64_t{0}});
    execute(fmt::format("INSERT INTO drop_ledger VALUES (NULL, 3, {}, {}, {}, 'quota', 0, 0, {})",
                        epoch, first, last, sum));
  }
  [[nodiscard]] CheckReport checked() const {
    auto check = StoreVerifier::open(file).value();
    while (check.step().value()) continue;
    return check.report();
  }
  [[nodiscard]] std::string first_finding() const {
    const auto report = checked();
    REQUIRE(report.finding_count == report.findings.size());
    REQUIRE(report.finding_count == 1);
    return report.findings.at(0).what;
  }

 private:
  [[nodiscard]] sqlite::Database open() const {
    return sqlite::Database::open(file, sqlite::Database::Access::read_write_create).value();
  }
};

}  // namespace

TEST_CASE("a sound store is looked at whole and nothing is found", "[spool][unit]") {
  const Stored stored;
  const auto report = stored.checked();
  REQUIRE(report.finding_count == 0);
  REQUIRE(report.rows.at("log_telemetry") == 600);
  REQUIRE(report.rows.at("log_alarm") == 1);
  REQUIRE(report.rows.at("cursor") == 1);
}

TEST_CASE("a cursor beyond the newest record is found", "[spool][unit]") {
  const Stored stored;
  stored.save_cursor(600);
  REQUIRE(stored.checked().finding_count == 0);
  stored.save_cursor(601);
  REQUIRE(
      stored.first_finding() ==
      "The cursor of upstream street for telemetry stands at 601, beyond the newest record 600");
}

TEST_CASE("a hole is accounted for only where the ledger covers all of it", "[spool][unit]") {
  const Stored stored;
  // The hole lies across the end of a step, which has 256 rows.
  stored.execute("DELETE FROM log_telemetry WHERE seq BETWEEN 250 AND 260");
  stored.add_drop(250, 256);
  REQUIRE(stored.first_finding() ==
          "telemetry 257 to 260 missing without a row in the drop ledger");
  stored.add_drop(258, 260);
  REQUIRE(stored.first_finding() == "telemetry 257 missing without a row in the drop ledger");
  stored.add_drop(257, 257);
  REQUIRE(stored.checked().finding_count == 0);
}

TEST_CASE("what a daemon at work removes from the oldest end meanwhile is no finding",
          "[spool][unit]") {
  const Stored stored;
  auto check = StoreVerifier::open(stored.file).value();
  while (check.report().rows.count("log_telemetry") == 0) {
    REQUIRE(check.step().value());
  }
  // Delivered records are removed without a row in the ledger, also behind the place that the check
  // has reached.
  stored.execute("DELETE FROM log_telemetry WHERE seq <= 400");
  while (check.step().value()) continue;
  REQUIRE(check.report().finding_count == 0);
  REQUIRE(check.report().rows.at("log_telemetry") == 256 + 200);
}

TEST_CASE("a record that is there although the ledger gave it up is found", "[spool][unit]") {
  const Stored stored;
  stored.add_drop(17, 17);
  REQUIRE(stored.first_finding() == "telemetry record 17 is there and in the drop ledger");
}

TEST_CASE("a record of the wrong epoch is found although its checksum fits", "[spool][unit]") {
  const Stored stored;
  auto pages = RecordPages::open(stored.file).value();
  Record alarm;
  REQUIRE(pages
              .for_each(EventClass::alarm,
                        [&](const Record& record) {
                          alarm = record;
                          return true;
                        })
              .has_value());
  alarm.epoch = "00000007";
  stored.execute(fmt::format("UPDATE log_alarm SET epoch = 7, sum = {}", row_sum(alarm)));
  REQUIRE(stored.first_finding().find("alarm record 1 has epoch 00000007") == 0);
}

TEST_CASE("findings are counted but only so many are kept", "[spool][unit]") {
  const Stored stored;
  stored.execute("UPDATE log_telemetry SET topic = 'other'");
  const auto report = stored.checked();
  REQUIRE(report.finding_count == 600);
  REQUIRE(report.findings.size() == CheckReport::kMostFindings);
}

TEST_CASE("pages of a log come in order and damaged rows are counted", "[spool][unit]") {
  const Stored stored;
  stored.execute("UPDATE log_telemetry SET topic = 'other' WHERE seq = 300");
  auto pages = RecordPages::open(stored.file).value();
  std::uint64_t last = 0;
  std::uint64_t count = 0;
  const auto look = [&](const Record& record) {
    CHECK(record.seq.value > last);
    last = record.seq.value;
    ++count;
    return true;
  };
  REQUIRE(pages.for_each(EventClass::telemetry, look).has_value());
  REQUIRE(count == 599);
  REQUIRE(last == 600);
  REQUIRE(pages.damaged() == 1);
}
