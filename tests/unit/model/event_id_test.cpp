#include "model/event_id.hpp"

#include "support/catch.hpp"

using namespace watchpost;

TEST_CASE("an event id names epoch, class and sequence, and is read back", "[model][unit]") {
  CHECK(event_id({"7f3a0001", EventClass::alarm, Seq{4'711}}) == "7f3a0001.a.4711");
  for (const EventClass event_class : kEventClasses) {
    for (const std::uint64_t number : {1ULL, 4'711ULL, 9'223'372'036'854'775'806ULL}) {
      const EventKey key{"00c0ffee", event_class, Seq{number}};
      CHECK(event_key_from(event_id(key)) == key);
    }
  }
}

TEST_CASE("a record gets the id of its own epoch", "[model][unit]") {
  Record record;
  record.epoch = "00c0ffee";
  record.event_class = EventClass::patrol;
  record.seq = Seq{12};
  std::string id;
  append_event_id(id, record);
  CHECK(id == event_id({record.epoch, record.event_class, record.seq}));
}

TEST_CASE("a text that is no event id is not read as one", "[model][unit]") {
  for (const auto* id :
       {"", ".", "7f3a0001", "7f3a0001.a", "7f3a0001.a.", "7f3a0001.a.0", "7f3a0001.x.1",
        "7f3a0001.aa.1", "7f3a0001.a.1.1", "7f3a0001.a.-1", "7f3a0001.a.1 ", "7F3A0001.a.1",
        "7f3a001.a.1", "7f3a00011.a.1", "7f3a000g.a.1", "7f3a0001.a.9223372036854775807",
        "7f3a0001.a.99999999999999999999", "7f3a0001.link.0000000000000007.online.2"}) {
    INFO(id);
    CHECK_FALSE(event_key_from(id));
  }
}

TEST_CASE("sequences sort as texts as they do as numbers", "[model][unit]") {
  const auto text = [](std::uint64_t number) {
    std::string out;
    append_sequence(out, Seq{number});
    return out;
  };
  CHECK(text(4'711) == "0000000000004711");
  CHECK(text(9) < text(10));
  CHECK(sequence_from(text(4'711)) == Seq{4'711});
  CHECK_FALSE(sequence_from(""));
  CHECK_FALSE(sequence_from("12a"));
  CHECK_FALSE(sequence_from("0000000000000000"));
}

TEST_CASE("an event is typed by its class, and one of the gateway itself by what it is about",
          "[model][unit]") {
  const auto type_of = [](RecordType type, Domain domain) {
    Record record;
    record.type = type;
    record.domain = domain;
    record.event_class = EventClass::status;
    std::string out;
    append_event_type(out, record);
    return out;
  };
  CHECK(type_of(RecordType::observation, Domain::fire) == "cn.watchpost.fire.status.v1");
  CHECK(type_of(RecordType::gap, Domain::gateway) == kGapEventType);
  CHECK(type_of(RecordType::store, Domain::gateway) == "cn.watchpost.gateway.store.v1");
  CHECK(type_of(RecordType::clock, Domain::gateway) == "cn.watchpost.gateway.clock.v1");
  CHECK(type_of(RecordType::certificate, Domain::gateway) == "cn.watchpost.gateway.certificate.v1");
  CHECK(domain_in_event_type("cn.watchpost.fire.status.v1") == "fire");
  CHECK(domain_in_event_type(kLinkEventType) == "gateway");
  CHECK(domain_in_event_type("com.example.fire.v1").empty());
}

TEST_CASE("what is said of a link has an id of its own for each word", "[model][unit]") {
  CHECK(link_event_id({"7f3a0001", 7, "online", 2}) == "7f3a0001.link.0000000000000007.online.2");
}
