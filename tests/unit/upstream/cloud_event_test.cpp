#include "upstream/cloud_event.hpp"

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <random>
#include <vector>

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "model/relay.hpp"
#include "support/catch.hpp"
#include "support/upstream_records.hpp"

namespace watchpost::upstream {
namespace {

using upstream_test::a_record;
using upstream_test::with_payload;

EventContext a_context(RawPolicy raw = RawPolicy::always) {
  return {Gateway::from({"zhaoxiang-03", "310118106203"}).value(), "7f3a0001", raw};
}

std::string rendered(const Record& record, RawPolicy raw = RawPolicy::always) {
  std::string out;
  append_event(out, a_context(raw), record);
  return out;
}

boost::json::object parsed(const std::string& text) {
  return boost::json::parse(text).as_object();
}

boost::json::parse_options deep() {
  boost::json::parse_options options;
  options.max_depth = 2 * kMostJsonDepth;
  return options;
}

boost::json::object data_of(const boost::json::object& event) {
  return event.at("data").as_object();
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

std::vector<std::string> awkward_payloads() {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i));
  return {"",
          "plain text",
          "\"quoted\\u0000\"",
          "{\"a\":1,\"a\":2}",
          "12345678901234567890123456789012345678901234567890",
          "1e99999",
          "0e99999999999",
          R"({"name":"cut \ud83d"})",
          R"(["\ud83d\ud83d"])",
          R"(["\ude00"])",
          R"(["\ud83d\u0041"])",
          R"(["\ud83d\ude00 whole"])",
          R"(["\u00e9\u0000"])",
          "{\"battery\":97,\r\n \"text\":\"two\\nlines, \\\" and \\\\\",\n\t\"smoke\":true\n}\r\n",
          std::string(5'000, '9'),
          std::string(2'000, '[') + std::string(2'000, ']'),
          std::string(kMostJsonDepth, '[') + std::string(kMostJsonDepth, ']'),
          "{\"a\":1}trailing",
          "[1,]",
          "{\"a\"}",
          "nul",
          "-",
          "01",
          " \n[ 1 , {\"k\" : [ ] } ]\t",
          "\xEF\xBB\xBF{}",
          "\xC3\x28",
          std::string("\0\x01\x1F", 3),
          "\xE9\x82\xBB\xE5\x93\xA8",
          all_bytes};
}

// A record as the spool and the pipeline write it.
std::string annotation_about(const std::string& what) {
  if (what == "store") {
    return R"({"epoch":"7f3a0002","previous":"7f3a0001","saved":12,"lost":3,"reason":"damage"})";
  }
  if (what == "clock") {
    return R"({"reason":"synced","quality":"synced","was":"unset","correction":1,)"
           R"("offset_ms":1764012345678,"corrected_time":"2026-11-24T19:41:07.120Z",)"
           R"("before":{"wall":"1970-01-01T00:02:03.000Z"},"run":{"epoch":"7f3a0001","alarm":1,)"
           R"("patrol":1,"status":1,"telemetry":1},"affected":{"epoch":"7f3a0001",)"
           R"("alarm":{"first":1,"last":2}},"mixed":false,"earlier":"order"})";
  }
  if (what == "certificate") {
    return R"({"reason":"ends","file":"server.pem","last_day":"2027-03-31","days":7})";
  }
  return R"({"class":"telemetry","epoch":"7f3a0001","first":1,"last":9,"count":9,)"
         R"("reason":"quota"})";
}

Record a_gateway_event(RecordType type) {
  auto record = a_record(EventClass::status, 12);
  record.type = type;
  record.domain = Domain::gateway;
  record.device.clear();
  record.topic.clear();
  record.payload.clear();
  record.annotation = annotation_about(std::string(subject_of_gateway_event(type)));
  return record;
}

}  // namespace

TEST_CASE("an event carries the attributes of its schema", "[upstream][unit]") {
  auto record = a_record(EventClass::alarm, 4711);
  record.observed_at = WallTime{std::chrono::milliseconds{1'795'462'867'120}};

  const auto event = parsed(rendered(record));

  CHECK(text_at(event, "specversion") == "1.0");
  CHECK(text_at(event, "id") == "7f3a0001.a.4711");
  CHECK(text_at(event, "source") == "urn:watchpost:zhaoxiang-03");
  CHECK(text_at(event, "type") == "cn.watchpost.fire.alarm.v1");
  CHECK(text_at(event, "subject") == "smoke-3f-07");
  CHECK(text_at(event, "time") == to_rfc3339(*record.observed_at));
  CHECK(text_at(event, "recordedtime") == to_rfc3339(record.received_at));
  CHECK(text_at(event, "sequence") == "0000000000004711");
  CHECK(event.at("severitynumber").to_number<int>() == 21);
  CHECK(text_at(event, "wpclass") == "alarm");
  CHECK(text_at(event, "wpclock") == "synced");
  CHECK(text_at(event, "wparea") == "310118106203");
  CHECK(text_at(event, "datacontenttype") == "application/json");
  CHECK(text_at(data_of(event), "state") == "raised");
  CHECK(text_at(data_of(event), "topic") == "zigbee2mqtt/smoke-3f-07");
  CHECK(data_of(event).at("raw").at("battery").to_number<int>() == 97);
}

TEST_CASE("an event without an observed time uses the received one", "[upstream][unit]") {
  const auto record = a_record(EventClass::telemetry, 1);
  CHECK(text_at(parsed(rendered(record)), "time") == to_rfc3339(record.received_at));
}

TEST_CASE("every payload gives valid JSON and keeps its meaning", "[upstream][unit]") {
  for (const auto& payload : awkward_payloads()) {
    CAPTURE(to_hex(payload.substr(0, 40)), payload.size());
    auto record = with_payload(a_record(EventClass::alarm, 1), payload);
    record.type = RecordType::undecoded;
    const std::string text = rendered(record);
    CHECK(is_utf8(text));
    CHECK_NOTHROW(parsed(text));
    // tail, export and receive write each event as one line.
    CHECK(text.find_first_of("\r\n") == std::string::npos);
    if (scan_json(payload).valid && is_utf8(payload)) {
      std::string compact;
      append_compact_json(compact, payload);
      CHECK(text.find("\"raw\":" + compact) != std::string::npos);
      CHECK(boost::json::parse(compact, {}, deep()) == boost::json::parse(payload, {}, deep()));
    } else if (is_utf8(payload)) {
      CHECK(text_at(data_of(parsed(text)), "raw") == payload);
    } else {
      CHECK(from_base64(text_at(data_of(parsed(text)), "raw_base64")) == payload);
    }
  }
}

TEST_CASE("the JSON scanner agrees with an independent parser", "[upstream][unit]") {
  for (const auto& payload : awkward_payloads()) {
    if (!is_utf8(payload) || payload.size() > kMostNumberLength || payload == "1e99999") continue;
    CAPTURE(payload);
    boost::json::parse_options options;
    options.max_depth = kMostJsonDepth;
    boost::json::error_code error;
    boost::json::parse(payload, error, {}, options);
    CHECK(scan_json(payload).valid == !error);
  }
}

TEST_CASE("an event carries the raw bytes where the policy says so", "[upstream][unit]") {
  const auto alarm = a_record(EventClass::alarm, 1);
  const auto decoded = a_record(EventClass::telemetry, 1);
  auto undecoded = decoded;
  undecoded.type = RecordType::undecoded;
  auto sibling = with_payload(decoded, "");
  const auto has_raw = [](const Record& record, RawPolicy policy) {
    return data_of(parsed(rendered(record, policy))).contains("raw");
  };

  CHECK(has_raw(alarm, RawPolicy::undecoded));
  CHECK_FALSE(has_raw(decoded, RawPolicy::undecoded));
  CHECK(has_raw(undecoded, RawPolicy::undecoded));
  CHECK(has_raw(decoded, RawPolicy::always));
  CHECK_FALSE(has_raw(undecoded, RawPolicy::never));
  // The message's bytes travel once, with the record that stores them.
  CHECK_FALSE(has_raw(sibling, RawPolicy::always));
}

TEST_CASE("an annotation keeps its own topic and an empty one stays an object",
          "[upstream][unit]") {
  auto record = a_record(EventClass::status, 1);
  record.annotation = R"({"topic":"own","deep":{"topic":"x"}})";
  CHECK(text_at(data_of(parsed(rendered(record, RawPolicy::never))), "topic") == "own");
  record.annotation = "{ }";
  CHECK(text_at(data_of(parsed(rendered(record, RawPolicy::never))), "topic") == record.topic);
  record.annotation = "";
  record.topic = "";
  CHECK(data_of(parsed(rendered(record, RawPolicy::never))).empty());
  record.annotation = "{\"broken";
  CHECK(text_at(data_of(parsed(rendered(record))), "unreadable_annotation") == "{\"broken");
}

TEST_CASE("topics follow the area code and escape the device", "[upstream][unit]") {
  const auto gateway = Gateway::from({"zhaoxiang-03", "310118106203"}).value();
  auto record = a_record(EventClass::alarm, 1);
  CHECK(event_topic(gateway, record) == "wp/v1/310118/106/203/zhaoxiang-03/alarm/fire/smoke-3f-07");
  record.device = "a/b+#";
  CHECK(event_topic(gateway, record) == "wp/v1/310118/106/203/zhaoxiang-03/alarm/fire/a%2Fb%2B%23");
  record.device = "\xC3\x28" + std::string(70'000, 'x');
  const auto topic = event_topic(gateway, record);
  CHECK(is_utf8(topic));
  CHECK(topic.size() < 4'096);
  CHECK(gateway.topics().state() == "wp/v1/310118/106/203/zhaoxiang-03/status/gateway/online");
}

TEST_CASE("an event keeps the epoch under which its record was stored", "[upstream][unit]") {
  auto record = a_record(EventClass::alarm, 4711);
  record.epoch = "00c0ffee";
  CHECK(text_at(parsed(rendered(record)), "id") == "00c0ffee.a.4711");
}

TEST_CASE("events of the gateway itself are typed by what they are about", "[upstream][unit]") {
  const auto record = a_gateway_event(RecordType::gap);
  const auto event = parsed(rendered(record));
  CHECK(text_at(event, "type") == "cn.watchpost.gateway.gap.v1");
  CHECK(text_at(event, "subject") == "gap");
  CHECK(data_of(event).at("first").to_number<int>() == 1);
  CHECK(data_of(event).size() == 6);
  const auto gateway = Gateway::from({"zhaoxiang-03", "310118106203"}).value();
  CHECK(event_topic(gateway, record) == "wp/v1/310118/106/203/zhaoxiang-03/status/gateway/gap");

  // What a sensor says about itself stays telemetry, whatever type it claims.
  auto sensor = a_record(EventClass::telemetry, 1);
  sensor.domain = Domain::gateway;
  sensor.device = "gap";
  CHECK(text_at(parsed(rendered(sensor)), "type") == "cn.watchpost.gateway.telemetry.v1");
}

TEST_CASE("the online event says where the epoch begins and what will be sent",
          "[upstream][unit]") {
  LinkNews news;
  news.link = 7;
  news.number = 2;
  news.first = {Seq{1}, Seq{2}, Seq{3}, Seq{4}};
  news.oldest = {Seq{11}, Seq{12}, Seq{13}, Seq{14}};
  const auto online = parsed(online_event(a_context(), news));
  CHECK(text_at(online, "id") == "7f3a0001.link.0000000000000007.online.2");
  CHECK(text_at(data_of(online), "epoch") == "7f3a0001");
  CHECK(data_of(online).at("first").at("patrol").to_number<int>() == 2);
  CHECK(data_of(online).at("oldest").at("telemetry").to_number<int>() == 14);

  news.state = LinkState::offline;
  const auto offline = parsed(online_event(a_context(), news));
  CHECK(text_at(data_of(offline), "state") == "offline");
  CHECK_FALSE(data_of(offline).contains("oldest"));
}

TEST_CASE("a gateway without a usable area is refused with the remedy", "[upstream][unit]") {
  for (const auto* area : {"", "31011810620", "31011810620x", "3101181062033"}) {
    const auto gateway = Gateway::from({"id", area});
    REQUIRE(gateway.has_error());
    CHECK(gateway.error().remedy.find("12 digits") != std::string::npos);
  }
}

// CTest runs this case before the schema check; WATCHPOST_SAMPLES names the file to write.
TEST_CASE("samples are written for the schema check", "[upstream][.samples]") {
  const char* path = std::getenv("WATCHPOST_SAMPLES");
  REQUIRE(path != nullptr);
  std::ofstream file(path, std::ios::binary);
  for (const EventClass event_class : kEventClasses) {
    for (const auto& payload : awkward_payloads()) {
      auto record = with_payload(a_record(event_class, 9'000'000'000'000'000), payload);
      record.type = RecordType::undecoded;
      // Each event must be one line; blanks between the tokens of a JSON text may be removed.
      std::string text = rendered(record);
      for (char& c : text) c = c == '\n' ? ' ' : c;
      file << text << '\n';
    }
  }
  for (const RecordType about :
       {RecordType::gap, RecordType::store, RecordType::clock, RecordType::certificate}) {
    file << rendered(a_gateway_event(about)) << '\n';
  }
  LinkNews news;
  news.link = 7;
  file << online_event(a_context(), news) << '\n';
  news.state = LinkState::offline;
  file << online_event(a_context(), news) << '\n';
  REQUIRE(file.good());
}

namespace {

Record a_relayed_record(std::string payload) {
  Record record = with_payload(a_record(EventClass::alarm, 7), std::move(payload));
  record.type = RecordType::relayed;
  record.topic = "wp/v1/310118/106/203/village-1/alarm/fire/kitchen";
  record.annotation = annotation_of({"application/cloudevents-batch+json", "deflate", Seq{3}});
  return record;
}

}  // namespace

TEST_CASE("a relayed event goes up byte for byte, on its own topic, with what it came with",
          "[upstream][unit]") {
  for (const std::string payload : {R"( {"id" : "7f3a0001.a.1","n":1.50e+02} )", "\xFF\x00 raw"}) {
    const auto publication = publication_of(a_context(), a_relayed_record(payload));
    CHECK(publication.topic == "wp/v1/310118/106/203/village-1/alarm/fire/kitchen");
    CHECK(publication.payload == payload);
    CHECK(publication.content_type == "application/cloudevents-batch+json");
    CHECK(publication.content_encoding == "deflate");
  }
}

TEST_CASE("our own event is published as it always was", "[upstream][unit]") {
  const Record record = a_record(EventClass::alarm, 7);
  const auto publication = publication_of(a_context(), record);
  CHECK(publication.topic == event_topic(a_context().gateway, record));
  CHECK(publication.payload == rendered(record));
  CHECK(publication.content_type == "application/cloudevents+json");
  CHECK(publication.content_encoding.empty());
}

TEST_CASE("people here are shown a relayed event itself, and one object for a batch",
          "[upstream][unit]") {
  CHECK(event_text(a_context(), a_relayed_record(R"({"id":"x"})")) == R"({"id":"x"})");
  for (const std::string batch : {"[{},{}]", "\x78\x9C\x01"}) {
    CHECK(data_of(parsed(event_text(a_context(), a_relayed_record(batch)))).at("outcome") ==
          "relayed");
  }
}

}  // namespace watchpost::upstream
