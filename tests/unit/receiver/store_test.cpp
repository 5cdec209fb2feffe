#include "receiver/store.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "receiver/audit.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

struct Receiver {
  support::TempDirectory directory;
  std::filesystem::path file = directory.path() / "RECEIVED.db";
  std::optional<Store> store = Store::open(file).value();

  Kept keep(const std::vector<Message>& messages) {
    return store->keep(messages, WallTime{std::chrono::seconds{1}}).value();
  }
  void reopen() {
    store.reset();
    store = Store::open(file).value();
  }
  Audit audited() { return audit(file, {}).value(); }
  std::int64_t query(const char* sql) {
    return sqlite::Database::open(file, sqlite::Database::Access::read_only)
        .value()
        .query_integer(sql)
        .value();
  }
};

std::optional<Seq> confirmed(const Kept& kept, const std::string& epoch = kEpoch) {
  for (const Receipt& receipt : kept.receipts) {
    if (receipt.event_class == EventClass::telemetry && receipt.epoch == epoch) {
      return receipt.sequence;
    }
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("repeats are stored once and confirmed again", "[receiver][unit]") {
  Receiver receiver;
  const Kept first = receiver.keep({telemetry(1), telemetry(2), telemetry(1)});
  REQUIRE(first.events == 2);
  REQUIRE(first.repeats == 1);
  const Kept again = receiver.keep({telemetry(2)});
  REQUIRE(again.events == 0);
  REQUIRE(confirmed(again) == Seq{2});
  REQUIRE(receiver.query("SELECT count(*) FROM events") == 2);
}

TEST_CASE("a receipt never passes a number that has not come, also after a restart",
          "[receiver][unit]") {
  Receiver receiver;
  REQUIRE(confirmed(receiver.keep({telemetry(1), telemetry(3), telemetry(4)})) == Seq{1});
  receiver.reopen();
  REQUIRE(confirmed(receiver.keep({telemetry(6)})) == Seq{1});
  REQUIRE(confirmed(receiver.keep({telemetry(2)})) == Seq{4});
  receiver.reopen();
  REQUIRE(confirmed(receiver.keep({telemetry(5)})) == Seq{6});
}

TEST_CASE("nothing is confirmed of a stream of which nothing has come", "[receiver][unit]") {
  Receiver receiver;
  REQUIRE(receiver.keep({online(1, 1)}).receipts.empty());
  REQUIRE_FALSE(confirmed(receiver.keep({telemetry(2)})).has_value());
}

TEST_CASE("of a gateway that was there while the session was lost, every class is asked for again",
          "[receiver][unit]") {
  Receiver receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2), telemetry(4)});
  const auto asked = [](const Kept& kept) {
    PerClass<Seq> after{};
    std::size_t count = 0;
    for (const Receipt& receipt : kept.receipts) {
      if (!receipt.resend) continue;
      ++count;
      REQUIRE(receipt.prefix == kPrefix);
      REQUIRE(receipt.epoch == kEpoch);
      after[index_of(receipt.event_class)] = receipt.sequence;
    }
    return count == kEventClassCount ? std::optional(after) : std::nullopt;
  };
  REQUIRE_FALSE(asked(receiver.keep({online(1, 1)})));
  Message retained = online(1, 1);
  retained.after_lost_session = true;
  // A class of which nothing ever came is asked for too, because its first alarm may be lost.
  PerClass<Seq> stored{};
  stored[index_of(EventClass::telemetry)] = Seq{2};
  REQUIRE(asked(receiver.keep({retained})) == stored);
  // An event is not a gateway's state, even where the broker retained it.
  Message event = telemetry(5);
  event.after_lost_session = true;
  REQUIRE_FALSE(asked(receiver.keep({event})));
  // A receiver with a new file has heard nothing at all.
  Receiver fresh;
  REQUIRE(asked(fresh.keep({retained})) == PerClass<Seq>{});
}

TEST_CASE("a gap that the gateway tells of is confirmed over", "[receiver][unit]") {
  Receiver receiver;
  receiver.keep({telemetry(1), telemetry(11)});
  const Kept after = receiver.keep({gap(1, {Seq{2}, Seq{10}})});
  REQUIRE(confirmed(after) == Seq{11});
  receiver.reopen();
  REQUIRE(confirmed(receiver.keep({telemetry(12)})) == Seq{12});
  const Audit audit = receiver.audited();
  REQUIRE(audit.complete());
  const StreamAudit& stream = audit.streams.back();
  REQUIRE(stream.given_up.count == 9);
  REQUIRE(stream.given_up.listed.at(0).why == "quota");
}

TEST_CASE("a gap that lies beyond a hole is still known after a restart", "[receiver][unit]") {
  Receiver receiver;
  receiver.keep({telemetry(1), gap(1, {Seq{3}, Seq{10}})});
  receiver.reopen();
  REQUIRE(confirmed(receiver.keep({telemetry(11), telemetry(2)})) == Seq{11});
}

