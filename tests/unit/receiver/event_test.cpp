#include "receiver/event.hpp"

#include <random>

#include "support/catch.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

const ReceivedEvent& event_in(const ReadMessage& message, std::size_t index = 0) {
  return std::get<ReceivedEvent>(message.readings.at(index));
}

std::string reason_for(const Message& message) {
  const auto read = read_message({message.topic, message.payload});
  REQUIRE(read.has_error());
  return read.error().what;
}

}  // namespace

TEST_CASE("an event is read with its own text untouched", "[receiver][unit]") {
  EventParts parts;
  parts.sequence = 4711;
  parts.event_class = "alarm";
  parts.members = R"("raw":{"v" : 3.60,"big":12345678901234567890123})";
  const Message sent = message(parts);
  const auto read = read_message({sent.topic, "  " + sent.payload + "\n"}).value();
  REQUIRE(read.source == kSource);
  REQUIRE(read.prefix == kPrefix);
  const ReceivedEvent& event = event_in(read);
  REQUIRE(event.key.epoch == kEpoch);
  REQUIRE(event.key.event_class == EventClass::alarm);
  REQUIRE(event.key.sequence == Seq{4711});
  REQUIRE(event.subject == "pond-1");
}

TEST_CASE("a batch gives each event with its own text", "[receiver][unit]") {
  EventParts tricky;
  tricky.sequence = 2;
  tricky.members = R"("raw":"]},{\"[\\")";
  const std::string first = event_text({});
  const std::string second = event_text(tricky);
  const std::string payload = "[ " + first + " ,\n" + second + "]";
  const auto read = read_message({telemetry(1).topic, payload}).value();
  REQUIRE(read.readings.size() == 2);
  REQUIRE(event_in(read, 0).text == first);
  REQUIRE(event_in(read, 1).text == second);
}

TEST_CASE("a gap and the state of a gateway are understood", "[receiver][unit]") {
  const Message sent = gap(3, {Seq{11}, Seq{20}});
  const auto read = read_message({sent.topic, sent.payload}).value();
  const auto& notice = event_in(read).gap;
  REQUIRE(notice.has_value());
  REQUIRE(notice->range == SeqRange{Seq{11}, Seq{20}});
  REQUIRE(notice->event_class == EventClass::telemetry);
  REQUIRE(notice->reason == "quota");

  const Message state = online(5, 9);
  const auto said =
      std::get<GatewayState>(read_message({state.topic, state.payload}).value().readings.at(0));
  REQUIRE(said.state == "online");
  REQUIRE(said.first[index_of(EventClass::telemetry)] == Seq{5});
  REQUIRE(said.oldest[index_of(EventClass::telemetry)] == Seq{9});
  REQUIRE(said.oldest[index_of(EventClass::alarm)] == Seq{1});
}

