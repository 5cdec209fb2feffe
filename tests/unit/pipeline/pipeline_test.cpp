#include "pipeline/pipeline.hpp"

#include "bench.hpp"
#include "model/relay.hpp"
#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::pipeline::testing;
using namespace watchpost::support;

TEST_CASE("a decoded alarm becomes an alarm record with CAP's words and the exact bytes",
          "[pipeline][unit]") {
  Bench bench;
  auto smoke = observed(Kind::smoke, DeclaredState::alarm);
  smoke.readings = {
      {"smoke", "", true}, {"battery", "%EL", 97.0}, {"tamper", "", std::monostate{}}};
  bench.decoder.answer = {decode::Outcome::decoded, "zigbee2mqtt", "kitchen", {smoke}, ""};

  bench.submit("{\"smoke\":true}");

  REQUIRE(bench.spool.waiting.size() == 1);
  const Record& record = bench.spool.waiting[0].records.at(0);
  CHECK(record.event_class == EventClass::alarm);
  CHECK(record.domain == Domain::fire);
  CHECK(record.severity_number == kSeverityAlarm);
  CHECK(record.payload == "{\"smoke\":true}");
  CHECK(record.received_at == bench.clock.wall_time);
  CHECK(record.clock == ClockQuality::synced);
  const auto event = bench.annotation(0);
  CHECK(event.at("state").as_string() == "raised");
  CHECK(event.at("urgency").as_string() == "Immediate");
  CHECK(event.at("readings").as_array().at(1).at("v").to_number<double>() == 97.0);
  CHECK(event.at("readings").as_array().at(2).at("v").is_null());
}

TEST_CASE("one message about several devices is one append, and the first class holds the bytes",
          "[pipeline][unit]") {
  Bench bench;
  bench.decoder.answer = {decode::Outcome::decoded,
                          "senml",
                          "",
                          {observed(Kind::water_level, DeclaredState::normal),
                           observed(Kind::smoke, DeclaredState::alarm)},
                          ""};
  bench.submit("bytes");

  REQUIRE(bench.spool.waiting.size() == 1);
  const auto& records = bench.spool.waiting[0].records;
  REQUIRE(records.size() == 3);
  CHECK(records[0].event_class == EventClass::alarm);
  CHECK(records[0].payload == "bytes");
  CHECK(records[1].event_class == EventClass::telemetry);
  CHECK(records[1].payload.empty());
  CHECK(records[2].type == RecordType::transition);
  CHECK(bench.annotation(1).at("part").to_number<int>() == 2);
}

TEST_CASE("what subscribers are to get of a message has the class of its most urgent record",
          "[pipeline][unit]") {
  Bench bench;
  const auto class_of = [&bench](std::vector<Observation> observations) {
    bench.decoder.answer = {decode::Outcome::decoded, "senml", "", std::move(observations), ""};
    Message message{*Topic::parse("wp/in/fire/kitchen"), "bytes"};
    QueuedChange queued;
    queued.client_id = "display";
    bench.pipeline.submit(std::move(message), {queued}, {bench.settled, TicketNumber{1}});
    return std::get<QueuedChange>(bench.spool.waiting.back().facts.back()).queue_class;
  };
  const auto level = observed(Kind::water_level, DeclaredState::normal);
  CHECK(class_of({level, observed(Kind::smoke, DeclaredState::alarm)}) == QueueClass::alarm);
  CHECK(class_of({level}) == QueueClass::telemetry);
  bench.pipeline.set_local(decode::LocalTraffic({{"wp/in/fire/#"}, {}}, {}));
  CHECK(class_of({level}) == QueueClass::local);
}

TEST_CASE("what may be an alarm and is not understood is kept with the alarms and told until it is",
          "[pipeline][unit]") {
  Bench bench;
  std::vector<Trouble> told;
  bench.pipeline.on_unread([&](const Trouble& trouble) { told.push_back(trouble); });
  auto smoke = observed(Kind::smoke, DeclaredState::unknown);
  smoke.flags = {"not_understood"};
  bench.decoder.answer = {
      decode::Outcome::decoded, "zigbee2mqtt", "kitchen", {smoke}, "\"smoke_state\" says \"x\""};
  bench.submit("{\"smoke_state\":\"x\"}");

  const Record& record = bench.spool.waiting.at(0).records.at(0);
  CHECK(record.event_class == EventClass::alarm);
  CHECK(bench.annotation(0).at("state").as_string() == "unknown");
  REQUIRE(told.size() == 1);
  const auto sentence = sentence_of(told[0], Language::english);
  CHECK(sentence.find("kitchen") != std::string::npos);
  CHECK(sentence.find("\"smoke_state\" says \"x\"") != std::string::npos);

  // A success elsewhere takes nothing away.
  auto other = observed(Kind::measurement, DeclaredState::info);
  bench.decoder.answer = {decode::Outcome::decoded, "zigbee2mqtt", "kitchen", {other}, ""};
  bench.submit("{\"temperature\":20}");
  CHECK(bench.pipeline.unread().count(SteadyTime::max()) == 1);
  bench.decoder.answer.observations = {observed(Kind::smoke, DeclaredState::normal)};
  bench.submit("{\"smoke\":false}");
  CHECK(bench.pipeline.unread().count(SteadyTime::max()) == 0);
}

