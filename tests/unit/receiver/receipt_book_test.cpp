#include "receiver/receipt_book.hpp"

#include "support/catch.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

const SteadyTime kBookStart{std::chrono::hours{5}};

Receipt receipt(EventClass event_class, std::uint64_t sequence) {
  return {kPrefix, kEpoch, event_class, Seq{sequence}};
}

// Publishes the receipt that is due, as the receiver does.
std::string publish(ReceiptBook& book, SteadyTime now) {
  const auto message = book.due(now);
  if (!message) return {};
  REQUIRE(message->topic == kPrefix + "rcpt");
  book.sent(*message, now);
  return message->payload;
}

}  // namespace

TEST_CASE("a receipt names epoch, class and the highest sequence", "[receiver][unit]") {
  ReceiptBook book;
  REQUIRE_FALSE(book.next().has_value());
  book.put(receipt(EventClass::alarm, 4711), kBookStart);
  book.put(receipt(EventClass::alarm, 4710), kBookStart);
  REQUIRE(publish(book, kBookStart) == R"({"epoch":"7f3a0001","class":"alarm","sequence":4711})");
  REQUIRE_FALSE(book.next().has_value());
}

TEST_CASE("receipts of a gateway go once a second, several classes in one", "[receiver][unit]") {
  ReceiptBook book;
  book.put(receipt(EventClass::telemetry, 1), kBookStart);
  REQUIRE_FALSE(publish(book, kBookStart).empty());
  book.put(receipt(EventClass::telemetry, 2), kBookStart + std::chrono::milliseconds{10});
  book.put(receipt(EventClass::patrol, 7), kBookStart + std::chrono::milliseconds{20});
  REQUIRE(publish(book, kBookStart + std::chrono::milliseconds{999}).empty());
  REQUIRE(book.next() == kBookStart + std::chrono::seconds{1});
  REQUIRE(publish(book, kBookStart + std::chrono::seconds{1}) ==
          R"([{"epoch":"7f3a0001","class":"patrol","sequence":7},)"
          R"({"epoch":"7f3a0001","class":"telemetry","sequence":2}])");
}

TEST_CASE("the receipt of an alarm does not wait for the second", "[receiver][unit]") {
  ReceiptBook book;
  book.put(receipt(EventClass::telemetry, 1), kBookStart);
  REQUIRE_FALSE(publish(book, kBookStart).empty());
  const auto soon = kBookStart + std::chrono::milliseconds{5};
  book.put(receipt(EventClass::telemetry, 2), soon);
  book.put(receipt(EventClass::alarm, 1), soon);
  REQUIRE(publish(book, soon).find("\"alarm\"") != std::string::npos);
}

TEST_CASE("a receipt that asks for events again does not wait, and asks once", "[receiver][unit]") {
  ReceiptBook book;
  book.put(receipt(EventClass::telemetry, 1), kBookStart);
  publish(book, kBookStart);
  const auto soon = kBookStart + std::chrono::milliseconds{10};
  Receipt asking = receipt(EventClass::telemetry, 1);
  asking.resend = true;
  book.put(asking, soon);
  book.put(receipt(EventClass::telemetry, 2), soon);
  // What the receiver asks for lies behind 1, though it waits for nothing up to 2 any more.
  REQUIRE(publish(book, soon) ==
          R"([{"epoch":"7f3a0001","class":"telemetry","sequence":1,"resend":true},)"
          R"({"epoch":"7f3a0001","class":"telemetry","sequence":2}])");
  const auto later = soon + ReceiptBook::kPause;
  book.put(receipt(EventClass::telemetry, 3), later);
  REQUIRE(publish(book, later) == R"({"epoch":"7f3a0001","class":"telemetry","sequence":3})");
}

TEST_CASE("a receipt that could not be published stays due", "[receiver][unit]") {
  ReceiptBook book;
  book.put(receipt(EventClass::alarm, 1), kBookStart);
  REQUIRE(book.due(kBookStart).has_value());
  REQUIRE(book.due(kBookStart).has_value());
}
