#include "app/status_report.hpp"

#include "model/trouble_catalogue.hpp"
#include "pipeline/judging.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::app;

namespace {

// A daemon with one upstream, all of it healthy.
struct Sample {
  settings::Config config;
  pipeline::PipelineTotals totals;
  pipeline::DeviceRoll devices;
  upstream::UplinkStatus street;
  spool::SpoolStatus spool;
  std::vector<ingress::BrokerStatus> brokers;
  ingress::ListenerStatus listeners;
  ClockQuality clock = ClockQuality::synced;

  Sample() {
    settings::UpstreamConfig upstream;
    upstream.link.name = "street";
    config.upstreams.push_back(upstream);
    street.name = "street";
    street.state = upstream::UplinkState::connected;
  }
  [[nodiscard]] Snapshot snapshot() const {
    return {config, {}, {}, {}, clock, spool, totals, devices, listeners, brokers, {street}};
  }
  [[nodiscard]] Trouble only_trouble() const {
    const auto troubles = troubles_of(snapshot());
    REQUIRE(troubles.size() == 1);
    return troubles.front();
  }
  [[nodiscard]] std::string what() const { return what_of(only_trouble(), Language::english); }
  [[nodiscard]] std::string next() const { return next_of(only_trouble(), Language::english); }
};

Trouble unreached() {
  return trouble<TroubleCode::link_not_reached>(arg<"url">("mqtt://s"),
                                                arg<"why">("Connection refused"));
}

bool report_says(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a daemon that is well reports no trouble", "[app][unit]") {
  const Sample sample;
  CHECK(troubles_of(sample.snapshot()).empty());
  CHECK(status_line(sample.snapshot()) == "0 messages from 0 devices; street connected, backlog 0");
}

TEST_CASE("a profile that nothing knows, and upstreams without alarms, are troubles from the start",
          "[app][unit]") {
  Sample sample;
  settings::DeviceConfig device;
  device.id = "24e124136d123456";
  device.name = "Hall";
  device.profile = "sos-buton";
  sample.config.devices.push_back(device);
  CHECK(sample.what().find("Hall (24e124136d123456): sos-buton") != std::string::npos);
  CHECK(sample.next().find("--check-config") != std::string::npos);
  // A mapping of the site's may know it.
  settings::DecoderConfig own;
  own.use = "/etc/watchpost/own.toml";
  sample.config.decoders.push_back(own);
  CHECK(troubles_of(sample.snapshot()).empty());
  sample.config.upstreams[0].classes = {false, true, true, true};
  CHECK(sample.only_trouble().code == TroubleCode::no_upstream_for_alarms);
}

TEST_CASE("a box that nobody has set up says so, and what to do", "[app][unit]") {
  Sample sample;
  sample.config.is_set_up = false;
  CHECK(sample.only_trouble().code == TroubleCode::not_set_up);
  CHECK(sample.next().find("sudo watchpost setup") != std::string::npos);
  sample.config.is_set_up = true;
  CHECK(troubles_of(sample.snapshot()).empty());
}

TEST_CASE("what waited in a store that vanished is told until the daemon ends", "[app][unit]") {
  const Sample sample;
  Snapshot snapshot = sample.snapshot();
  snapshot.lost_store = LostStore{5, 3};
  const auto troubles = troubles_of(snapshot);
  REQUIRE(troubles.size() == 1);
  CHECK(what_of(troubles[0], Language::english).find("5 events (3 alarm events)") !=
        std::string::npos);
  CHECK(entry_of(troubles[0].code).severity == TroubleSeverity::critical);
}

TEST_CASE("a broker is said to keep what arrives only where a session of ours is known to be there",
          "[app][unit]") {
  Sample sample;
  ingress::BrokerStatus office;
  office.name = "office";
  office.state = ingress::BrokerState::waiting;
  office.failure = unreached();
  sample.brokers = {office};
  CHECK(sample.what().find("may never reach this box") != std::string::npos);
  sample.brokers[0].keeps_for = std::chrono::hours{1};
  CHECK(sample.what().find("should keep what arrives meanwhile, for 60 min") != std::string::npos);
  sample.brokers[0] = {};
  sample.brokers[0].name = "office";
  sample.brokers[0].state = ingress::BrokerState::reading;
  sample.brokers[0].received = 1;
  CHECK(troubles_of(sample.snapshot()).empty());
  sample.brokers[0].session_lost = true;
  CHECK(sample.what().find("had forgotten this box") != std::string::npos);
}

TEST_CASE("a broker that has brought nothing for an hour is told of", "[app][unit]") {
  Sample sample;
  ingress::BrokerStatus office;
  office.name = "office";
  office.state = ingress::BrokerState::reading;
  sample.brokers = {office};
  Snapshot snapshot = sample.snapshot();
  snapshot.now += std::chrono::minutes{59};
  CHECK(troubles_of(snapshot).empty());
  snapshot.now += std::chrono::minutes{61};
  const auto troubles = troubles_of(snapshot);
  REQUIRE(troubles.size() == 1);
  CHECK(what_of(troubles[0], Language::english)
            .find("Nothing has come from broker office in the 2 h") != std::string::npos);
}

TEST_CASE("an upstream whose receiver is silent is not said to refuse", "[app][unit]") {
  Sample sample;
  sample.street.backlog = {1, 0, 0, 0};
  sample.street.failure = trouble<TroubleCode::receipts_silent>(arg<"topic">("wp/rcpt"));
  sample.street.receipts_missing = true;
  CHECK(report_says(sample.what(),
                    "street does not confirm what it gets; 1 event (1 alarm event) kept here"));
}

TEST_CASE("what was set aside is told with the reason of the last one", "[app][unit]") {
  Sample sample;
  sample.spool.set_aside["street"].records = {1, 0, 0, 2};
  CHECK(report_says(sample.what(), "refused 3 events for good (1 alarm, 2 telemetry)"));
  CHECK(report_says(sample.next(), "Ask the operator of its broker"));
  sample.street.set_aside_why = trouble<TroubleCode::class_set_aside>(
      arg<"class">(EventClass::alarm), arg<"code">("0x95, packet too large"));
  CHECK(report_says(sample.next(), "0x95, packet too large"));
  // All set-aside records were taken back.
  sample.spool.set_aside["street"].records = {};
  CHECK(troubles_of(sample.snapshot()).empty());
}

TEST_CASE("an upstream that is down says how much waits for it and what to do", "[app][unit]") {
  Sample sample;
  sample.street.state = upstream::UplinkState::waiting;
  sample.street.failure = unreached();
  CHECK(report_says(sample.what(), "street is not connected; 0 events (no alarm) kept here"));
  CHECK_FALSE(report_says(sample.next(), "telephone"));

  sample.street.backlog = {1, 0, 0, 3};
  CHECK(report_says(sample.what(), "4 events (1 alarm event) kept here until it has them"));
  CHECK(report_says(sample.next(),
                    "tried again by itself. Until it is connected again, tell street about"));
  CHECK(report_says(
      status_line(sample.snapshot()),
      "street waiting, backlog 4; 1 trouble, run `watchpost status`: Upstream street is"));
}

TEST_CASE("an upstream that is connected and refuses events is not called disconnected",
          "[app][unit]") {
  Sample sample;
  sample.street.failure = trouble<TroubleCode::refusal_not_authorized>(arg<"topic">("wp/v1/#"));
  sample.street.backlog = {0, 0, 0, 1};
  CHECK(report_says(sample.what(), "street refuses events; 1 event (0 alarm events) kept here"));
}

TEST_CASE("an upstream whose backlog cannot be read is not said to refuse, in either language",
          "[app][unit]") {
  Sample sample;
  sample.street.failure = trouble<TroubleCode::store_disk_errors>(
      arg<"step">("read"), arg<"why">("disk I/O error"), arg<"code">("10"));
  sample.street.backlog_not_readable = true;
  sample.street.backlog = {1, 0, 0, 0};
  CHECK(sample.only_trouble().code == TroubleCode::upstream_backlog_not_readable);
  CHECK(report_says(next_of(sample.only_trouble(), Language::chinese), "请检查磁盘或存储卡"));
}

TEST_CASE("a store that cannot be written comes before everything else", "[app][unit]") {
  Sample sample;
  sample.street.state = upstream::UplinkState::waiting;
  sample.street.failure = unreached();
  sample.spool.last_failure = trouble<TroubleCode::store_disk_errors>(
      arg<"step">("commit"), arg<"why">("disk I/O error"), arg<"code">("10"));
  const auto troubles = troubles_of(sample.snapshot());
  REQUIRE(troubles.size() == 2);
  CHECK(troubles[0].code == TroubleCode::store_not_writable);
  CHECK(report_says(next_of(troubles[0], Language::english), "Check the disk or SD card"));
}

TEST_CASE("a broker that is not read and a wrong clock are troubles", "[app][unit]") {
  Sample sample;
  settings::BrokerConfig broker;
  sample.config.brokers.push_back(broker);
  ingress::BrokerStatus status;
  status.name = "office";
  status.failure = unreached();
  sample.brokers.push_back(status);
  CHECK(report_says(sample.what(), "Broker office is not being read"));

  sample.brokers.front().failure.reset();
  sample.clock = ClockQuality::unset;
  CHECK(report_says(sample.next(), "timedatectl"));
}

TEST_CASE("the report is one JSON object with the troubles in a list of their own", "[app][unit]") {
  Sample sample;
  sample.street.failure =
      trouble<TroubleCode::tls_file>(arg<"file">("a \"b\".pem"), arg<"why">("no"));
  const auto report = status_json(sample.snapshot(), Devices::recent);
  CHECK(report_says(report,
                    R"("troubles":[{"code":"upstream_refuses","severity":"critical","args":)"));
  CHECK(report_says(report, R"("next":{"en":"a \"b\".pem cannot be used: no. Name a PEM file)"));
  CHECK(report_says(report, R"("upstreams":[{"name":"street")"));
}

TEST_CASE("want of room says what is refused, what is gone, and what to do", "[app][unit]") {
  Sample sample;
  sample.spool.no_room = trouble<TroubleCode::room_quota>(arg<"class">(EventClass::telemetry),
                                                          arg<"free">(ByteCount{4096}));
  sample.spool.refused[index_of(EventClass::telemetry)] = 7;
  sample.spool.dropped[index_of(EventClass::telemetry)] = 100;
  sample.spool.dropped[index_of(EventClass::status)] = 2;
  CHECK(report_says(sample.what(), "Refused since the start (devices keep them): 7 telemetry."));
  CHECK(report_says(sample.what(),
                    "Dropped in all (the upstreams are told which): 2 status, 100 telemetry"));
  CHECK(report_says(sample.next(), "store.quota"));
}

TEST_CASE("a salvaged store says how much was saved and lost and where the rest is",
          "[app][unit]") {
  Sample sample;
  sample.spool.salvage = {12, 3, "/data/quarantine/1", "damage"};
  CHECK(report_says(sample.what(), "12 rows saved under their old ids, 3 records lost"));
  CHECK(report_says(sample.next(), "/data/quarantine/1"));
  sample.config.store.directory = "/data";
  sample.spool.salvage = {0, 0, "/data/quarantine/1", "damage"};
  CHECK(report_says(sample.what(), "/data/watchpost.db was no store of this program, or nothing"));
  CHECK(report_says(sample.next(), "What was there is in /data/quarantine/1"));
  sample.spool.salvage = {0, 1, {}, "lost_commits"};
  CHECK(report_says(sample.what(), "forgotten 1 committed record when"));
}

TEST_CASE("what the disk damaged beside the messages is told, an alarm as an alarm",
          "[app][unit]") {
  Sample sample;
  sample.spool.damaged_facts.note(AlarmSerial{37});
  sample.spool.damaged_facts.note(AlarmSerial{41});
  CHECK(report_says(sample.what(), "what was kept of alarm 37, 41: it is missing in the list"));
  CHECK(report_says(sample.next(), "watchpost alarm 37"));
  CHECK(report_says(status_json(sample.snapshot(), Devices::recent), R"("severity":"critical")"));
  sample.spool.damaged_facts = {};
  for (int i = 0; i < 30; ++i) sample.spool.damaged_facts.note("session gauge");
  CHECK(report_says(sample.what(), "30 rows of what is kept beside the messages"));
  CHECK(report_says(sample.what(), "session gauge, …"));
}

TEST_CASE("what a salvage made of the list of alarms is told as critical", "[app][unit]") {
  Sample sample;
  sample.spool.salvage = {17, 0, "/data/quarantine/1", "damage"};
  spool::AlarmsSaved& alarms = sample.spool.salvage.alarms;
  const auto is_critical = [&] {
    return report_says(status_json(sample.snapshot(), Devices::recent), R"("severity":"critical")");
  };
  // Behind the trouble that the store was damaged.
  const auto of_alarms = [&] {
    return what_of(troubles_of(sample.snapshot()).back(), Language::english);
  };
  CHECK_FALSE(is_critical());
  alarms.rebuilt = {AlarmSerial{3}, AlarmSerial{4}};
  CHECK(report_says(of_alarms(), "what was kept of alarm 3, 4: it is in the list again"));
  CHECK(is_critical());
  alarms = {};
  alarms.missing = {AlarmSerial{7}};
  alarms.missing_count = 2;
  CHECK(report_says(of_alarms(), "what was kept of alarm 7, …: it is missing in the list"));
  CHECK(is_critical());
  alarms = {};
  alarms.has_none = true;
  CHECK_FALSE(is_critical());
  alarms.history_is_whole = false;
  CHECK(report_says(of_alarms(), "whether alarms were open is not known"));
  CHECK(is_critical());
}

TEST_CASE(
    "why a message could not be read is told in both languages, the decoder's words as its own",
    "[app][unit]") {
  Sample sample;
  pipeline::DeviceEntry& lid = sample.devices.seen("lid", SteadyTime{});
  lid.unread = 1;
  lid.unread_topic = "lid/1";
  const auto report = [&] { return status_json(sample.snapshot(), Devices::recent); };
  CHECK(report_says(report(), R"("en":"No decoder is configured for the topic lid/1")"));
  CHECK(report_says(report(), R"("zh":"主题 lid/1 没有指定解码器")"));
  lid.unread_why = "byte 3 is missing";
  CHECK(report_says(report(), R"("last_trouble":"byte 3 is missing")"));
  CHECK(report_says(report(), R"("zh":"内容无法解读（解码器原文：byte 3 is missing）")"));
}

TEST_CASE("what an upstream refused for good is a trouble with its counts", "[app][unit]") {
  Sample sample;
  sample.spool.set_aside["street"].records[index_of(EventClass::alarm)] = 2;
  CHECK(report_says(sample.what(), "street refused 2 events for good (2 alarms)"));
  CHECK(report_says(status_json(sample.snapshot(), Devices::recent), R"("set_aside":{"alarm":2)"));
}

TEST_CASE("a change of a state or of a trouble is told at once, a number is not", "[app][unit]") {
  Sample sample;
  const auto well = state_line(sample.snapshot());
  sample.street.backlog = {0, 0, 0, 7};
  sample.totals.messages = 9;
  CHECK(state_line(sample.snapshot()) == well);
  sample.clock = ClockQuality::unset;
  const auto wrong_clock = state_line(sample.snapshot());
  CHECK(wrong_clock != well);
  sample.street.state = upstream::UplinkState::waiting;
  CHECK(state_line(sample.snapshot()) != wrong_clock);
}

TEST_CASE("the status shows the disk's room", "[app][unit]") {
  const Sample sample;
  auto snapshot = sample.snapshot();
  snapshot.disk_free = ByteCount{4096};
  CHECK(report_says(status_json(snapshot, Devices::recent), R"("disk_free":4096)"));
}

TEST_CASE("the status has the devices heard last, or all where asked", "[app][unit]") {
  Sample sample;
  for (int i = 0; i < 60; ++i) sample.devices.seen("d" + std::to_string(i), SteadyTime{});
  const auto recent = status_json(sample.snapshot(), Devices::recent);
  CHECK_FALSE(report_says(recent, R"("device":"d3")"));
  CHECK(report_says(status_json(sample.snapshot(), Devices::all), R"("device":"d3")"));
}

TEST_CASE("the status counts the devices that are out of service", "[app][unit]") {
  Sample sample;
  StoredJudgement stored;
  for (const std::string id : {"a", "b", "c"}) {
    Device device;
    device.id = id;
    device.service = id == "c" ? DeviceService::in_service : DeviceService::out_of_service;
    stored.devices.push_back(std::make_shared<const Device>(std::move(device)));
  }
  const pipeline::Judging judging({}, stored, {});
  Snapshot snapshot = sample.snapshot();
  CHECK(report_says(status_json(snapshot, Devices::recent), R"("out_of_service":0)"));
  snapshot.duty = &judging;
  CHECK(report_says(status_json(snapshot, Devices::recent), R"("out_of_service":2)"));
}

TEST_CASE("a client cut off for the size of its packet is a trouble with the key to set",
          "[app][unit]") {
  Sample sample;
  sample.listeners.oversize.push_back(
      {"zigbee2mqtt_1a2b", "10.0.0.7", 1883, "zigbee2mqtt/bridge/devices", 495'000, 262'144, 12});
  CHECK(report_says(sample.what(),
                    "zigbee2mqtt_1a2b (10.0.0.7) sent 12 packets larger than "
                    "max_packet_size (256 KiB), the last of 483.4 KiB on the topic "
                    "zigbee2mqtt/bridge/devices"));
  CHECK(report_says(sample.next(),
                    "Set max_packet_size = \"1 MiB\" in the [[listener]] of port 1883"));
}