TEST_CASE("what a decoder remembers is kept in the append of its message", "[pipeline][unit]") {
  Bench bench;
  bench.decoder.answer = {decode::Outcome::ignored, "zigbee2mqtt", "", {}, "a list"};
  bench.decoder.answer.remembered = {{"zigbee2mqtt", "list", "text"}};
  bench.submit("[]");
  REQUIRE(bench.spool.waiting.size() == 1);
  REQUIRE(bench.spool.waiting[0].facts.size() == 1);
  CHECK(std::get<Remembered>(bench.spool.waiting[0].facts[0]).value == "text");
  CHECK(bench.spool.waiting[0].records.size() == 1);
}

TEST_CASE("what nothing decodes is kept as received and marked", "[pipeline][unit]") {
  Bench bench;
  bench.submit(std::string("\x00\xFF", 2));
  const Record& record = bench.spool.waiting.at(0).records.at(0);
  CHECK(record.type == RecordType::undecoded);
  CHECK(record.event_class == EventClass::telemetry);
  CHECK(record.payload == std::string("\x00\xFF", 2));
  CHECK(record.device == "bridge");
  CHECK(bench.annotation(0).at("outcome").as_string() == "undecoded");
  CHECK(bench.pipeline.devices().entries().front().unread == 1);
}

TEST_CASE("a broken message of a known device is a status record that says why",
          "[pipeline][unit]") {
  Bench bench;
  bench.decoder.answer = {decode::Outcome::malformed, "zigbee2mqtt", "kitchen", {}, "not JSON"};
  bench.submit("{\"smoke\":tr");
  const Record& record = bench.spool.waiting.at(0).records.at(0);
  CHECK(record.event_class == EventClass::status);
  CHECK(record.severity_number == kSeverityWarning);
  CHECK(bench.annotation(0).at("why").as_string() == "not JSON");
  CHECK(bench.pipeline.totals().malformed == 1);
}

TEST_CASE("the ticket is settled by the spool and not before", "[pipeline][unit]") {
  Bench bench;
  bench.submit("x");
  CHECK(bench.settled->entries.empty());
  bench.spool.commit();
  REQUIRE(bench.settled->entries.size() == 1);
  CHECK(bench.settled->entries[0].success);
}

TEST_CASE("what was not kept counts as not kept, and what is committed as recorded",
          "[pipeline][unit]") {
  Bench bench;
  bench.submit("lost");
  CHECK(bench.pipeline.totals().records == PerClass<std::uint64_t>{});
  bench.spool.fail(Failure{Failure::Kind::storage, "the disk hums", "Look at it"});
  CHECK(bench.pipeline.totals().not_kept == 1);
  CHECK(bench.pipeline.totals().records == PerClass<std::uint64_t>{});
  REQUIRE(bench.settled->entries.size() == 1);
  CHECK_FALSE(bench.settled->entries[0].success);

  bench.submit("kept");
  bench.pipeline.submit({SessionChange{}}, {bench.settled, TicketNumber{9}});
  CHECK(bench.pipeline.totals().records == PerClass<std::uint64_t>{});  // not ahead of the disk
  bench.spool.commit();
  CHECK(bench.pipeline.totals().records == PerClass<std::uint64_t>{0, 0, 0, 1});
  CHECK(bench.pipeline.totals().not_kept == 1);
  REQUIRE(bench.settled->entries.size() == 3);
  CHECK(bench.settled->entries[2].ticket == 9);
}

TEST_CASE("decoders are told when a broker sends a stored copy", "[pipeline][unit]") {
  Bench bench;
  bench.submit("x", true);
  CHECK(bench.decoder.last_was_stored_copy);
}

TEST_CASE("readings that JSON cannot carry become null, names in other bytes hexadecimal",
          "[pipeline][unit]") {
  Bench bench;
  auto odd = observed(Kind::measurement, DeclaredState::info);
  odd.readings = {{"temperature", "Cel", std::nan("")}, {"name", "", std::string("\xFF")}};
  bench.decoder.answer = {decode::Outcome::decoded, "senml", "", {odd}, ""};
  bench.submit("x");
  const auto readings = bench.annotation(0).at("readings").as_array();
  CHECK(readings.at(0).at("v").is_null());
  CHECK(readings.at(1).at("vs").as_string() == "ff");
}