TEST_CASE("numbers that will not be sent any more hold up nothing and are noted",
          "[receiver][unit]") {
  Receiver receiver;
  receiver.keep({online(1, 101)});
  REQUIRE(confirmed(receiver.keep({telemetry(101), telemetry(104)})) == Seq{101});
  // The broker acknowledged 102 and 103, but they never came.
  REQUIRE(confirmed(receiver.keep({online(1, 104)})) == Seq{104});
  receiver.reopen();
  REQUIRE(confirmed(receiver.keep({telemetry(105)})) == Seq{105});
  const Audit audit = receiver.audited();
  const StreamAudit& stream = audit.streams.back();
  REQUIRE(stream.before.count == 100);
  REQUIRE(stream.missing.count == 2);
  REQUIRE_FALSE(audit.complete());
}

TEST_CASE(
    "a new receiver that was told an old begin goes on when the gateway tells the present one",
    "[receiver][unit]") {
  Receiver receiver;
  // The broker has retained this state since the gateway connected; 5..100 went to another
  // receiver.
  receiver.keep({online(1, 5)});
  REQUIRE(confirmed(receiver.keep({telemetry(101), telemetry(102)})) == Seq{4});
  // No receipt moved the gateway's cursor, so the gateway tells its state again.
  REQUIRE(confirmed(receiver.keep({online(1, 101)})) == Seq{102});
  const Audit audit = receiver.audited();
  REQUIRE(audit.streams.back().before.count == 100);
  REQUIRE(audit.complete());
}

TEST_CASE("a new epoch begins where the gateway says, the old one goes on beside it",
          "[receiver][unit]") {
  Receiver receiver;
  const std::string later = "7f3a0002";
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  const Kept after = receiver.keep({online(6, 3, later), telemetry(6, later), telemetry(3)});
  REQUIRE(confirmed(after, later) == Seq{6});
  REQUIRE(confirmed(after) == Seq{3});
  // 4 and 5 were acknowledged to sensors before the damage; they are missing until the gateway
  // explains them.
  REQUIRE_FALSE(receiver.audited().complete());
  receiver.keep({gap(1, {Seq{4}, Seq{5}})});
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("a gap that is told after its numbers were given up for lost explains them",
          "[receiver][unit]") {
  Receiver receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(9), online(1, 9)});
  REQUIRE(receiver.audited().streams.back().missing.count == 7);
  receiver.keep({gap(1, {Seq{3}, Seq{6}})});
  const Audit audit = receiver.audited();
  REQUIRE(audit.streams.back().given_up.count == 4);
  REQUIRE(audit.streams.back().missing.count == 3);
}

