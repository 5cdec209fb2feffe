#include "model/relay.hpp"

#include "support/catch.hpp"

using namespace watchpost;

TEST_CASE("what belongs to a relayed event comes back from its record as it was put there",
          "[model][unit]") {
  for (const std::string type : {"", "application/cloudevents-batch+json"}) {
    for (const std::string encoding : {"", "deflate"}) {
      for (const std::uint64_t run : {0ULL, 1ULL, 18'446'744'073'709'551'615ULL}) {
        const RelayMark mark{type, encoding, Seq{run}};
        Record record;
        record.type = RecordType::relayed;
        record.annotation = annotation_of(mark);
        INFO(record.annotation);
        CHECK(is_relayed(record));
        CHECK(relay_mark_of(record) == mark);
      }
    }
  }
}

TEST_CASE("records of other kinds are no relayed ones", "[model][unit]") {
  for (const std::string annotation :
       {"", "{}", R"({"outcome":"undecoded","topic":"a"})", R"({"outcome":"malformed"})",
        R"({"kind":"smoke","state":"raised"})"}) {
    Record record;
    record.annotation = annotation;
    CHECK_FALSE(begins_as_relay_mark(annotation));
    for (const RecordType type : {RecordType::observation, RecordType::relayed}) {
      record.type = type;
      CHECK_FALSE(relay_mark_of(record));
    }
  }
}

TEST_CASE("a damaged mark is no mark", "[model][unit]") {
  Record record;
  record.type = RecordType::relayed;
  const std::string whole =
      annotation_of({"application/cloudevents-batch+json", "deflate", Seq{4711}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    record.annotation = whole.substr(0, length);
    CHECK_FALSE(relay_mark_of(record));
  }
}

TEST_CASE("content types that would break out of the mark are none", "[model][unit]") {
  CHECK(is_relay_text(""));
  CHECK(is_relay_text("application/cloudevents+json; charset=utf-8"));
  for (const std::string text : {"a\"b", "a\\b", "a\nb", "caf\xC3\xA9"})
    CHECK_FALSE(is_relay_text(text));
  CHECK_FALSE(is_relay_text(std::string(129, 'a')));
}