TEST_CASE("numbers are written as people write them", "[pipeline][unit]") {
  Bench bench;
  auto level = observed(Kind::water_level, DeclaredState::info);
  level.readings = {{"level", "m", 3.21}, {"battery", "%EL", 97.0}, {"small", "", -1e-9}};
  bench.decoder.answer = {decode::Outcome::decoded, "senml", "", {level}, ""};
  bench.submit("x");
  const auto& text = bench.spool.waiting.at(0).records.at(0).annotation;
  CHECK(text.find(R"("v":3.21})") != std::string::npos);
  CHECK(text.find(R"("v":97})") != std::string::npos);
  CHECK(bench.annotation(0).at("readings").as_array().at(2).at("v").to_number<double>() == -1e-9);
}

TEST_CASE("the roll of devices forgets who has been silent longest", "[pipeline][unit]") {
  DeviceRoll roll;
  for (std::size_t i = 0; i <= DeviceRoll::kMostDevices; ++i) roll.seen(std::to_string(i), {});
  CHECK(roll.entries().size() == DeviceRoll::kMostDevices);
  CHECK(roll.entries().back().device == "1");
  roll.seen("1", {});
  CHECK(roll.entries().front().device == "1");
  CHECK(roll.entries().front().messages == 2);
}

TEST_CASE("a relayed event keeps its class, its bytes and what it came with", "[pipeline][unit]") {
  Bench bench;
  bench.decoder.answer.outcome = decode::Outcome::relayed;
  bench.decoder.answer.device = "kitchen";
  bench.decoder.answer.relayed =
      decode::Relayed{"village-1", EventClass::alarm, Domain::fire, kSeverityAlarm, std::nullopt};
  Message message{*Topic::parse("wp/v1/310118/106/203/village-1/alarm/fire/kitchen"), "bytes"};
  message.content_type = "application/cloudevents+json";
  message.content_encoding = "deflate";

  bench.pipeline.submit(std::move(message), {}, {bench.settled, TicketNumber{1}});

  const Record& record = bench.spool.waiting.at(0).records.at(0);
  CHECK(record.event_class == EventClass::alarm);
  CHECK(record.domain == Domain::fire);
  CHECK(record.severity_number == kSeverityAlarm);
  CHECK(record.device == "kitchen");
  CHECK(record.topic == "wp/v1/310118/106/203/village-1/alarm/fire/kitchen");
  CHECK(record.payload == "bytes");
  CHECK(relay_mark_of(record) == RelayMark{"application/cloudevents+json", "deflate", {}});
  CHECK(bench.pipeline.devices().entries().front().device == "village-1");
}

TEST_CASE("what comes from outside under our own name is refused in its turn and not kept",
          "[pipeline][unit]") {
  Bench bench;
  bench.decoder.answer.outcome = decode::Outcome::own;
  bench.decoder.answer.why = "an event came from outside under this gateway's own id";
  bench.submit("bytes");
  REQUIRE(bench.spool.waiting.size() == 1);
  CHECK(bench.spool.waiting[0].records.empty());
  CHECK(bench.spool.waiting[0].refusal->what == bench.decoder.answer.why);
  CHECK(bench.pipeline.totals().own == 1);
}

TEST_CASE("a device whose messages cannot be read is a trouble until one is", "[pipeline][unit]") {
  Bench bench;
  std::vector<Trouble> told;
  bench.pipeline.on_unread([&told](const Trouble& trouble) { told.push_back(trouble); });
  bench.decoder.answer = {decode::Outcome::malformed, "zigbee2mqtt", "kitchen", {}, "no JSON"};
  bench.decoder.answer.name = "3F kitchen";

  bench.submit("{");
  bench.submit("{{");

  REQUIRE(told.size() == 1);
  CHECK(told.front().code == TroubleCode::devices_not_read);
  CHECK(bench.pipeline.unread().count(SteadyTime::max()) == 1);
  CHECK(bench.annotation(0).at("name").as_string() == "3F kitchen");
  CHECK(bench.pipeline.devices().entries().front().name == "3F kitchen");

  auto smoke = observed(Kind::smoke, DeclaredState::normal);
  smoke.name = "3F kitchen";
  bench.decoder.answer = {decode::Outcome::decoded, "zigbee2mqtt", "kitchen", {smoke}, ""};
  bench.submit("{}");
  CHECK_FALSE(bench.pipeline.unread().trouble(SteadyTime::max()));
}

TEST_CASE("an item that its decoder does not know is a trouble until a message is read as a whole",
          "[pipeline][unit]") {
  Bench bench;
  auto distance = observed(Kind::water_distance, DeclaredState::normal);
  distance.flags = {"partly_read"};
  const std::string why = "the item 3199 is not in the codec";
  bench.decoder.answer = {decode::Outcome::decoded, "chirpstack4", "weir", {distance}, why};

  bench.submit("an item more");
  REQUIRE(bench.pipeline.unread().trouble(SteadyTime::max()));
  CHECK(bench.pipeline.unread().count(SteadyTime::max()) == 1);

  distance.flags.clear();
  bench.decoder.answer = {decode::Outcome::decoded, "chirpstack4", "weir", {distance}, ""};
  bench.submit("as before");
  CHECK_FALSE(bench.pipeline.unread().trouble(SteadyTime::max()));
}

