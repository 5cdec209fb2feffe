#include "receiver/audit.hpp"

#include <fstream>

#include "receiver/store.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

struct Received {
  support::TempDirectory directory;
  std::filesystem::path file = directory.path() / "RECEIVED.db";

  explicit Received(std::uint64_t last) {
    Store store = Store::open(file).value();
    std::vector<Message> messages{online(1, 1)};
    for (std::uint64_t number = 1; number <= last; ++number) messages.push_back(telemetry(number));
    store.keep(messages, WallTime{}).value();
  }
  void execute(const char* sql) const {
    sqlite::Database::open(file, sqlite::Database::Access::read_write_create)
        .value()
        .execute(sql)
        .value();
  }
  [[nodiscard]] StreamAudit telemetry_of(const AuditQuestion& question) const {
    return audit(file, question).value().streams.back();
  }
};

GatewayHeads heads(std::uint64_t newest, std::uint64_t delivered) {
  GatewayHeads heads;
  heads.source = kSource;
  heads.epoch = kEpoch;
  heads.newest[index_of(EventClass::telemetry)] = Seq{newest};
  heads.delivered[index_of(EventClass::telemetry)] = Seq{delivered};
  return heads;
}

}  // namespace

TEST_CASE("a whole stream is complete up to the highest seen", "[receiver][unit]") {
  const Received received(10);
  const Audit all = audit(received.file, {}).value();
  REQUIRE(all.complete());
  REQUIRE(all.streams.back().received == 10);
  REQUIRE(all.streams.back().contiguous == Seq{10});
  REQUIRE(all.gateways.at(0).state == "online");
}

TEST_CASE("a row deleted from the file is found missing", "[receiver][unit]") {
  const Received received(10);
  received.execute("DELETE FROM event WHERE sequence IN (4, 5, 10)");
  const StreamAudit stream = received.telemetry_of({});
  REQUIRE(stream.missing.count == 3);
  REQUIRE(stream.missing.listed.at(0).range == SeqRange{Seq{4}, Seq{5}});
  // The last number is missing too, because it had been confirmed to the gateway.
  REQUIRE(stream.missing.listed.at(1).range == SeqRange{Seq{10}, Seq{10}});
  REQUIRE(stream.confirmed_too_much);
  REQUIRE(stream.contiguous == Seq{3});
}

TEST_CASE("what the gateway still keeps is on its way, what it delivered is missing",
          "[receiver][unit]") {
  const Received received(10);
  const StreamAudit waiting = received.telemetry_of({"", heads(15, 10), true});
  REQUIRE(waiting.waiting.count == 5);
  REQUIRE(waiting.missing.count == 0);
  const StreamAudit lost = received.telemetry_of({"", heads(15, 12), true});
  REQUIRE(lost.missing.count == 2);
  REQUIRE(lost.waiting.count == 3);
  REQUIRE(received.telemetry_of({"", heads(10, 10), true}).missing.count == 0);
  REQUIRE(received.telemetry_of({"", heads(15, 0), true}).waiting.count == 5);
}

TEST_CASE("a number that came late is missing no more", "[receiver][unit]") {
  const Received received(3);
  Store store = Store::open(received.file).value();
  store.keep(std::vector{online(1, 6), telemetry(6)}, WallTime{}).value();
  REQUIRE(received.telemetry_of({}).missing.count == 2);
  store.keep(std::vector{telemetry(4), telemetry(5)}, WallTime{}).value();
  REQUIRE(received.telemetry_of({}).missing.count == 0);
}

TEST_CASE("a gateway that was never heard proves nothing, and those that were are named",
          "[receiver][unit]") {
  const Received received(3);
  REQUIRE(audit(received.file, {kSource, {}, true}).value().complete());
  const auto other = audit(received.file, {"urn:watchpost:other", {}, true});
  REQUIRE(other.error().what.find("urn:watchpost:other was never heard") == 0);
  REQUIRE(other.error().remedy.find("zhaoxiang-03") != std::string::npos);
  GatewayHeads unheard = heads(10, 10);
  unheard.source = "urn:watchpost:other";
  REQUIRE(audit(received.file, {"", unheard, true}).has_error());
}

TEST_CASE("what one gateway says of itself leaves no other gateway out", "[receiver][unit]") {
  const Received received(3);
  EventParts other;
  other.gateway = "other";
  std::vector<Message> messages{message(other)};
  other.sequence = 3;
  messages.push_back(message(other));
  {
    Store store = Store::open(received.file).value();
    store.keep(messages, WallTime{}).value();
  }
  const Audit all = audit(received.file, {"", heads(3, 3), true}).value();
  REQUIRE(all.gateways.size() == 2);
  REQUIRE_FALSE(all.complete());
  REQUIRE(audit(received.file, {kSource, heads(3, 3), true}).value().complete());
}

