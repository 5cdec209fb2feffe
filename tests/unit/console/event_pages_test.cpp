#include "console/event_pages.hpp"

#include "support/catch.hpp"
#include "support/records.hpp"

using namespace watchpost;
using namespace watchpost::console;

namespace {

const Failure kUnreadable{Failure::Kind::storage, "It cannot be read", "Look at the disk"};

std::string payload_of(const Record& record) {
  return record.payload;
}

std::vector<SharedRecord> telemetry(const std::vector<std::string>& payloads) {
  std::vector<SharedRecord> records;
  for (const std::string& payload : payloads) {
    Record record = support::a_record(EventClass::telemetry, payload);
    record.seq = Seq{records.size() + 1};
    record.clock = ClockQuality::synced;
    records.push_back(std::make_shared<const Record>(std::move(record)));
  }
  return records;
}

PerClass<Seq> telemetry_up_to(std::uint64_t seq) {
  PerClass<Seq> newest{};
  newest[index_of(EventClass::telemetry)] = Seq{seq};
  return newest;
}

// What the steps say, as one word each; a page with its text.
std::string word(const EventPages::Step& step) {
  if (const auto* read = std::get_if<EventPages::Read>(&step))
    return "read after " + std::to_string(read->request.after.value);
  if (const auto* send = std::get_if<EventPages::Send>(&step)) return "send " + send->page;
  return std::holds_alternative<EventPages::Wait>(step) ? "wait" : "end";
}

// A stream of events, driven by hand.
struct Stream {
  Stream(std::string_view target, PerClass<Seq> heads)
      : newest(heads), pages(event_query_from(target).value(), heads, "opening\n") {}

  std::string next() {
    step = pages.next(newest, payload_of);
    return word(step);
  }
  void answer(const spool::LogReader::Found& found) {
    pages.answered(std::get<EventPages::Read>(step), found);
  }

  PerClass<Seq> newest;
  EventPages pages;
  EventPages::Step step{EventPages::End{}};
};

const std::string kOldest = "/v1/events?from=oldest";
const std::string kExport = "/v1/export?from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z";

}  // namespace

TEST_CASE("a stream reads, sends what was read, and waits for what is committed next",
          "[console][unit]") {
  Stream stream(kOldest, telemetry_up_to(2));
  REQUIRE(stream.next() == "read after 0");
  stream.answer(telemetry({"one", "two"}));
  CHECK(stream.next() == "send opening\none\ntwo\n");
  CHECK(stream.next() == "wait");

  // A third is committed; what was read once is not read again.
  stream.newest = telemetry_up_to(3);
  REQUIRE(stream.next() == "read after 2");
  stream.answer(std::vector{telemetry({"one", "two", "three"}).back()});
  CHECK(stream.next() == "send three\n");
  CHECK(stream.next() == "wait");
}

TEST_CASE("a stream opens at once where nothing is stored", "[console][unit]") {
  Stream stream(kOldest, {});
  CHECK(stream.next() == "send opening\n");
  CHECK(stream.next() == "wait");
}

TEST_CASE("a page leaves when it is full, and the next one begins with the next event",
          "[console][unit]") {
  const std::string large(EventPages::kPage, 'x');
  Stream stream(kOldest, telemetry_up_to(2));
  REQUIRE(stream.next() == "read after 0");
  stream.answer(telemetry({large, "small"}));
  CHECK(stream.next() == "send opening\n" + large + "\n");
  CHECK(stream.next() == "send small\n");
  CHECK(stream.next() == "wait");
}

TEST_CASE("an export has its end where it was asked for, then its count, then no more",
          "[console][unit]") {
  Stream stream(kExport, telemetry_up_to(2));
  // What is committed while it runs is not part of it.
  stream.newest = telemetry_up_to(3);
  REQUIRE(stream.next() == "read after 0");
  stream.answer(telemetry({"one", "two", "three"}));
  CHECK(stream.next() == "send opening\none\ntwo\n{\"exported\":2,\"unset_clock\":0}\n");
  CHECK(stream.next() == "end");
  CHECK(stream.next() == "end");
}

TEST_CASE("a read that failed ends no export: it waits, and reads again", "[console][unit]") {
  Stream stream(kExport, telemetry_up_to(1));
  REQUIRE(stream.next() == "read after 0");
  stream.answer(kUnreadable);
  CHECK(stream.next() == "send opening\n");
  CHECK(stream.next() == "wait");
  REQUIRE(stream.next() == "read after 0");
  stream.answer(kUnreadable);
  CHECK(stream.next() == "wait");
  REQUIRE(stream.next() == "read after 0");
  stream.answer(telemetry({"one"}));
  CHECK(stream.next() == "send one\n{\"exported\":1,\"unset_clock\":0}\n");
  CHECK(stream.next() == "end");
}

TEST_CASE("records that cannot be read any more do not hold a stream up", "[console][unit]") {
  Stream stream(kOldest, telemetry_up_to(2));
  REQUIRE(stream.next() == "read after 0");
  stream.answer(std::vector<SharedRecord>{});
  CHECK(stream.next() == "send opening\n");
  CHECK(stream.next() == "wait");
}
