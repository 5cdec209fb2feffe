// What waits on disk for subscribers: its bounds, what yields at them, and how it is read again.
#include <fmt/format.h>

#include <random>

#include "model/trouble_catalogue.hpp"
#include "queue_store.hpp"
#include "spool/reader/sqlite_queue_reader.hpp"
#include "spool/verify/store_verifier.hpp"
#include "support/catch.hpp"
#include "support/io_queue.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::spool::testing;
using namespace watchpost::support;

TEST_CASE("at its bound a client's oldest telemetry yields first, its alarms last",
          "[spool][unit]") {
  QueueStore store;
  for (int i = 0; i < 40; ++i) store.add("display", QueueClass::alarm);
  for (int i = 0; i < 300; ++i) store.add("display", QueueClass::telemetry);
  CHECK(store.totals().bytes() <= 100'000);
  CHECK(store.rows("display", QueueClass::alarm) == 40);
  const auto left = store.rows("display", QueueClass::telemetry);
  CHECK(left > 40);
  CHECK(store.ask("SELECT min(number) FROM client_queue WHERE class = 4") == 341 - left);
  CHECK(store.yielded(QueueClass::telemetry) == static_cast<std::uint64_t>(300 - left));
  CHECK(store.yielded(QueueClass::alarm) == 0);

  // Then what makes no event and patrols, and at last the oldest alarms.
  for (int i = 0; i < 60; ++i) store.add("display", QueueClass::local);
  for (int i = 0; i < 60; ++i) store.add("display", QueueClass::patrol);
  CHECK(store.rows("display", QueueClass::telemetry) == 0);
  CHECK(store.rows("display", QueueClass::local) == 0);
  CHECK(store.rows("display", QueueClass::alarm) == 40);
  CHECK(store.yielded(QueueClass::patrol) > 0);
  for (int i = 0; i < 100; ++i) store.add("display", QueueClass::alarm);
  CHECK(store.rows("display", QueueClass::patrol) == 0);
  CHECK(store.rows("display", QueueClass::alarm) > 80);
  CHECK(store.yielded(QueueClass::alarm) > 0);
  CHECK(store.ask("SELECT max(number) FROM client_queue") == 560);
}

TEST_CASE("what yields is told with the client and how many of which class", "[spool][unit]") {
  QueueStore store;
  for (int i = 0; i < 150; ++i) store.add("display", QueueClass::telemetry);
  store.add("other", QueueClass::telemetry);
  REQUIRE(store.troubles().size() == 1);
  const Trouble told = store.troubles()[0];
  CHECK(told.code == TroubleCode::client_queue_full);
  const auto words = sentence_of(told, Language::english);
  const auto gone = 150 - store.rows("display", QueueClass::telemetry);
  INFO(words);
  CHECK(words.find("client display") != words.npos);
  CHECK(words.find(fmt::format("{} telemetry", gone)) != words.npos);
  CHECK(sentence_of(told, Language::chinese).find("display") != std::string::npos);
  CHECK(store.log.says(LogLevel::warning, "The queue of the client display is full"));
}

TEST_CASE("at the bound of all clients the longest queue gives way, of whichever client",
          "[spool][unit]") {
  QueueStore store;
  for (int i = 0; i < 90; ++i) store.add("a", QueueClass::telemetry);
  for (int i = 0; i < 60; ++i) store.add("b", QueueClass::telemetry);
  for (int i = 0; i < 80; ++i) store.add("c", QueueClass::alarm);
  CHECK(store.troubles().empty());
  for (int i = 0; i < 80; ++i) store.add("d", QueueClass::alarm);
  CHECK(store.totals().bytes() <= 250'000);
  CHECK(store.rows("c", QueueClass::alarm) == 80);
  CHECK(store.rows("d", QueueClass::alarm) == 80);
  const auto of_a = store.rows("a", QueueClass::telemetry);
  const auto of_b = store.rows("b", QueueClass::telemetry);
  CHECK(of_a < 60);
  CHECK(std::abs(of_a - of_b) < 12);  // the longer one each time
  REQUIRE(store.troubles().size() == 1);
  CHECK(store.troubles()[0].code == TroubleCode::client_queues_full);
}

TEST_CASE("where the store lacks room, what waits for clients goes before records that wait",
          "[spool][unit]") {
  QueueStore store;
  for (int i = 0; i < 60; ++i) store.add("display", QueueClass::telemetry);
  for (int i = 0; i < 30; ++i) store.add("display", QueueClass::alarm);
  while (store.rows("display", QueueClass::telemetry) > 0) {
    REQUIRE(store.writer->contents().dropped == PerClass<std::uint64_t>{});
    store.commit({}, {a_record(EventClass::telemetry, noise(1'000))});
    REQUIRE(store.writer->contents().logs[3].newest < Seq{5'000});
  }
  CHECK(store.rows("display", QueueClass::alarm) == 30);
  REQUIRE(store.troubles().size() == 1);
  CHECK(store.troubles()[0].code == TroubleCode::client_queues_gave_way);
  // Beyond that the oldest records go; the alarms still wait for their client.
  for (int i = 0; i < 500; ++i) {
    store.commit({}, {a_record(EventClass::telemetry, noise(1'000))});
  }
  CHECK(store.writer->contents().dropped[3] > 0);
  CHECK(store.rows("display", QueueClass::alarm) == 30);
}

TEST_CASE("a bound that was lowered is reached in steps, so that no commit takes long",
          "[spool][unit]") {
  QueueStore store;
  store.options.space.client_queue = ByteCount{250'000};
  store.reopen();
  for (int i = 0; i < 200; ++i) store.add("display", QueueClass::telemetry);
  store.options.space.client_queue = ByteCount{10'000};
  store.reopen();
  store.add("display", QueueClass::telemetry);
  CHECK(store.totals().bytes() <= 10'000);
  CHECK(store.totals().messages() < 12);
  CHECK(store.ask("SELECT max(number) FROM client_queue") == 201);
}

TEST_CASE("the totals fit the rows, whatever happens", "[spool][unit]") {
  QueueStore store;
  std::mt19937_64 random(1);
  const auto below = [&random](std::uint64_t bound) { return random() % bound; };
  std::map<std::string, std::vector<std::uint64_t>> there;
  bool has_yielded = false;
  for (int i = 0; i < 600; ++i) {
    const std::string client = fmt::format("client-{}", below(4));
    auto& numbers = there[client];
    const auto what = below(10);
    if (what < 6 || numbers.empty()) {
      numbers.push_back(
          store.add(client, static_cast<QueueClass>(below(kQueueClassCount)), below(8'000)));
    } else if (what < 8) {
      const auto at = numbers.begin() + static_cast<std::ptrdiff_t>(below(numbers.size()));
      store.commit({QueuedChange{QueuedChange::Kind::gone, client, *at, {}, {}}});
      numbers.erase(at);
    } else if (what == 8) {
      store.commit({QueuedChange{
          QueuedChange::Kind::released, client, numbers[below(numbers.size())], {}, {}}});
    } else if (below(10) == 0) {
      SessionChange end;
      end.kind = SessionChange::Kind::end;
      end.client_id = client;
      store.commit({end});
      numbers.clear();
    } else if (below(3) == 0) {
      store.reopen();
    }
    has_yielded = has_yielded || store.yielded(QueueClass::telemetry) > 0;
    const auto bytes = store.ask("SELECT coalesce(sum(bytes), 0) FROM client_queue");
    const auto rows = store.ask("SELECT count(*) FROM client_queue");
    if (store.totals().bytes() != static_cast<std::uint64_t>(bytes)) FAIL("bytes after " << i);
    if (store.totals().messages() != static_cast<std::uint64_t>(rows)) FAIL("rows after " << i);
  }
  CHECK(has_yielded);
}

TEST_CASE("a transaction that fails leaves the totals as they were", "[spool][unit]") {
  QueueTotals totals;
  totals.added({"old", QueueClass::alarm, 4}, 100);
  totals.commit();
  totals.added({"old", QueueClass::alarm, 5}, 100);
  totals.added({"new", QueueClass::telemetry, 1}, 50);
  totals.removed({"old", QueueClass::alarm, 5}, {1, 100, 0});
  totals.forget("old");
  CHECK(totals.bytes() == 50);
  totals.roll_back();
  CHECK(totals.bytes() == 100);
  CHECK(totals.messages() == 1);
  REQUIRE(totals.clients().size() == 1);
  CHECK(totals.clients().at("old").share(QueueClass::alarm).oldest == 4);
  CHECK(totals.clients().at("old").newest == 4);
}

TEST_CASE("what waits is read again unchanged, in order, page by page", "[spool][unit]") {
  QueueStore store;
  store.open_session("display");
  for (int i = 0; i < 50; ++i) store.add("display", QueueClass::telemetry, 100);
  store.add("other", QueueClass::telemetry);
  store.commit({QueuedChange{QueuedChange::Kind::gone, "display", 2, {}, {}},
                QueuedChange{QueuedChange::Kind::released, "display", 3, {}, {}}});
  IoQueue io;
  SqliteQueueReader reader(store.writer->database_file(), io.post(), store.log);
  std::vector<StoredQueued> all;
  QueueRange range{0, 20, ByteCount{1'000'000}};
  bool is_end = false;
  std::size_t pages = 0;
  while (!is_end) {
    std::optional<QueuePage> page;
    reader.read("display", range, [&](Result<QueuePage> found) { page = std::move(*found); });
    REQUIRE(io.run_until([&] { return page.has_value(); }));
    CHECK(page->messages.size() <= 20);
    is_end = page->is_end;
    range.after = page->up_to;
    all.insert(all.end(), page->messages.begin(), page->messages.end());
    REQUIRE(++pages < 10);
  }
  CHECK(pages == 3);
  REQUIRE(all.size() == 49);
  CHECK(all[0].number == 1);
  CHECK(all[1].number == 3);
  CHECK(all[1].is_released);
  CHECK(all[48].number == 50);
  const Delivery& delivery = all[48].delivery;
  CHECK(delivery.publication->topic == "hall/smoke");
  CHECK(delivery.publication->payload == noise(100));
  CHECK(delivery.publication->qos == Qos::exactly_once);
  CHECK(delivery.publication->publisher == "sensor");
  CHECK(delivery.publication->expires_at == SteadyTime::max());
  CHECK(delivery.qos == Qos::at_least_once);
  CHECK(delivery.retain);
  CHECK(delivery.identifiers == std::vector<std::uint32_t>{7, 300});

  // A page ends with the message that passes its bytes.
  std::optional<QueuePage> page;
  reader.read("display", {10, 20, ByteCount{300}},
              [&](Result<QueuePage> found) { page = std::move(*found); });
  REQUIRE(io.run_until([&] { return page.has_value(); }));
  CHECK(page->messages.size() == 2);
  CHECK_FALSE(page->is_end);

  store.reopen();
  REQUIRE(store.writer->contents().facts.sessions.size() == 1);
  CHECK(store.writer->contents().facts.sessions[0].queued_up_to == 50);
}

TEST_CASE("a message that is damaged on disk is left out, and the log says which",
          "[spool][unit]") {
  QueueStore store;
  store.open_session("display");
  for (int i = 0; i < 3; ++i) store.add("display", QueueClass::telemetry, 100);
  store.writer->close();
  sqlite::Database::open(store.writer->database_file(), sqlite::Database::Access::read_write)
      .value()
      .execute("UPDATE client_queue SET topic = 'x' WHERE number = 2")
      .value();
  IoQueue io;
  SqliteQueueReader reader(store.writer->database_file(), io.post(), store.log);
  std::optional<QueuePage> page;
  reader.read("display", {0, 20, ByteCount{1'000'000}},
              [&](Result<QueuePage> found) { page = std::move(*found); });
  REQUIRE(io.run_until([&] { return page.has_value(); }));
  CHECK(page->messages.size() == 2);
  CHECK(page->up_to == 3);
  CHECK(page->is_end);
  CHECK(store.log.says(LogLevel::error, "Message 2 that client display was still to get"));
  auto check = StoreVerifier::open(store.writer->database_file()).value();
  while (check.step().value()) continue;
  REQUIRE(check.report().finding_count == 1);
  CHECK(check.report().findings[0].what.find("message 2 that client display") != std::string::npos);
}

TEST_CASE("a reader whose store cannot be opened says so, and tries again with the next question",
          "[spool][unit]") {
  QueueStore store;
  store.add("display", QueueClass::telemetry);
  const auto file = store.writer->database_file();
  store.writer->close();
  const auto aside = file.string() + ".aside";
  std::filesystem::rename(file, aside);
  IoQueue io;
  SqliteQueueReader reader(file, io.post(), store.log);
  std::optional<bool> has_come;
  const auto answer = [&](const Result<QueuePage>& page) { has_come = page.has_value(); };
  reader.read("display", {0, 20, ByteCount{1'000}}, answer);
  REQUIRE(io.run_until([&] { return has_come.has_value(); }));
  CHECK_FALSE(*has_come);
  std::filesystem::rename(aside, file);
  has_come.reset();
  reader.read("display", {0, 20, ByteCount{1'000}}, answer);
  REQUIRE(io.run_until([&] { return has_come.has_value(); }));
  CHECK(*has_come);
}