TEST_CASE("a gap below the epoch it names counts for the epochs before", "[receiver][unit]") {
  Receiver receiver;
  const std::string second = "7f3a0002";
  const std::string third = "7f3a0003";
  receiver.keep({online(1, 1), telemetry(1), telemetry(3)});
  const Kept before =
      receiver.keep({online(5, 1, second), telemetry(5, second), online(6, 1, third)});
  REQUIRE(confirmed(before, second) == Seq{5});
  const Kept after = receiver.keep({gap(1, {Seq{2}, Seq{2}}, third), telemetry(6, third)});
  REQUIRE(confirmed(after) == Seq{3});
  receiver.reopen();
  receiver.keep({telemetry(4)});
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("an unreadable message is kept with its reason and counts nowhere", "[receiver][unit]") {
  Receiver receiver;
  const Kept all = receiver.keep({{telemetry(1).topic, "{"}, {"x/y", "z"}, telemetry(1)});
  REQUIRE(all.unreadable == 2);
  REQUIRE(confirmed(all) == Seq{1});
  REQUIRE(receiver.query("SELECT count(*) FROM unreadable WHERE topic = 'x/y'") == 1);
}

TEST_CASE("an event of which only the number can be read is kept once and confirmed",
          "[receiver][unit]") {
  Receiver receiver;
  EventParts bad;
  bad.sequence = 2;
  bad.members = R"("raw":"\ud83d")";
  REQUIRE(receiver.keep({telemetry(1), message(bad)}).unreadable == 1);
  receiver.reopen();
  for (int again = 0; again < 3; ++again) {
    REQUIRE(confirmed(receiver.keep({message(bad), telemetry(3)})) == Seq{3});
  }
  REQUIRE(receiver.query("SELECT count(*) FROM damaged") == 1);
  REQUIRE(receiver.query("SELECT count(*) FROM unreadable") == 0);
  const Audit audit = receiver.audited();
  REQUIRE(audit.complete());
  REQUIRE(audit.streams.back().received == 3);
  REQUIRE(audit.streams.back().damaged == 1);
}

TEST_CASE("unreadable messages do not fill the disk", "[receiver][unit]") {
  Receiver receiver;
  for (int part = 0; part < 4; ++part) {
    std::vector<Message> rubbish;
    for (int i = 0; i < 2'600; ++i) rubbish.push_back({"x/y", fmt::format("{} of {}", i, part)});
    receiver.keep(rubbish);
  }
  REQUIRE(receiver.query("SELECT count(*) FROM unreadable") == 10'000);
  receiver.keep({{"x/y", std::string(1'000'000, 'z')}});
  REQUIRE(receiver.query("SELECT max(length(body)) FROM unreadable") == 65'536);
}

TEST_CASE("a message that nobody can read is one row however often it comes", "[receiver][unit]") {
  Receiver receiver;
  for (int i = 0; i < 5; ++i) receiver.keep({{"x/y", "z"}});
  REQUIRE(receiver.query("SELECT count(*) FROM unreadable") == 1);
  REQUIRE(receiver.query("SELECT times FROM unreadable") == 5);
}

TEST_CASE("a batch that cannot be written leaves nothing and can be tried again",
          "[receiver][unit]") {
  Receiver receiver;
  receiver.keep({telemetry(1)});
  // Another connection holds the file, and SQLite gives up after its wait.
  auto other =
      sqlite::Database::open(receiver.file, sqlite::Database::Access::read_write_create).value();
  other.execute("PRAGMA busy_timeout=0; BEGIN IMMEDIATE").value();
  const auto refused = receiver.store->keep(std::vector{telemetry(2)}, WallTime{});
  REQUIRE(refused.has_error());
  other.execute("ROLLBACK").value();
  REQUIRE(confirmed(receiver.keep({telemetry(2)})) == Seq{2});
}

TEST_CASE("nothing of a batch that failed half way is confirmed later", "[receiver][unit]") {
  Receiver receiver;
  receiver.keep({telemetry(1)});
  auto other =
      sqlite::Database::open(receiver.file, sqlite::Database::Access::read_write_create).value();
  other
      .execute(
          "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.sequence = 3"
          " BEGIN SELECT RAISE(ABORT, 'not now'); END")
      .value();
  REQUIRE(receiver.store->keep(std::vector{telemetry(2), telemetry(3)}, WallTime{}).has_error());
  other.execute("DROP TRIGGER refuse").value();
  REQUIRE(confirmed(receiver.keep({telemetry(3)})) == Seq{1});
  REQUIRE(confirmed(receiver.keep({telemetry(2)})) == Seq{3});
}

TEST_CASE("a second receiver on the same file is refused", "[receiver][unit]") {
  const Receiver receiver;
  const auto second = Store::open(receiver.file);
  REQUIRE(second.has_error());
  REQUIRE(second.error().what.find("Another receiver") == 0);
}

TEST_CASE("a file of something else is refused and left alone", "[receiver][unit]") {
  support::TempDirectory directory;
  const auto file = directory.path() / "other.db";
  auto other = sqlite::Database::open(file, sqlite::Database::Access::read_write_create).value();
  other.execute("CREATE TABLE t(a); PRAGMA user_version = 7").value();
  const auto opened = Store::open(file);
  REQUIRE(opened.has_error());
  REQUIRE(opened.error().kind == Failure::Kind::refused);
}

TEST_CASE("receipts stay right over random order, repeats, gaps, epochs and restarts",
          "[receiver][unit]") {
  const auto seed = Catch::rngSeed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  Receiver receiver;
  const std::array<std::string, 2> epochs{"7f3a0001", "7f3a0002"};
  std::array<std::set<std::uint64_t>, 2> known;
  std::uint64_t status = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Message> batch;
    for (std::uint64_t i = 1 + random() % 8; i > 0; --i) {
      const std::size_t epoch = random() % 2;
      const std::uint64_t first = 1 + random() % 400;
      if (random() % 12 == 0) {
        const std::uint64_t last = first + random() % 5;
        batch.push_back(gap(++status, {Seq{first}, Seq{last}}, epochs.at(epoch)));
        for (auto number = first; number <= last; ++number) known.at(epoch).insert(number);
      } else {
        batch.push_back(telemetry(first, epochs.at(epoch)));
        known.at(epoch).insert(first);
      }
    }
    const Kept after = receiver.keep(batch);
    for (std::size_t epoch = 0; epoch < 2; ++epoch) {
      const auto said = confirmed(after, epochs.at(epoch));
      std::uint64_t contiguous = 0;
      while (known.at(epoch).contains(contiguous + 1)) ++contiguous;
      if (said) REQUIRE(said->value == contiguous);
    }
    if (random() % 20 == 0) receiver.reopen();
  }
}
