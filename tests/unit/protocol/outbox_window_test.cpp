// What of a session's messages is in memory where they are on disk.
#include "protocol/outbox.hpp"
#include "support/catch.hpp"
#include "support/fake_queues.hpp"

namespace watchpost::protocol {
namespace {

const std::string kClient = "display";

Delivery delivery_of(std::string payload, Qos qos = Qos::at_least_once) {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = "t";
  publication->payload = std::move(payload);
  publication->qos = qos;
  return {std::move(publication), qos, false, {}};
}

// An outbox in front of a store that commits at once.
struct Shelf {
  std::uint64_t commit(std::string payload, Qos qos = Qos::at_least_once) {
    const auto number = outbox.next_number();
    disk.messages[{kClient, number}] = {number, delivery_of(std::move(payload), qos), false, {}};
    return number;
  }
  void add(const std::string& payload) {
    const auto number = commit(payload);
    outbox.add(number, disk.messages[{kClient, number}].delivery);
  }
  // What leaves next: its payload, with a ! where it has DUP.
  std::string next() {
    const auto one = outbox.next(now, gone);
    if (!one) return "nothing";
    last = one->id;
    if (one->delivery == nullptr) return "PUBREL";
    return one->delivery->publication->payload + (one->repeated ? "!" : "");
  }
  void answer(const Outbox::Wanted& wanted) {
    outbox.fill(wanted.question, disk.page_of(kClient, wanted.range));
  }
  // Reads what the outbox wants, if anything.
  bool read() {
    const auto wanted = outbox.wanted();
    if (wanted) answer(*wanted);
    return wanted.has_value();
  }
  support::FakeQueues disk;
  std::shared_ptr<OutboxRoom> room = std::make_shared<OutboxRoom>();
  Outbox outbox{Outbox::Kept::on_disk, room};
  SteadyTime now{};
  PacketId last;
  std::vector<std::uint64_t> gone;
};

TEST_CASE("a client that is away has nothing in memory, and gets all in order when it is back",
          "[protocol][unit]") {
  Shelf shelf;
  for (int i = 0; i < 3'000; ++i) shelf.add(std::to_string(i));
  CHECK(shelf.outbox.size() == 0);
  CHECK(shelf.room->taken == 0);
  CHECK_FALSE(shelf.outbox.wanted());
  shelf.outbox.connected(5);
  CHECK(shelf.next() == "nothing");
  REQUIRE(shelf.read());
  CHECK_FALSE(shelf.outbox.wanted());
  for (int i = 0; i < 3'000; ++i) {
    CHECK(shelf.next() == std::to_string(i));
    CHECK(shelf.outbox.size() <= Outbox::kWindowMessages);
    CHECK(shelf.outbox.acknowledged(shelf.last).is_gone);
    (void)shelf.read();
  }
  CHECK(shelf.next() == "nothing");
  CHECK(shelf.outbox.size() == 0);
  CHECK(shelf.room->taken == 0);
}

TEST_CASE("a client that does not read has a window in memory, and no more", "[protocol][unit]") {
  Shelf shelf;
  shelf.outbox.connected(1);
  const std::string payload(2'000, 'x');
  for (int i = 0; i < 5'000; ++i) shelf.add(payload);
  CHECK(shelf.outbox.bytes() <= Outbox::kWindowBytes);
  CHECK(shelf.outbox.bytes() > Outbox::kWindowBytes / 2);
  CHECK(shelf.room->taken == shelf.outbox.bytes());
  for (int i = 0; i < 5'000; ++i) shelf.add("x");
  CHECK(shelf.outbox.size() <= Outbox::kWindowMessages);
}

TEST_CASE("where the memory of all outboxes is used up, each has one message in memory",
          "[protocol][unit]") {
  Shelf shelf;
  shelf.room->taken = OutboxRoom::kMost;
  shelf.outbox.connected(10);
  for (const char* payload : {"1", "2", "3"}) shelf.add(payload);
  CHECK(shelf.outbox.size() == 1);
  CHECK(shelf.next() == "1");
  CHECK_FALSE(shelf.outbox.wanted());
  CHECK(shelf.outbox.acknowledged(shelf.last).is_gone);
  shelf.room->taken = 0;
  REQUIRE(shelf.read());
  CHECK(shelf.next() == "2");
  CHECK(shelf.next() == "3");
}

TEST_CASE("what a read has brought before its commit was told of does not come twice",
          "[protocol][unit]") {
  Shelf shelf;
  shelf.add("1");
  shelf.outbox.connected(10);
  const auto early = shelf.commit("2");  // on disk, and nobody was told yet
  REQUIRE(shelf.read());
  shelf.outbox.add(early, shelf.disk.messages[{kClient, early}].delivery);
  CHECK(shelf.next() == "1");
  CHECK(shelf.next() == "2");
  CHECK(shelf.next() == "nothing");
  CHECK(shelf.outbox.size() == 2);
}

TEST_CASE("what is committed while a read is under way is not passed over", "[protocol][unit]") {
  Shelf shelf;
  shelf.add("1");
  shelf.outbox.connected(10);
  const auto wanted = shelf.outbox.wanted();
  REQUIRE(wanted);
  const auto page = shelf.disk.page_of(kClient, wanted->range);
  shelf.add("2");
  shelf.outbox.fill(wanted->question, page);
  CHECK(shelf.next() == "1");
  REQUIRE(shelf.read());
  CHECK(shelf.next() == "2");
  // From here on memory is enough.
  shelf.add("3");
  CHECK(shelf.next() == "3");
}

TEST_CASE("an answer to a question from before a reconnect is dropped", "[protocol][unit]") {
  Shelf shelf;
  shelf.add("1");
  shelf.add("2");
  shelf.outbox.connected(10);
  const auto before = shelf.outbox.wanted();
  REQUIRE(before);
  const auto old_page = shelf.disk.page_of(kClient, before->range);
  shelf.outbox.disconnected();
  shelf.add("3");
  shelf.outbox.fill(before->question, old_page);
  CHECK(shelf.outbox.size() == 0);
  shelf.outbox.connected(10);
  const auto after = shelf.outbox.wanted();
  REQUIRE(after);
  shelf.outbox.fill(before->question, old_page);
  shelf.answer(*after);
  CHECK(shelf.next() == "1");
  CHECK(shelf.next() == "2");
  CHECK(shelf.next() == "3");
  CHECK(shelf.next() == "nothing");
}

TEST_CASE("a read that failed is asked for again", "[protocol][unit]") {
  Shelf shelf;
  shelf.add("1");
  shelf.outbox.connected(10);
  const auto wanted = shelf.outbox.wanted();
  REQUIRE(wanted);
  shelf.outbox.not_read(wanted->question);
  REQUIRE(shelf.read());
  CHECK(shelf.next() == "1");
}

TEST_CASE("what was acknowledged is not read again, although the disk still has it",
          "[protocol][unit]") {
  Shelf shelf;
  shelf.outbox.connected(2);
  for (const char* payload : {"1", "2", "3"}) shelf.add(payload);
  CHECK(shelf.next() == "1");
  CHECK(shelf.outbox.acknowledged(shelf.last).is_gone);
  CHECK(shelf.next() == "2");
  shelf.outbox.disconnected();
  CHECK(shelf.outbox.size() == 1);  // what was sent: it has no answer
  shelf.outbox.connected(10);
  REQUIRE(shelf.read());
  CHECK(shelf.next() == "2!");
  CHECK(shelf.next() == "3");
  CHECK(shelf.next() == "nothing");
}

TEST_CASE("after a restart what was never sent comes without DUP", "[protocol][unit]") {
  Shelf shelf;
  shelf.commit("sent");
  shelf.commit("not sent");
  Outbox outbox(Outbox::Kept::on_disk, shelf.room);
  outbox.load(2, 1);
  CHECK(outbox.sent_up_to() == 1);
  outbox.connected(10);
  auto wanted = outbox.wanted();
  REQUIRE(wanted);
  outbox.fill(wanted->question, shelf.disk.page_of(kClient, wanted->range));
  CHECK(outbox.next(shelf.now, shelf.gone)->repeated);
  CHECK(outbox.sent_up_to() == 1);
  CHECK_FALSE(outbox.next(shelf.now, shelf.gone)->repeated);
  CHECK(outbox.sent_up_to() == 2);
  CHECK(outbox.next_number() == 3);
  Outbox emptied(Outbox::Kept::on_disk, shelf.room);
  emptied.load(0, 50);
  CHECK(emptied.next_number() == 51);
  CHECK(emptied.sent_up_to() == 50);
}

TEST_CASE("what was stored and has expired does not come again", "[protocol][unit]") {
  Shelf shelf;
  const auto expiring = [&shelf](std::uint64_t number, int seconds) {
    auto publication = std::make_shared<LocalMessage>(
        *shelf.disk.messages[{kClient, number}].delivery.publication);
    publication->expires_at = shelf.now + std::chrono::seconds{seconds};
    shelf.disk.messages[{kClient, number}].delivery.publication = publication;
  };
  expiring(shelf.commit("brief"), 5);
  expiring(shelf.commit("sent"), 20);
  shelf.outbox.load(2, std::nullopt);
  shelf.now += std::chrono::seconds{5};
  shelf.outbox.connected(10);
  REQUIRE(shelf.read());
  CHECK(shelf.next() == "sent!");
  CHECK(shelf.gone == std::vector<std::uint64_t>{1});
  // Once it is on its way to the client it stays (MQTT 5.0 section 4.3.3).
  shelf.now += std::chrono::seconds{60};
  shelf.outbox.disconnected();
  shelf.outbox.connected(10);
  CHECK(shelf.next() == "sent!");
}

TEST_CASE("what was released and stored comes back as PUBREL", "[protocol][unit]") {
  Shelf shelf;
  for (int i = 0; i < 3; ++i) (void)shelf.outbox.next_number();
  shelf.disk.messages[{kClient, 4}] = {4, {}, true, {}};
  shelf.disk.messages[{kClient, 9}] = {9, delivery_of("nine"), false, {}};
  shelf.outbox.load(9, std::nullopt);
  CHECK(shelf.outbox.next_number() == 10);
  shelf.outbox.connected(10);
  REQUIRE(shelf.read());
  CHECK(shelf.next() == "PUBREL");
  CHECK(shelf.last == Outbox::id_of(4));
  CHECK(shelf.next() == "nine!");
  CHECK(shelf.last == Outbox::id_of(9));
  CHECK(shelf.outbox.completed(Outbox::id_of(4)).is_gone);
  CHECK(shelf.outbox.acknowledged(Outbox::id_of(9)).is_gone);
  CHECK(shelf.room->taken == 0);
}

TEST_CASE("what is from the log passes what is on disk, and shares no packet id with it",
          "[protocol][unit]") {
  Shelf shelf;
  shelf.commit("row");
  shelf.outbox.load(65'536, 0);
  shelf.disk.messages[{kClient, 65'536}] = {65'536, delivery_of("row 65536"), false, {}};
  shelf.outbox.connected(10);
  Delivery event = delivery_of("event");
  event.from_log = true;
  (void)shelf.outbox.next_number();
  shelf.outbox.add(65'536 + 65'535, event);
  CHECK(shelf.next() == "event");
  const PacketId taken = shelf.last;
  CHECK(taken == Outbox::id_of(65'536));
  REQUIRE(shelf.read());
  // The rows have the ids of 1 and of 65,536, which both are taken.
  CHECK(shelf.next() == "nothing");
  CHECK(shelf.outbox.acknowledged(taken).from_log);
  CHECK(shelf.next() == "row");
  CHECK(shelf.next() == "nothing");
  CHECK(shelf.outbox.acknowledged(shelf.last).is_gone);
  CHECK(shelf.next() == "row 65536");
}

}  // namespace
}  // namespace watchpost::protocol