TEST_CASE("a gateway of which no event ever came is not proved by the others", "[receiver][unit]") {
  const Received received(3);
  REQUIRE(audit(received.file, {}).value().complete());
  Message other = online(1, 1);
  for (std::string* text : {&other.topic, &other.payload}) {
    const auto at = text->find("zhaoxiang-03");
    text->replace(at, 12, "zhaoxiang-99");
  }
  Store::open(received.file).value().keep(std::vector{other}, WallTime{}).value();
  const Audit all = audit(received.file, {}).value();
  REQUIRE(all.gateways.size() == 2);
  REQUIRE(all.nothing_is_missing());
  REQUIRE_FALSE(all.complete());
  REQUIRE(audit(received.file, {kSource, {}, true}).value().complete());
}

TEST_CASE("a receiver that never heard anybody proves nothing", "[receiver][unit]") {
  const support::TempDirectory directory;
  const auto file = directory.path() / "RECEIVED.db";
  static_cast<void>(Store::open(file).value());
  REQUIRE(audit(file, {}).error().what.find("No gateway was ever heard") == 0);
}

TEST_CASE("an epoch of which nothing came is missing where the gateway has delivered it",
          "[receiver][unit]") {
  const Received received(10);
  GatewayHeads later = heads(14, 12);
  later.epoch = "7f3a0002";
  later.first[index_of(EventClass::telemetry)] = Seq{11};
  const StreamAudit stream = received.telemetry_of({"", later, true});
  REQUIRE(stream.epoch == "7f3a0002");
  REQUIRE(stream.missing.count == 2);
  REQUIRE(stream.waiting.count == 2);
  // The epoch was announced but has not begun, so nothing can be missing.
  later.newest[index_of(EventClass::telemetry)] = Seq{10};
  REQUIRE(audit(received.file, {"", later, true}).value().complete());
}

TEST_CASE("what is no file of a receiver is said to be none, and is left as it is",
          "[receiver][unit]") {
  const support::TempDirectory directory;
  const auto say = [&](const std::string& name) {
    const auto audited = audit(directory.path() / name, {});
    REQUIRE(audited.has_error());
    REQUIRE(audited.error().sentence().find("put aside") == std::string::npos);
    return audited.error().what;
  };
  REQUIRE(say("none.db").find("No such file") != std::string::npos);
  std::ofstream(directory.path() / "empty.db").close();
  REQUIRE(say("empty.db").find("no file of `watchpost receive`: it is empty") != std::string::npos);
  std::ofstream(directory.path() / "box.json") << std::string(2'000, '{');
  REQUIRE(say("box.json").find("or a damaged one: it is no SQLite database") != std::string::npos);
  std::filesystem::create_directory(directory.path() / "folder");
  REQUIRE(say("folder").find("it is a folder") != std::string::npos);
  for (const int version : {0, 1, 2, 7}) {
    const auto file = directory.path() / fmt::format("other-{}.db", version);
    sqlite::Database::open(file, sqlite::Database::Access::read_write_create)
        .value()
        .execute(fmt::format("CREATE TABLE t(a); PRAGMA user_version = {}", version).c_str())
        .value();
    REQUIRE(audit(file, {}).has_error());
    if (version != 1)
      REQUIRE(say(file.filename().string()).find("no file of") != std::string::npos);
    REQUIRE(Store::open(file).error().what.find("no file of `watchpost receive`") !=
            std::string::npos);
  }
  REQUIRE(std::filesystem::file_size(directory.path() / "box.json") == 2'000);
  REQUIRE(Store::open(directory.path() / "box.json").has_error());
  REQUIRE(std::filesystem::file_size(directory.path() / "box.json") == 2'000);
}

TEST_CASE("a receiver's file is for its user and group only", "[receiver][unit]") {
  const Received received(1);
  const auto permissions = std::filesystem::status(received.file).permissions();
  REQUIRE((permissions & std::filesystem::perms::others_all) == std::filesystem::perms::none);
}

TEST_CASE("every event is handed out in the order of its arrival", "[receiver][unit]") {
  const Received received(2'500);
  std::size_t count = 0;
  bool in_order = true;
  const auto look = [&](std::string_view text) {
    in_order = in_order && text == telemetry(++count).payload;
    return true;
  };
  REQUIRE(for_each_event(received.file, look).has_value());
  REQUIRE(in_order);
  REQUIRE(count == 2'500);
}
