// A receiver that begins with an older copy of its file, or with none, asks for what it lacks. A
// file of an earlier version is brought up to date.
#include <algorithm>

#include "receiver/audit.hpp"
#include "receiver/store.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

const std::string kNext = "7f3a0002";

struct OlderFile {
  support::TempDirectory directory;
  std::filesystem::path file = directory.path() / "RECEIVED.db";
  std::optional<Store> store = Store::open(file).value();

  Kept keep(std::vector<Message> messages, bool behind_queue = true) {
    for (Message& message : messages) message.behind_queue = behind_queue;
    return store->keep(messages, WallTime{std::chrono::seconds{1}}).value();
  }
  void restart() {
    store.reset();
    store = Store::open(file).value();
  }
};

struct Asked {
  Epoch epoch;
  EventClass event_class;
  Seq after;
  friend bool operator==(const Asked&, const Asked&) = default;
};

std::vector<Asked> asked(const Kept& kept) {
  std::vector<Asked> asked;
  for (const Receipt& receipt : kept.receipts) {
    if (receipt.resend) asked.push_back({receipt.epoch, receipt.event_class, receipt.sequence});
  }
  return asked;
}

bool has(const std::vector<Asked>& all, const Asked& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

TEST_CASE("after each start a gateway is asked once for what the file lacks", "[receiver][unit]") {
  OlderFile receiver;
  const auto fresh = asked(receiver.keep({online(1, 1)}));
  REQUIRE(fresh.size() == kEventClassCount);
  REQUIRE(has(fresh, {kEpoch, EventClass::alarm, Seq{}}));
  receiver.keep({telemetry(1), telemetry(2)});
  REQUIRE(asked(receiver.keep({online(1, 1)})).empty());
  receiver.restart();
  REQUIRE(has(asked(receiver.keep({online(1, 1)})), {kEpoch, EventClass::telemetry, Seq{2}}));
  REQUIRE(asked(receiver.keep({online(1, 1)})).empty());
}

TEST_CASE("what the gateway sends no more is asked for before it is written off",
          "[receiver][unit]") {
  OlderFile receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  receiver.restart();
  // An older file: 3 and 4 were confirmed from the one that was there before.
  const Kept kept = receiver.keep({online(1, 5), telemetry(5)});
  REQUIRE(has(asked(kept), {kEpoch, EventClass::telemetry, Seq{2}}));
}

TEST_CASE("while the queue of the session is on its way nothing is asked for", "[receiver][unit]") {
  OlderFile receiver;
  receiver.keep({online(1, 1), telemetry(1)});
  receiver.restart();
  REQUIRE(asked(receiver.keep({online(1, 1), telemetry(2)}, false)).empty());
  REQUIRE(has(asked(receiver.keep({online(1, 1)})), {kEpoch, EventClass::telemetry, Seq{2}}));
}

TEST_CASE("a gateway that is away is asked when it comes back", "[receiver][unit]") {
  OlderFile receiver;
  receiver.keep({online(1, 1), telemetry(1)});
  receiver.restart();
  Message will = online(1, 1);
  const auto at = will.payload.find(R"("state":"online")");
  will.payload.replace(at, 16, R"("state":"offline")");
  REQUIRE(asked(receiver.keep({will})).empty());
  REQUIRE_FALSE(asked(receiver.keep({online(1, 1)})).empty());
}

TEST_CASE("where nothing of the present epoch is stored, the epoch before says up to where",
          "[receiver][unit]") {
  OlderFile receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  receiver.restart();
  const auto all = asked(receiver.keep({online(9, 9, kNext)}));
  REQUIRE(has(all, {kNext, EventClass::telemetry, Seq{}}));
  REQUIRE(has(all, {kEpoch, EventClass::telemetry, Seq{2}}));
}

TEST_CASE("a file of the version before is brought up to date with all that it holds",
          "[receiver][unit]") {
  const support::TempDirectory directory;
  const auto file = directory.path() / "RECEIVED.db";
  {
    auto old = sqlite::Database::open(file, sqlite::Database::Access::read_write_create).value();
    old.execute(R"sql(
        CREATE TABLE gateway (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE,
          prefix TEXT NOT NULL, state TEXT NOT NULL, epoch TEXT NOT NULL,
          heard_at INTEGER NOT NULL) STRICT;
        CREATE TABLE stream (id INTEGER PRIMARY KEY, gateway INTEGER NOT NULL,
          epoch TEXT NOT NULL, class INTEGER NOT NULL, begins INTEGER NOT NULL,
          oldest INTEGER NOT NULL, contiguous INTEGER NOT NULL, highest INTEGER NOT NULL,
          received INTEGER NOT NULL, repeats INTEGER NOT NULL,
          UNIQUE (gateway, epoch, class)) STRICT;
        CREATE TABLE event (arrival INTEGER PRIMARY KEY, stream INTEGER NOT NULL,
          sequence INTEGER NOT NULL, arrived_at INTEGER NOT NULL, type TEXT NOT NULL,
          subject TEXT NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL,
          UNIQUE (stream, sequence)) STRICT;
        CREATE TABLE gap (stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
          reason TEXT NOT NULL, noted_at INTEGER NOT NULL,
          PRIMARY KEY (stream, first, last, reason)) STRICT, WITHOUT ROWID;
        CREATE TABLE missing (stream INTEGER NOT NULL, first INTEGER NOT NULL,
          last INTEGER NOT NULL, why TEXT NOT NULL, noted_at INTEGER NOT NULL,
          PRIMARY KEY (stream, first, last)) STRICT, WITHOUT ROWID;
        CREATE TABLE unreadable (id INTEGER PRIMARY KEY AUTOINCREMENT,
          arrived_at INTEGER NOT NULL, topic TEXT NOT NULL, reason TEXT NOT NULL,
          body BLOB NOT NULL) STRICT;
        CREATE VIEW events AS SELECT arrival FROM event;
        INSERT INTO gateway VALUES (1, 'urn:watchpost:zhaoxiang-03',
          'wp/v1/310118/106/203/zhaoxiang-03/', 'online', '7f3a0001', 5);
        INSERT INTO stream VALUES (1, 1, '7f3a0001', 3, 1, 1, 2, 2, 2, 0);
        INSERT INTO event VALUES (1, 1, 1, 5, 't', 's', 'w', '{}'),
          (2, 1, 2, 5, 't', 's', 'w', '{}');
        PRAGMA user_version = 1;
        )sql")
        .value();
  }
  REQUIRE(audit(file, {}).error().remedy.find("Start `watchpost receive`") == 0);
  Store store = Store::open(file).value();
  const Kept kept = store.keep(std::vector{telemetry(3)}, WallTime{}).value();
  REQUIRE(kept.receipts.at(0).sequence == Seq{3});
  const Audit audited = audit(file, {}).value();
  REQUIRE(audited.complete());
  REQUIRE(audited.streams.back().received == 3);
}