TEST_CASE("what is no event of its gateway is refused with the reason", "[receiver][unit]") {
  const std::string topic = telemetry(1).topic;
  const std::string good = event_text({});
  EventParts other;
  other.gateway = "somebody-else";
  EventParts alarm;
  alarm.event_class = "alarm";
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return Message{topic, text};
  };
  CHECK(reason_for({topic, "{\"a\":"}).find("no JSON") == 0);
  CHECK(reason_for({topic, "\xff\xfe"}).find("no JSON") == 0);
  CHECK(reason_for({topic, std::string(10'000, '{')}).find("no JSON") == 0);
  CHECK(reason_for({topic, std::string(10'000, '[')}).find("the batch") == 0);
  CHECK(reason_for({topic, "17"}).find("neither") == 0);
  CHECK(reason_for({topic, "[17]"}).find("the batch") == 0);
  CHECK(reason_for({topic, "[]]"}).find("the batch") == 0);
  CHECK(reason_for({topic, event_text(other)}).find("the source") == 0);
  CHECK(reason_for({topic, event_text(alarm)}).find("the event is of another class") == 0);
  CHECK(reason_for({"zigbee2mqtt/kitchen", good}).find("the topic") == 0);
  CHECK(reason_for({"wp/v1/310118/106/203/zhaoxiang-03", good}).find("the topic") == 0);
  CHECK(reason_for(with("7f3a0001.t.1", "7f3a0001.t.0")).find("the id") == 0);
  CHECK(reason_for(with("7f3a0001.t.1", "7f3a0001.x.1")).find("the id") == 0);
  CHECK(reason_for(with("7f3a0001.t.1", "7F3A0001.t.1")).find("the id") == 0);
  CHECK(reason_for(with("7f3a0001.t.1", "7f3a0001.t.99999999999999999999")).find("the id") == 0);
  CHECK(reason_for(with("0000000000000001", "0000000000000002")).find("id, wpclass") == 0);
  CHECK(reason_for(with("\"0000000000000001\"", "1")).find("id, wpclass") == 0);
}

TEST_CASE("an event of which only the envelope can be read is known by its number",
          "[receiver][unit]") {
  const auto damaged = [](const Message& message) {
    const auto read = read_message({message.topic, message.payload}).value();
    REQUIRE(read.readings.size() == 1);
    return std::get<DamagedEvent>(read.readings.at(0));
  };
  EventParts parts;
  parts.sequence = 4711;
  for (const char* members :
       {R"("raw":"\ud83d")", R"("raw":"\ude00\ud83d")", "\"raw\":\"\xff\"", R"("raw":)",
        R"("raw":01)", "\"raw\":\"\n\"", R"("raw":[1,])", R"("raw":nan)", R"("raw":"\x")"}) {
    CAPTURE(members);
    parts.members = members;
    const Message sent = message(parts);
    const DamagedEvent event = damaged(sent);
    REQUIRE(event.key.sequence == Seq{4'711});
    REQUIRE(event.text == sent.payload);
    REQUIRE(event.reason.find("no JSON") == 0);
  }
  parts.members = R"("state":"info")";
  const std::string text = event_text(parts);
  REQUIRE(damaged({telemetry(1).topic, text.substr(0, text.size() - 1)}).key.sequence ==
          Seq{4'711});
  REQUIRE(damaged({telemetry(1).topic, text + "}"}).key.sequence == Seq{4'711});
  REQUIRE(damaged(gap(1, {Seq{9}, Seq{3}})).reason.find("the gap") == 0);
  // The gateway that sends the event must be readable too.
  EventParts other = parts;
  other.gateway = "somebody-else";
  other.members = R"("raw":01)";
  REQUIRE(reason_for({telemetry(1).topic, event_text(other)}).find("the source") == 0);
}

TEST_CASE("one event of a batch that cannot be read takes no other one with it",
          "[receiver][unit]") {
  EventParts bad;
  bad.sequence = 2;
  bad.members = R"("raw":"\ud83d")";
  const std::string batch =
      "[" + telemetry(1).payload + "," + event_text(bad) + " , 17," + telemetry(3).payload + "]";
  const ReadMessage read = read_message({telemetry(1).topic, batch}).value();
  REQUIRE(read.readings.size() == 3);
  REQUIRE(event_in(read, 0).key.sequence == Seq{1});
  REQUIRE(std::get<DamagedEvent>(read.readings.at(1)).key.sequence == Seq{2});
  REQUIRE(event_in(read, 2).text == telemetry(3).payload);
  REQUIRE(read.rest.find("the batch") == 0);
  REQUIRE(
      read_message({telemetry(1).topic, "[" + telemetry(1).payload + "]"}).value().rest.empty());
}

TEST_CASE("commands, receipts and cleared messages are nobody's events", "[receiver][unit]") {
  for (const char* end : {"rcpt", "cmd", "cmd/x"}) {
    REQUIRE(read_message({kPrefix + end, "anything"}).value().readings.empty());
  }
  REQUIRE(read_message({kPrefix + "status/gateway/online", ""}).value().readings.empty());
}

TEST_CASE("reading a damaged event always ends with an answer", "[receiver][unit]") {
  const auto seed = Catch::rngSeed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const std::string whole = "[" + event_text({}) + "," + gap(2, {Seq{1}, Seq{4}}).payload + "," +
                            online(3, 4).payload + "]";
  std::size_t readable = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = whole;
    for (std::uint64_t hits = 1 + random() % 3; hits > 0; --hits) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    if (random() % 4 == 0) text.resize(random() % text.size());
    readable += read_message({telemetry(1).topic, text}).has_value() ? 1U : 0U;
  }
  REQUIRE(readable < 20'000);
}
