// Many epochs of one gateway, and stores that were replaced by an older copy.
#include <algorithm>

#include "receiver/audit.hpp"
#include "receiver/settle.hpp"
#include "receiver/store.hpp"
#include "support/catch.hpp"
#include "unit/receiver/lineage_street.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

std::optional<Seq> confirmed_of(const Kept& kept, const std::string& epoch) {
  for (const Receipt& receipt : kept.receipts) {
    if (receipt.event_class == EventClass::telemetry && receipt.epoch == epoch) {
      return receipt.sequence;
    }
  }
  return std::nullopt;
}

std::string epoch_number(std::uint64_t number) {
  return fmt::format("{:08x}", number);
}

}  // namespace

TEST_CASE("an epoch that tells where it begins is confirmed at once, whatever is still open before",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(3)});
  const Kept after = receiver.keep({begins({kSecond, kEpoch, 4, 1}), telemetry(4, kSecond)});
  REQUIRE(confirmed_of(after, kSecond) == Seq{4});
  receiver.reopen();
  REQUIRE(confirmed_of(receiver.keep({telemetry(2)}), kEpoch) == Seq{3});
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("an epoch whose beginning is told after its events is confirmed from then on",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  REQUIRE_FALSE(confirmed_of(receiver.keep({telemetry(3, kSecond)}), kSecond).has_value());
  const Kept told = receiver.keep({begins({kSecond, kEpoch, 3, 1})});
  REQUIRE(confirmed_of(told, kSecond) == Seq{3});
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("an epoch that is announced and never begun leaves nothing behind", "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1)});
  std::vector<Message> starts;
  for (std::uint64_t start = 1; start <= 500; ++start) {
    starts.push_back(online(2, 2, epoch_number(start)));
  }
  receiver.keep(starts);
  REQUIRE(receiver.query("SELECT count(*) FROM stream") == 1);
  REQUIRE(receiver.query("SELECT count(*) FROM epoch") == 1);
  const Kept after = receiver.keep({telemetry(2, epoch_number(500))});
  REQUIRE(confirmed_of(after, epoch_number(500)) == Seq{2});
  REQUIRE(receiver.query("SELECT count(*) FROM epoch WHERE previous = '7f3a0001'") == 1);
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("an offline that arrives late does not bring an old epoch back", "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), online(2, 2, kSecond)});
  Message will = online(1, 1);
  const auto at = will.payload.find(R"("state":"online")");
  will.payload.replace(at, 16, R"("state":"offline")");
  receiver.keep({will});
  const GatewaySeen gateway = receiver.audited().gateways.at(0);
  REQUIRE(gateway.state == "offline");
  REQUIRE(gateway.epoch == kSecond);
}

TEST_CASE("a thousand epochs are one line of an audit, and a lost event is found among them",
          "[receiver][unit]") {
  LineageStreet receiver;
  std::vector<Message> all{online(1, 1, epoch_number(1)), telemetry(1, epoch_number(1)),
                           telemetry(2, epoch_number(1))};
  for (std::uint64_t epoch = 2; epoch <= 1'000; ++epoch) {
    const std::uint64_t first = 2 * epoch - 1;
    all.push_back(begins({epoch_number(epoch), epoch_number(epoch - 1), first, epoch - 1}));
    all.push_back(telemetry(first, epoch_number(epoch)));
    all.push_back(telemetry(first + 1, epoch_number(epoch)));
  }
  receiver.keep(all);
  const Audit audit = receiver.audited();
  REQUIRE(audit.complete());
  REQUIRE(audit.streams.size() == 2);
  REQUIRE(audit.streams.back().epochs == 1'000);
  REQUIRE(audit.streams.back().received == 2'000);
  REQUIRE(audit.streams.back().contiguous == Seq{2'000});
  sqlite::Database::open(receiver.file, sqlite::Database::Access::read_write_create)
      .value()
      .execute("DELETE FROM event WHERE sequence = 1000 AND type LIKE '%telemetry%'")
      .value();
  const Audit after = receiver.audited();
  REQUIRE_FALSE(after.complete());
  const auto lacking = std::find_if(after.streams.begin(), after.streams.end(),
                                    [](const auto& stream) { return !stream.complete(); });
  REQUIRE(lacking->missing.listed.at(0).range == SeqRange{Seq{1'000}, Seq{1'000}});
  REQUIRE(lacking->epoch == epoch_number(500));
}

TEST_CASE("a gap that spans epochs is noted for each number under its own epoch",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), begins({kSecond, kEpoch, 4, 1}),
                 begins({kThird, kSecond, 6, 2}), telemetry(8, kThird)});
  receiver.keep({gap(3, {Seq{2}, Seq{7}}, kThird)});
  REQUIRE(receiver.query("SELECT count(*) FROM gap") == 3);
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("a gap that ends in a later epoch than it names is noted there too", "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep(
      {online(1, 1), telemetry(1), begins({kSecond, kEpoch, 4, 2}), telemetry(8, kSecond)});
  const Kept after = receiver.keep({gap(1, {Seq{2}, Seq{7}}, kEpoch)});
  REQUIRE(confirmed_of(after, kSecond) == Seq{8});
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("a store put back from an older copy: both lives are stored and nothing is missing",
          "[receiver][unit]") {
  LineageStreet receiver;
  std::vector<Message> first{online(1, 1)};
  for (std::uint64_t number = 1; number <= 10; ++number) first.push_back(telemetry(number));
  receiver.keep(first);
  // The copy was made after number 5, so 6..10 are given again under another epoch.
  const Kept after = receiver.keep({online(6, 6, kSecond), begins({kSecond, kEpoch, 6, 1}),
                                    telemetry(6, kSecond), telemetry(7, kSecond)});
  REQUIRE(confirmed_of(after, kSecond) == Seq{7});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.notices.at(0).kind == Notice::Kind::put_back);
  REQUIRE(receiver.notices.at(0).branch.older == kEpoch);
  REQUIRE(receiver.notices.at(0).branch.younger == kSecond);
  receiver.reopen();
  receiver.keep({telemetry(8, kSecond)});
  const Audit audit = receiver.audited();
  REQUIRE(audit.nothing_is_missing());
  // What the first life acknowledged after 10 and had not sent, nobody can know.
  REQUIRE_FALSE(audit.complete());
  REQUIRE(audit.gateways.at(0).branches.at(0).known_to[index_of(EventClass::telemetry)] == Seq{10});
  REQUIRE(audit.gateways.at(0).branches.size() == 1);
  REQUIRE_FALSE(audit.gateways.at(0).branches.at(0).both_grow);
  REQUIRE(receiver.query("SELECT count(*) FROM events WHERE class = 'telemetry'") == 13);
  REQUIRE(receiver.notices.size() == 1);
}

TEST_CASE("a copy put back after later starts is noticed by the epoch that went on before it",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep(
      {online(1, 1), telemetry(1), begins({kSecond, kEpoch, 2, 1}), telemetry(2, kSecond)});
  receiver.keep({begins({kThird, kEpoch, 2, 1}), telemetry(2, kThird)});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.notices.at(0).branch.older == kSecond);
  REQUIRE(receiver.audited().nothing_is_missing());
}

TEST_CASE("a backup that was put back is told, although no number came twice", "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  // 3 and 4 were acknowledged and never sent; the backup was made after 2.
  receiver.keep({begins({kSecond, kEpoch, 3, 1}, "restored"), telemetry(3, kSecond)});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.notices.at(0).kind == Notice::Kind::put_back);
  const Audit audit = receiver.audited();
  REQUIRE(audit.nothing_is_missing());
  REQUIRE_FALSE(audit.complete());
  REQUIRE(audit.gateways.at(0).branches.at(0).known_to[index_of(EventClass::telemetry)] == Seq{2});
  const std::string source = audit.gateways.at(0).source;
  CHECK(settle(receiver.file, {source, Note::conflicts}).value() == 0);
  CHECK(settle(receiver.file, {source + "x", Note::branches}).has_error());
  REQUIRE_FALSE(receiver.audited().complete());
  CHECK(settle(receiver.file, {source, Note::branches}).value() == 1);
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("an older copy put back after a newer one: no number is asked of a life that gave it not",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  receiver.keep({begins({kSecond, kEpoch, 3, 1}), telemetry(3, kSecond)});
  receiver.keep({online(2, 2, kThird), begins({kThird, kEpoch, 2, 1})});
  for (std::uint64_t number = 2; number <= 6; ++number) receiver.keep({telemetry(number, kThird)});
  REQUIRE(receiver.audited().nothing_is_missing());
  // The epoch that goes on lies behind the dead one in the list of numbers.
  const std::string fourth = "7f3a0004";
  receiver.keep({online(7, 7, fourth)});
  REQUIRE(receiver.audited().nothing_is_missing());
  receiver.keep({begins({fourth, kThird, 7, 2}), telemetry(7, fourth)});
  REQUIRE(receiver.audited().nothing_is_missing());
  GatewayHeads heads;
  heads.source = kSource;
  heads.epoch = fourth;
  for (const EventClass event_class : kEventClasses) heads.first[index_of(event_class)] = Seq{1};
  heads.first[index_of(EventClass::status)] = heads.newest[index_of(EventClass::status)] = Seq{2};
  heads.delivered[index_of(EventClass::status)] = Seq{2};
  heads.first[index_of(EventClass::telemetry)] = heads.newest[index_of(EventClass::telemetry)] =
      heads.delivered[index_of(EventClass::telemetry)] = Seq{7};
  REQUIRE(audit(receiver.file, {"", heads, true}).value().nothing_is_missing());
  // What lacks in the life that goes on is found all the same.
  sqlite::Database::open(receiver.file, sqlite::Database::Access::read_write_create)
      .value()
      .execute("DELETE FROM event WHERE sequence = 6 AND type LIKE '%telemetry%'")
      .value();
  const Audit after = receiver.audited();
  REQUIRE_FALSE(after.nothing_is_missing());
  const auto lacking = std::find_if(after.streams.begin(), after.streams.end(),
                                    [](const auto& stream) { return !stream.complete(); });
  REQUIRE(lacking->epoch == kThird);
}

TEST_CASE("a hole in a life that was replaced is missing and not on its way", "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2), telemetry(4)});
  receiver.keep({online(2, 2, kSecond), begins({kSecond, kEpoch, 2, 1}), telemetry(2, kSecond)});
  GatewayHeads heads;
  heads.source = kSource;
  heads.epoch = kSecond;
  heads.first[index_of(EventClass::telemetry)] = Seq{2};
  heads.newest[index_of(EventClass::telemetry)] = Seq{2};
  heads.delivered[index_of(EventClass::telemetry)] = Seq{2};
  const Audit audited = audit(receiver.file, {"", heads, true}).value();
  const auto lacking = std::find_if(audited.streams.begin(), audited.streams.end(),
                                    [](const auto& stream) { return !stream.complete(); });
  REQUIRE(lacking->missing.listed.at(0).range == SeqRange{Seq{3}, Seq{3}});
  REQUIRE(lacking->waiting.count == 0);
}

TEST_CASE("two boxes that send as one gateway are told of once, with both epochs",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep(
      {online(1, 1), telemetry(1), begins({kSecond, kEpoch, 2, 1}), telemetry(2, kSecond)});
  receiver.keep({begins({kThird, kEpoch, 2, 1}), telemetry(2, kThird)});
  receiver.reopen();
  receiver.keep({telemetry(3, kSecond)});
  REQUIRE(receiver.notices.size() == 2);
  REQUIRE(receiver.notices.at(1).kind == Notice::Kind::both_grow);
  REQUIRE(receiver.notices.at(1).branch.older == kSecond);
  REQUIRE(receiver.notices.at(1).branch.younger == kThird);
  // An epoch that continues the older of the two comes from the same box.
  receiver.keep(
      {telemetry(3, kThird), begins({"7f3a0004", kSecond, 5, 2}), telemetry(5, "7f3a0004")});
  receiver.reopen();
  receiver.keep({telemetry(4, kSecond)});
  REQUIRE(receiver.notices.size() == 2);
  const Audit audit = receiver.audited();
  REQUIRE_FALSE(audit.complete());
  REQUIRE(audit.gateways.at(0).branches.at(0).both_grow);
}

TEST_CASE("the backlog of the epoch from which a copy went on is no second box",
          "[receiver][unit]") {
  LineageStreet receiver;
  EventParts status;
  status.event_class = "status";
  receiver.keep({online(1, 1), telemetry(1), message(status)});
  receiver.keep({begins({kSecond, kEpoch, 4, 1}), telemetry(4, kSecond)});
  receiver.keep({telemetry(2), telemetry(3)});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.audited().nothing_is_missing());
}

TEST_CASE("another event under an id that is taken is kept, told of once, and no audit passes",
          "[receiver][unit]") {
  LineageStreet receiver;
  EventParts other;
  other.members = R"("state":"raised")";
  receiver.keep({telemetry(1)});
  const Kept first = receiver.keep({message(other)});
  REQUIRE(first.conflicts == 1);
  REQUIRE(confirmed_of(first, kEpoch) == Seq{1});
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.notices.at(0).kind == Notice::Kind::conflict);
  REQUIRE(receiver.keep({message(other), telemetry(1)}).conflicts == 0);
  REQUIRE(receiver.notices.size() == 1);
  REQUIRE(receiver.query("SELECT count(*) FROM conflicts WHERE other_body LIKE '%raised%'"
                         " AND first_body LIKE '%info%'") == 1);
  const Audit audit = receiver.audited();
  REQUIRE(audit.gateways.at(0).conflicts == 1);
  REQUIRE_FALSE(audit.complete());
}

TEST_CASE("an event sent again with other settings is a repeat", "[receiver][unit]") {
  LineageStreet receiver;
  EventParts bare;
  EventParts full;
  full.members += R"(,"raw":{"smoke":true},"name":"pond")";
  REQUIRE(receiver.keep({message(bare), message(full), message(bare)}).conflicts == 0);
  REQUIRE(receiver.audited().complete());
}

TEST_CASE("what a gateway says that it still sends is on its way and not missing",
          "[receiver][unit]") {
  LineageStreet receiver;
  receiver.keep({online(1, 1), telemetry(1), telemetry(2)});
  // The gateway started again with 3 and 4 unsent; both belong to the first epoch.
  receiver.keep({online(5, 3, kSecond)});
  const StreamAudit stream = receiver.audited().streams.back();
  REQUIRE(stream.waiting.count == 2);
  REQUIRE(stream.missing.count == 0);
  receiver.keep({telemetry(3), telemetry(4)});
  REQUIRE(receiver.audited().complete());
}
