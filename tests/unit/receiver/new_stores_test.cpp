// Stores that were begun anew, and two boxes that send as one gateway.
#include "support/catch.hpp"
#include "unit/receiver/lineage_street.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

Message alarm_event(std::uint64_t sequence, const std::string& epoch = kEpoch) {
  EventParts parts;
  parts.sequence = sequence;
  parts.epoch = epoch;
  parts.event_class = "alarm";
  return message(parts);
}

}  // namespace

TEST_CASE("two boxes with stores of their own are told of, whoever of them grows first",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), alarm_event(1), alarm_event(2), online(1, 1, kSecond),
                 alarm_event(1, kSecond)});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.notices.at(0).kind == Notice::Kind::put_back);
  REQUIRE(receiver.notices.at(0).branch.older == kEpoch);
  REQUIRE(receiver.notices.at(0).branch.younger == kSecond);
  receiver.reopen();
  receiver.keep({alarm_event(2), alarm_event(2, kSecond)});
  REQUIRE(receiver.notices.size() == 1);  // a repeat is no growth
  receiver.keep({alarm_event(3)});
  REQUIRE(receiver.notices.size() == 2);
  REQUIRE(receiver.notices.at(1).kind == Notice::Kind::both_grow);
  receiver.keep({telemetry(1), telemetry(1, kSecond), alarm_event(4), alarm_event(3, kSecond)});
  REQUIRE(receiver.notices.size() == 2);
  REQUIRE(receiver.audited().gateways.at(0).branches.at(0).both_grow);
  REQUIRE_FALSE(receiver.audited().complete());
}

TEST_CASE("two boxes that say nothing of themselves are told of by a number that both gave",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({alarm_event(1), alarm_event(2), alarm_event(1, kSecond)});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.notices.at(0).branch.trunk.empty());
  receiver.keep({alarm_event(3), alarm_event(2, kSecond)});
  REQUIRE(receiver.notices.size() == 2);
  REQUIRE_FALSE(receiver.audited().nothing_is_missing());
}

TEST_CASE("a store that was begun anew proves nothing until a person took note of it",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2), telemetry(3)});
  REQUIRE(receiver.audited().complete());
  // Started twice before its first event: one store.
  receiver.keep({online(1, 1, kSecond)});
  REQUIRE_FALSE(receiver.audited().complete());
  receiver.keep({online(1, 1, kThird), telemetry(1, kThird)});
  REQUIRE(receiver.notices.size() == 1);
  const Audit audit = receiver.audited();
  REQUIRE(audit.nothing_is_missing());
  REQUIRE_FALSE(audit.complete());
  REQUIRE(audit.gateways.at(0).branches.size() == 1);
  REQUIRE(audit.gateways.at(0).branches.at(0).younger == kThird);
  REQUIRE(audit.gateways.at(0).branches.at(0).known_to[index_of(EventClass::telemetry)] == Seq{3});
  sqlite::Database::open(receiver.file, sqlite::Database::Access::read_write_create)
      .value()
      .execute("DELETE FROM branch")
      .value();
  receiver.reopen();
  // It was noted; neither its other classes nor its next start bring it back.
  receiver.keep({online(1, 1, kThird), telemetry(2, kThird)});
  receiver.keep({begins({"7f3a0004", kThird, 3, 1}), telemetry(3, "7f3a0004")});
  receiver.keep({alarm_event(1), alarm_event(1, "7f3a0004")});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("no number is asked of a store that was begun anew because the one before has it",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2), telemetry(3)});
  receiver.keep({begins({kSecond, kEpoch, 4, 1}), telemetry(4, kSecond), telemetry(5, kSecond)});
  receiver.keep({online(1, 1, kThird), telemetry(1, kThird)});
  REQUIRE(receiver.audited().nothing_is_missing());
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.notices.at(0).branch.younger == kThird);
}

TEST_CASE("what an older store had left behind the alarms of a new one is no second box",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), alarm_event(1), telemetry(1)});
  receiver.keep({online(1, 1, kSecond), alarm_event(1, kSecond), telemetry(2), telemetry(3)});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.audited().nothing_is_missing());
}

TEST_CASE("a box that goes on after its copy went on from it is told of", "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  receiver.keep({begins({kSecond, kEpoch, 3, 1}), telemetry(3, kSecond)});
  REQUIRE(receiver.notices.empty());
  receiver.keep({telemetry(3)});
  REQUIRE(receiver.notices.size() == 2);
  REQUIRE(receiver.notices.at(1).kind == Notice::Kind::both_grow);
  REQUIRE(receiver.notices.at(1).branch.older == kEpoch);
}

TEST_CASE("what a start had left comes behind the alarms of the next one and means nothing",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1)});
  receiver.keep({online(4, 2, kSecond), begins({kSecond, kEpoch, 4, 1}), telemetry(2), telemetry(3),
                 telemetry(4, kSecond)});
  // A file that began with the newest of it learns the older ones later.
  LineageStreet late;
  late.keep({online(4, 2, kSecond), telemetry(4, kSecond), telemetry(2), telemetry(3)});
  REQUIRE(receiver.notices.empty());
  REQUIRE(late.notices.empty());
  REQUIRE(receiver.audited().complete());
}
