#include "protocol/outbox.hpp"

#include "support/catch.hpp"

namespace watchpost::protocol {
namespace {

Delivery a_delivery(std::string payload, Qos qos = Qos::at_least_once) {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = "t";
  publication->payload = std::move(payload);
  publication->qos = qos;
  return {std::move(publication), qos, false, {}};
}

struct Post {
  std::uint64_t add(std::string payload, Qos qos = Qos::at_least_once) {
    const auto number = outbox.next_number();
    outbox.add(number, a_delivery(std::move(payload), qos));
    return number;
  }
  // What leaves next: "PUBREL", or the payload, with a ! where it has DUP.
  std::string next() {
    const auto one = outbox.next(now, gone);
    if (!one) return "nothing";
    last = one->id;
    if (one->delivery == nullptr) return "PUBREL";
    return one->delivery->publication->payload + (one->repeated ? "!" : "");
  }
  std::shared_ptr<OutboxRoom> room = std::make_shared<OutboxRoom>();
  Outbox outbox{Outbox::Kept::in_memory, room};
  SteadyTime now{};
  PacketId last;
  std::vector<std::uint64_t> gone;
};

TEST_CASE("messages leave in order, no more than the window", "[protocol][unit]") {
  Post post;
  post.add("1");
  CHECK(post.next() == "nothing");  // not connected
  post.outbox.connected(2);
  post.add("2");
  post.add("3");
  CHECK(post.next() == "1");
  const PacketId first = post.last;
  CHECK(post.next() == "2");
  CHECK(post.next() == "nothing");
  CHECK(post.outbox.acknowledged(first).is_gone);
  CHECK_FALSE(post.outbox.acknowledged(first).is_known);
  CHECK(post.next() == "3");
  CHECK(post.outbox.size() == 2);
}

TEST_CASE("after a reconnect they come again with DUP under the same packet ids",
          "[protocol][unit]") {
  Post post;
  post.outbox.connected(10);
  post.add("1");
  post.add("2");
  CHECK(post.next() == "1");
  const PacketId first = post.last;
  post.outbox.disconnected();
  post.add("3");
  CHECK(post.next() == "nothing");
  post.outbox.connected(10);
  CHECK(post.next() == "1!");
  CHECK(post.last == first);
  CHECK(post.next() == "2");
  CHECK(post.next() == "3");
}

TEST_CASE("QoS 2 is released only when that is durable, and PUBREL comes again",
          "[protocol][unit]") {
  Post post;
  post.outbox.connected(10);
  const auto number = post.add("1", Qos::exactly_once);
  CHECK(post.next() == "1");
  CHECK_FALSE(post.outbox.acknowledged(post.last).is_known);  // PUBACK is no answer to it
  CHECK_FALSE(post.outbox.completed(post.last).is_known);     // nor is PUBCOMP, yet
  CHECK(post.outbox.received(post.last, false).number == number);
  post.outbox.disconnected();
  CHECK_FALSE(post.outbox.released(number));  // nobody is there to get PUBREL
  post.outbox.connected(10);
  CHECK(post.next() == "PUBREL");
  CHECK(post.outbox.received(post.last, false).is_known);  // PUBREC again
  CHECK(post.outbox.released(number));                     // so PUBREL again
  CHECK(post.outbox.completed(post.last).is_gone);
  CHECK(post.outbox.size() == 0);
  CHECK(post.next() == "nothing");
}

TEST_CASE("a commit that ends after a reconnect still lets PUBREL leave once", "[protocol][unit]") {
  Post post;
  post.outbox.connected(1);
  const auto number = post.add("1", Qos::exactly_once);
  post.add("2");
  CHECK(post.next() == "1");
  (void)post.outbox.received(post.last, false);
  post.outbox.connected(1);
  CHECK(post.next() == "nothing");  // it still counts for the window
  CHECK(post.outbox.released(number));
  CHECK(post.outbox.completed(post.last).is_gone);
  CHECK(post.next() == "2");
}

TEST_CASE("a refused message is gone", "[protocol][unit]") {
  Post post;
  post.outbox.connected(1);
  post.add("1", Qos::exactly_once);
  post.add("2");
  CHECK(post.next() == "1");
  CHECK(post.outbox.received(post.last, true).is_gone);
  CHECK(post.next() == "2");
}

TEST_CASE("at the bound the oldest that was not sent yields", "[protocol][unit]") {
  Post post;
  post.outbox.connected(1);
  const std::string half(Outbox::kMostBytes / 2, 'x');
  post.add(half + "1");
  CHECK(post.next() == half + "1");
  const auto second = post.add(half + "2");
  CHECK(post.outbox.yielded() == 1);  // with the overhead there is no room
  CHECK(post.outbox.size() == 1);
  post.add("3");
  post.add(half);
  CHECK(post.outbox.yielded() == 3);
  CHECK(second == 2);
  post.outbox.disconnected();
  post.outbox.connected(1);
  CHECK(post.next() == half + "1!");
}

TEST_CASE("all outboxes together are bounded, and give back what they took", "[protocol][unit]") {
  Post post;
  {
    Outbox other(Outbox::Kept::in_memory, post.room);
    const std::string most(Outbox::kMostBytes - 1'000, 'x');
    other.add(other.next_number(), a_delivery(most));
    CHECK(post.room->taken > most.size());
    post.room->taken += OutboxRoom::kMost - most.size() - 1'000;  // the others
    post.add("1");
    post.add("2");
    CHECK(post.outbox.yielded() == 0);
    post.add(std::string(2'000, '3'));
    CHECK(post.outbox.yielded() == 2);
    CHECK(post.outbox.size() == 1);  // one message stays, whatever it takes
    post.room->taken -= OutboxRoom::kMost - most.size() - 1'000;
  }
  post.outbox.connected(1);
  CHECK(post.next() == std::string(2'000, '3'));
  CHECK(post.outbox.acknowledged(post.last).is_gone);
  CHECK(post.room->taken == 0);
}

TEST_CASE("what has expired is not sent for the first time", "[protocol][unit]") {
  Post post;
  post.outbox.connected(2);
  auto brief = a_delivery("1");
  auto publication = std::make_shared<LocalMessage>(*brief.publication);
  publication->expires_at = post.now + std::chrono::seconds{1};
  brief.publication = publication;
  const auto number = post.outbox.next_number();
  post.outbox.add(number, brief);
  post.add("2");
  post.now += std::chrono::seconds{1};
  CHECK(post.next() == "2");
  CHECK(post.gone == std::vector<std::uint64_t>{number});
}

TEST_CASE("packet ids begin with 1", "[protocol][unit]") {
  Post post;
  post.outbox.connected(1);
  post.add("1");
  CHECK(post.next() == "1");
  CHECK(post.last == PacketId(1));
  CHECK(Outbox::id_of(65'535) == PacketId(65'535));
  CHECK(Outbox::id_of(65'536) == PacketId(1));
}

TEST_CASE("what is from the log never yields, says so when it is answered, and is withdrawn unsent",
          "[protocol][unit]") {
  Post post;
  const auto from_log = [&post](std::string payload) {
    Delivery delivery = a_delivery(std::move(payload));
    delivery.from_log = true;
    post.outbox.add(post.outbox.next_number(), std::move(delivery));
  };
  from_log("log 1");
  for (std::size_t i = 0; i < Outbox::kMostMessages; ++i) post.add("row");
  CHECK(post.outbox.yielded() == 1);
  post.outbox.connected(1);
  CHECK(post.next() == "log 1");
  const auto answer = post.outbox.acknowledged(post.last);
  CHECK(answer.is_gone);
  CHECK(answer.from_log);

  Post other;
  other.outbox.connected(1);
  for (const char* payload : {"log 1", "log 2", "log 3"}) {
    Delivery delivery = a_delivery(payload);
    delivery.from_log = true;
    other.outbox.add(other.outbox.next_number(), std::move(delivery));
  }
  other.add("row");
  CHECK(other.next() == "log 1");
  other.outbox.withdraw_from_log();
  // What was sent comes again (section 4.4); nothing else of the log does.
  other.outbox.connected(10);
  CHECK(other.next() == "log 1!");
  CHECK(other.next() == "row");
  CHECK(other.next() == "nothing");
}

}  // namespace
}  // namespace watchpost::protocol
