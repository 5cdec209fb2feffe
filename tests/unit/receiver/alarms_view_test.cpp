// The view `alarms` of what a street received: the present state of every alarm of every village.
#include "receiver/store.hpp"
#include "sqlite/database.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

struct Street {
  support::TempDirectory directory;
  std::filesystem::path file = directory.path() / "RECEIVED.db";
  std::optional<Store> store = Store::open(file).value();
  std::uint64_t sequence = 0;

  struct Change {
    int number = 1;
    int transition = 1;
    std::string state = "UNACK";
    std::string owner = "";
    std::string gateway = "zhaoxiang-03";
    std::string epoch = "00c0ffee";
  };
  void takes(const Change& change) {
    EventParts parts;
    parts.sequence = ++sequence;
    parts.event_class = "alarm";
    parts.type = "cn.watchpost.fire.transition.v1";
    parts.gateway = change.gateway;
    parts.members = fmt::format(
        R"("state":"{0}","alarm":{{"number":{1},"epoch":"{2}","device":"kitchen","state":"{0}",)"
        R"("open":{3},"transition":{4}{5}}})",
        change.state, change.number, change.epoch, change.state == "CLOSED" ? "false" : "true",
        change.transition,
        change.owner.empty() ? "" : fmt::format(R"(,"owner":"{}")", change.owner));
    store->keep(std::vector{message(parts)}, WallTime{std::chrono::seconds{1}}).value();
  }
  // Of the first column, in the order of the view's numbers.
  std::vector<std::string> rows(const std::string& what) {
    auto database = sqlite::Database::open(file, sqlite::Database::Access::read_only).value();
    auto select =
        database.prepare(("SELECT " + what + " FROM alarms ORDER BY source, epoch, number").c_str())
            .value();
    std::vector<std::string> all;
    while (select.step().value()) all.emplace_back(select.text(0));
    return all;
  }
};

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("the view of alarms has the newest change of each alarm of each village",
          "[receiver][unit]") {
  Street street;
  street.takes({.number = 1});
  street.takes({.number = 2, .state = "SUSPECTED"});
  street.takes({.number = 1, .transition = 2, .state = "ACK", .owner = "Wang"});
  street.takes({.number = 1, .gateway = "huating-01"});
  CHECK(street.rows("source || ' ' || number || ' ' || state || ' ' || ifnull(owner, '-')") ==
        Rows{"urn:watchpost:huating-01 1 UNACK -", "urn:watchpost:zhaoxiang-03 1 ACK Wang",
             "urn:watchpost:zhaoxiang-03 2 SUSPECTED -"});
}

TEST_CASE("a change that comes late is not the present state", "[receiver][unit]") {
  Street street;
  street.takes({.transition = 3, .state = "CLOSED"});
  street.takes({.transition = 2, .state = "ACK"});
  CHECK(street.rows("state || open") == Rows{"CLOSED0"});
}

TEST_CASE("an alarm of before a store was lost is another one", "[receiver][unit]") {
  Street street;
  street.takes({.transition = 2, .state = "ACK"});
  street.takes({.epoch = "00c0ffef"});
  CHECK(street.rows("state") == Rows{"ACK", "UNACK"});
}

TEST_CASE("the view is made in a file that an earlier program wrote", "[receiver][unit]") {
  Street street;
  street.takes({});
  street.store.reset();
  {
    auto database =
        sqlite::Database::open(street.file, sqlite::Database::Access::read_write_create).value();
    database.execute("DROP VIEW alarms; DROP INDEX event_transition").value();
  }
  street.store = Store::open(street.file).value();
  CHECK(street.rows("state") == Rows{"UNACK"});
}
