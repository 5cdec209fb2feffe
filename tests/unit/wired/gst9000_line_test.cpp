#include "wired/gst9000_line.hpp"

#include "base/encoding.hpp"
#include "outcomes.hpp"
#include "support/catch.hpp"

namespace watchpost::wired {
namespace {

using namespace testing;

// Published printer records: page scjjwy.com/zhuji/49.html.
std::string gst_fire() {
  return from_hex(
             "1b3630382f31322f3032202031373a32340a20203030342d3030340a1b39cad7b4cebbf0beaf0ac8b9c2a"
             "5"
             "d2bbb2e3c9cfbfd50ab8d0d1ccccbdb2e2c6f70a0a")
      .value();
}
std::string gst_reset() {
  return from_hex("1b3630382f31322f3032202031373a32350a20200a1b39cfb5cdb3b8b4cebb0a0a").value();
}

Gst9000Line gst_line() {
  return Gst9000Line(LineOptions{"192.0.2.8", {}, {}});
}

std::vector<HandOver> gst_given(const Steps& steps) {
  std::vector<HandOver> all;
  for (const Step& step : steps) {
    REQUIRE(std::holds_alternative<HandOver>(step));
    all.push_back(std::get<HandOver>(step));
  }
  return all;
}

std::vector<std::string> gst_records(std::string_view bytes, std::size_t portion) {
  std::vector<std::string> all;
  Gst9000Records records;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(portion, bytes.size()))) {
    records.feed(bytes.substr(0, portion));
    while (auto record = records.next()) all.push_back(*record);
  }
  while (auto record = records.next_of_the_rest()) all.push_back(*record);
  return all;
}

}  // namespace

TEST_CASE("records of the printer come out whole however their bytes arrive", "[wired][unit]") {
  const auto stream = gst_fire() + gst_reset() + gst_fire();
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    INFO(portion);
    CHECK(gst_records(stream, portion) ==
          std::vector<std::string>{gst_fire(), gst_reset(), gst_fire()});
  }
}

TEST_CASE("a record whose empty line is missing ends where the next date begins", "[wired][unit]") {
  const auto cut = gst_fire().substr(0, gst_fire().size() - 1);
  for (const std::size_t portion : {std::size_t{1}, std::size_t{5}, std::size_t{500}}) {
    CHECK(gst_records(cut + gst_reset(), portion) == std::vector<std::string>{cut, gst_reset()});
  }
}

TEST_CASE("empty lines between records and other line ends are taken as they are",
          "[wired][unit]") {
  const auto records = gst_records("\n\r\n" + gst_fire() + "\n\n" + "one\r\ntwo\r\n\r\nthree", 1);
  CHECK(records == std::vector<std::string>{gst_fire(), "one\r\ntwo\r\n\r\n", "three"});
}

TEST_CASE("text without end is cut, and nothing of it is lost", "[wired][unit]") {
  const std::string text(3 * Gst9000Records::kLongest + 5, 'x');
  const auto records = gst_records(text, 1'000);
  std::string all;
  for (const auto& record : records) {
    CHECK(record.size() < 2 * Gst9000Records::kLongest);
    all += record;
  }
  CHECK(all == text);
}

TEST_CASE("the panel is named by its address and nothing is ever sent to it", "[wired][unit]") {
  auto line = gst_line();
  const auto given = gst_given(line.received(gst_fire()));
  REQUIRE(given.size() == 1);
  CHECK(given[0].topic == "gst9000/192.0.2.8");
  CHECK(given[0].payload == gst_fire());
  CHECK(line.under_way() == 1);
  CHECK(line.settled(given[0].ticket, kKept, {}).empty());
  CHECK(line.under_way() == 0);
  CHECK(line.is_mute());
}

TEST_CASE("a record that stops short is handed over after a pause", "[wired][unit]") {
  auto line = gst_line();
  CHECK(line.received(gst_fire().substr(0, 40)).empty());
  CHECK(line.unfinished() == 40);
  const auto given = gst_given(line.paused());
  REQUIRE(given.size() == 1);
  CHECK(given[0].payload == gst_fire().substr(0, 40));
  CHECK(line.unfinished() == 0);
}

TEST_CASE(
    "a record that is not kept is handed over again until it is, and meanwhile nothing is "
    "read",
    "[wired][unit]") {
  auto line = gst_line();
  std::size_t count = 0;
  while (line.may_read()) count += gst_given(line.received(gst_fire())).size();
  CHECK(count == Line::kMostUnderWay);
  for (std::uint64_t ticket = 1; ticket <= count; ++ticket) {
    CHECK(line.settled(TicketNumber{ticket}, ticket == 3 ? kNotKept : kKept, {}).empty());
  }
  CHECK(line.under_way() == 1);
  CHECK(line.unfinished() > 0);  // so that the pause comes
  const auto again = gst_given(line.paused());
  REQUIRE(again.size() == 1);
  CHECK(again[0].payload == gst_fire());
  CHECK(again[0].ticket > TicketNumber{count});
  CHECK(line.paused().empty());
  CHECK(line.settled(again[0].ticket, kKept, {}).empty());
  CHECK(line.under_way() == 0);
}

}  // namespace watchpost::wired
