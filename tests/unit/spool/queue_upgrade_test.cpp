// A store of an older schema goes on with what waited for its clients.
#include <fmt/format.h>

#include "queue_store.hpp"
#include "spool/reader/sqlite_queue_reader.hpp"
#include "spool/tables/all_tables.hpp"
#include "spool/tables/queue_table.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/verify/store_verifier.hpp"
#include "support/catch.hpp"
#include "support/io_queue.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::spool::testing;
using namespace watchpost::support;

namespace {

// Makes the store one of schema version 6, with `rows` messages for "display": number 2 is
// released, number 3 ends at 1,800,000,000, and number 4 is damaged.
void make_version_6(const std::filesystem::path& file, std::int64_t rows) {
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write).value();
  database.execute("DROP TABLE client_queue").value();
  database
      .execute(
          "CREATE TABLE queued (client_id TEXT NOT NULL, number INTEGER NOT NULL, topic TEXT NOT "
          "NULL, qos INTEGER NOT NULL, payload BLOB NOT NULL, published_qos INTEGER NOT NULL, "
          "retain INTEGER NOT NULL, properties BLOB NOT NULL, publisher TEXT NOT NULL, identifiers "
          "BLOB NOT NULL, as_retained INTEGER NOT NULL, released INTEGER NOT NULL, lifetime_s "
          "INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (client_id, number)) STRICT, "
          "WITHOUT ROWID")
      .value();
  auto insert =
      database
          .prepare(
              "INSERT INTO queued VALUES ('display', ?1, 'hall/smoke', 1, x'6869', 2, 0, x'', "
              "'sensor', x'07000000', 1, ?2, ?3, ?4)")
          .value();
  for (std::int64_t number = 1; number <= rows; ++number) {
    const std::int64_t released = number == 2 ? 1 : 0;
    const std::int64_t lifetime = number == 3 ? 60 : 0;
    const auto sum =
        row_sum("queued", {std::string_view("display"), number, std::string_view("hall/smoke"),
                           std::int64_t{1}, std::string_view("hi"), std::int64_t{2},
                           std::int64_t{0}, std::string_view(), std::string_view("sensor"),
                           std::string_view("\x07\0\0\0", 4), std::int64_t{1}, released, lifetime});
    insert.bind(1, number);
    insert.bind(2, released);
    insert.bind(3, lifetime);
    insert.bind(4, number == 4 ? sum + 1 : sum);
    insert.run().value();
  }
  const auto sum = row_sum("deadline", {std::int64_t{1}, std::string_view("display"),
                                        std::int64_t{3}, std::int64_t{1'800'000'000}});
  database
      .execute(
          fmt::format("INSERT INTO deadline VALUES (1, 'display', 3, 1800000000, {})", sum).c_str())
      .value();
  database.execute("PRAGMA user_version = 6").value();
}

}  // namespace

TEST_CASE("a store of schema version 6 goes on with its queues", "[spool][unit]") {
  constexpr std::int64_t kRows = 2'500;
  QueueStore store;
  store.options.space.client_queue = ByteCount{10'000'000};
  store.options.space.client_queues = ByteCount{10'000'000};
  store.options.space.quota = ByteCount{64'000'000};
  store.open_session("display");
  const auto file = store.writer->database_file();
  store.writer->close();
  make_version_6(file, kRows);
  store.reopen();
  CHECK(store.ask("PRAGMA user_version") == kSchemaVersion);
  CHECK(store.ask("SELECT count(*) FROM sqlite_schema WHERE name = 'queued'") == 0);
  CHECK(store.ask("SELECT count(*) FROM client_queue") == kRows - 1);
  CHECK(store.ask("SELECT count(*) FROM deadline WHERE kind = 1") == 0);
  CHECK(store.writer->contents().facts.sessions.at(0).queued_up_to == kRows);
  CHECK(store.totals().messages() == kRows - 1);
  IoQueue io;
  SqliteQueueReader reader(file, io.post(), store.log);
  std::optional<QueuePage> page;
  reader.read("display", {0, 3, ByteCount{1'000'000}},
              [&](Result<QueuePage> found) { page = std::move(*found); });
  REQUIRE(io.run_until([&] { return page.has_value(); }));
  REQUIRE(page->messages.size() == 3);
  const StoredQueued& first = page->messages[0];
  CHECK(first.delivery.publication->payload == "hi");
  CHECK(first.delivery.publication->qos == Qos::exactly_once);
  CHECK(first.delivery.publication->publisher == "sensor");
  CHECK(first.delivery.retain);
  CHECK(first.delivery.identifiers == std::vector<std::uint32_t>{7});
  CHECK(page->messages[1].is_released);
  CHECK(page->messages[2].lifetime == std::chrono::seconds{60});
  CHECK(page->messages[2].ends_at_s == 1'800'000'000);
  auto check = StoreVerifier::open(file).value();
  while (check.step().value()) continue;
  CHECK(check.report().finding_count == 0);
}

TEST_CASE("a start that is interrupted while it moves the queues goes on with the rest",
          "[spool][unit]") {
  QueueStore store;
  store.options.space.client_queue = ByteCount{10'000'000};
  store.options.space.client_queues = ByteCount{10'000'000};
  store.options.space.quota = ByteCount{64'000'000};
  store.open_session("display");
  const auto file = store.writer->database_file();
  store.writer->close();
  make_version_6(file, 10);
  {
    auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write).value();
    // As the first step left it: the table is there, some rows are in it, the version is old.
    database.execute(queue_table().create_sql().c_str()).value();
    auto table = QueueTable::open(database).value();
    QueueTotals totals;
    table.write(Fact(queued("display", 1, QueueClass::local)), totals).value();
    database.execute("DELETE FROM queued WHERE number = 1").value();
  }
  store.reopen();
  CHECK(store.ask("SELECT count(*) FROM client_queue") == 9);
  CHECK(store.ask("SELECT min(number) FROM client_queue") == 1);
}