TEST_CASE("an old copy that nothing reads is no trouble", "[pipeline][unit]") {
  Bench bench;
  bench.decoder.answer = {decode::Outcome::not_mine, "", "", {}, ""};
  bench.submit("x", true);
  CHECK(bench.pipeline.unread().count(SteadyTime::max()) == 0);
  bench.submit("x");
  CHECK(bench.pipeline.unread().count(SteadyTime::max()) == 1);
}

TEST_CASE("the name that the site gives a device stands in its events", "[pipeline][unit]") {
  Bench bench;
  auto smoke = observed(Kind::smoke, DeclaredState::alarm);
  smoke.name = "三楼\"厨房\"";
  bench.decoder.answer = {decode::Outcome::decoded, "zigbee2mqtt", "kitchen", {smoke}, ""};
  bench.submit("{}");
  CHECK(bench.annotation(0).at("name").as_string() == "三楼\"厨房\"");
}

TEST_CASE("a scaled reading has the digits that were measured", "[pipeline][unit]") {
  Bench bench;
  auto level = observed(Kind::measurement, DeclaredState::info);
  level.readings = {{"battery_voltage", "V", 3312 * 0.001},
                    {"distance", "mm", 16754 * 0.01},
                    {"level", "m", 1.0 / 3},
                    {"count", "", 100000.0}};
  bench.decoder.answer = {decode::Outcome::decoded, "senml", "kitchen", {level}, ""};
  bench.submit("{}");
  const std::string& text = bench.spool.waiting.at(0).records.at(0).annotation;
  CHECK(text.find("\"v\":3.312}") != std::string::npos);
  CHECK(text.find("\"v\":167.54}") != std::string::npos);
  CHECK(text.find("\"v\":0.333333333333333}") != std::string::npos);
  CHECK(text.find("\"v\":100000}") != std::string::npos);
}

TEST_CASE("a command is not decoded and makes no record, and its sender is answered",
          "[pipeline][unit]") {
  Bench bench;
  bench.pipeline.set_local(decode::LocalTraffic({{"+/order"}, {"+/list"}}, {}));
  bench.decoder.answer = {decode::Outcome::decoded,
                          "by_name",
                          "siren",
                          {observed(Kind::smoke, DeclaredState::alarm)},
                          ""};
  bench.submit_on("siren/order", "{\"alarm\":true}");
  REQUIRE(bench.spool.waiting.size() == 1);
  CHECK(bench.spool.waiting[0].is_empty());
  bench.spool.commit();
  CHECK(bench.settled->entries.size() == 1);
  CHECK(bench.pipeline.totals().local == 1);
  CHECK(bench.pipeline.devices().entries().empty());
}

TEST_CASE("of a list what is telemetry stays here, and what it taught is kept",
          "[pipeline][unit]") {
  Bench bench;
  bench.pipeline.set_local(decode::LocalTraffic({{"+/order"}, {"+/list"}}, {}));
  bench.decoder.answer = {decode::Outcome::ignored, "zigbee2mqtt", "bridge", {}, "a list"};
  bench.decoder.answer.remembered = {{"zigbee2mqtt", "kitchen", "{}"}};
  bench.submit_on("bridge/list", "[]");
  REQUIRE(bench.spool.waiting.size() == 1);
  CHECK(bench.spool.waiting[0].records.empty());
  CHECK(bench.spool.waiting[0].facts.size() == 1);

  bench.decoder.answer = {decode::Outcome::decoded,
                          "by_name",
                          "panel",
                          {observed(Kind::measurement, DeclaredState::info),
                           observed(Kind::smoke, DeclaredState::alarm)},
                          ""};
  bench.submit_on("panel/list", "{\"smoke\":true}");
  REQUIRE(bench.spool.waiting.at(1).records.size() == 2);
  CHECK(bench.spool.waiting[1].records[0].event_class == EventClass::alarm);
  CHECK(bench.spool.waiting[1].records[0].payload == "{\"smoke\":true}");
  CHECK(bench.spool.waiting[1].records[1].type == RecordType::transition);

  // What of it nothing could read is told as of every message.
  bench.decoder.answer = {decode::Outcome::malformed, "zigbee2mqtt", "bridge", {}, "no JSON"};
  bench.submit_on("bridge/list", "[");
  CHECK(bench.spool.waiting.at(2).records.size() == 1);
  CHECK(bench.pipeline.totals().local == 1);
}
