// Each setting of the operator reaches the module that obeys it.
#include "app/wiring.hpp"

#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::app;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

Config read(std::string_view text) {
  const auto result = parsed(text);
  REQUIRE(result.has_value());
  return *result;
}

}  // namespace

TEST_CASE("a password file without users where nobody may come without one is a mistake",
          "[app][unit]") {
  const Folder folder;
  const auto open = [&folder](std::string_view users, std::string_view anonymous) {
    folder.write("clients", users);
    const auto text =
        "[[listener]]\npassword_file = \"clients\"\nanonymous = " + std::string(anonymous) + "\n";
    const auto config = parse_config(folder.write("w.toml", text), surroundings()).value();
    return somebody_may_connect(listener_options(config).value().front());
  };
  const auto nobody = open("# no user yet\n", "false");
  REQUIRE(nobody.has_error());
  CHECK(nobody.error().sentence().find("nobody could connect to 127.0.0.1 port 1883") == 0);
  CHECK(nobody.error().chinese.find("没有人能连接") == 0);
  CHECK(open("", "true").has_value());
  CHECK(somebody_may_connect({}).has_value());
}

TEST_CASE("retention waits for the required upstreams and for no others", "[app][unit]") {
  const auto config = read(R"(
[store]
directory = "/srv/store"
quota = "1 GiB"
history = "100 MiB"
[[upstream]]
name = "street"
url = "mqtt://127.0.0.1:1884"
[[upstream]]
name = "archive"
url = "mqtt://127.0.0.1:1885"
required = false
[[upstream]]
name = "district"
url = "mqtt://127.0.0.1:1886"
required = true
)");
  const auto options = spool_options(config);
  CHECK(options.writer.kept_for.required == std::vector<std::string>{"street", "district"});
  for (const auto& each : options.writer.kept_for.one_of) CHECK(each.empty());
  CHECK(options.writer.directory == "/srv/store");
  CHECK(options.writer.space.quota == ByteCount{1U << 30U});
  CHECK(options.writer.space.history == ByteCount{100U << 20U});
  CHECK(options.writer.disk_reserve == ByteCount{4U << 20U});
  CHECK(uplink_options(config.upstreams[1]).required == false);
}

TEST_CASE("a class that no required upstream gets waits for one of those that get it",
          "[app][unit]") {
  const auto kept = spool_options(read(R"(
[[upstream]]
name = "reports"
url = "mqtt://127.0.0.1:1884"
classes = ["status", "telemetry"]
[[upstream]]
name = "street"
url = "mqtt://127.0.0.1:1885"
required = false
[[upstream]]
name = "district"
url = "mqtt://127.0.0.1:1886"
classes = ["alarm"]
required = false
)"))
                        .writer.kept_for;
  CHECK(kept.required == std::vector<std::string>{"reports"});
  const auto one_of = [&](EventClass each) { return kept.one_of[index_of(each)]; };
  CHECK(one_of(EventClass::alarm) == std::vector<std::string>{"street", "district"});
  CHECK(one_of(EventClass::patrol) == std::vector<std::string>{"street"});
  CHECK(one_of(EventClass::status).empty());
  CHECK(one_of(EventClass::telemetry).empty());
}

TEST_CASE(
    "Paho may have eleven publications more outstanding than the window: the link's own state, "
    "one that was set aside, one that the receiver lost, and eight that nobody had subscribed to",
    "[app][unit]") {
  const auto config = read(R"(
[[upstream]]
name = "street"
url = "mqtt://127.0.0.1:1884"
window = 40
alarm_slots = 5
)");
  const auto uplink = uplink_options(config.upstreams[0]);
  CHECK(uplink.name == "street");
  CHECK(uplink.forwarding.window == 40);
  CHECK(uplink.forwarding.alarm_slots == 5);
  const auto publisher = upstream_link_options(config.upstreams[0]);
  REQUIRE(publisher.has_value());
  CHECK(publisher->max_outstanding == 52);
}

TEST_CASE("a key that nobody sets has the default with which the modules are tested",
          "[app][unit]") {
  const auto config = read(
      "[[listener]]\n[[upstream]]\nname = \"street\"\n"
      "url = \"mqtt://127.0.0.1:1884\"\n");
  const auto spool = spool_options(config);
  const spool::SpoolOptions spool_alone;
  CHECK(spool.writer.space.quota == spool_alone.writer.space.quota);
  CHECK(spool.writer.space.reserve == spool_alone.writer.space.reserve);
  CHECK(spool.writer.space.history == spool_alone.writer.space.history);
  CHECK(spool.writer.disk_reserve == spool_alone.writer.disk_reserve);
  CHECK(spool.writer.checkpoint.begin == spool_alone.writer.checkpoint.begin);
  CHECK(spool.writer.checkpoint.most == spool_alone.writer.checkpoint.most);
  CHECK(spool.commit_queue == spool_alone.commit_queue);
  CHECK(spool.linger == spool_alone.linger);
  CHECK(spool.cursor_rest == spool_alone.cursor_rest);

  const auto session = listener_options(config).value().at(0).session;
  const protocol::SessionOptions session_alone;
  CHECK(session.maximum_packet_size == session_alone.maximum_packet_size);
  CHECK(session.receive_maximum == session_alone.receive_maximum);
  CHECK(session.topic_alias_maximum == session_alone.topic_alias_maximum);
  CHECK(session.keep_alive_maximum == session_alone.keep_alive_maximum);
  CHECK(session.session_expiry_maximum == session_alone.session_expiry_maximum);
  CHECK(session.max_unsettled == session_alone.max_unsettled);
  CHECK(session.max_received_ids == session_alone.max_received_ids);

  const auto uplink = uplink_options(config.upstreams[0]);
  const upstream::UplinkOptions uplink_alone;
  CHECK(uplink.forwarding.window == uplink_alone.forwarding.window);
  CHECK(uplink.forwarding.alarm_slots == uplink_alone.forwarding.alarm_slots);
  CHECK(uplink.forwarding.batch_events == uplink_alone.forwarding.batch_events);
  CHECK(uplink.batch_bytes == uplink_alone.batch_bytes);
  CHECK(uplink.max_rate == uplink_alone.max_rate);
  CHECK(uplink.acknowledge_timeout == uplink_alone.acknowledge_timeout);
  CHECK(uplink.receipt_timeout == uplink_alone.receipt_timeout);
  CHECK(uplink.reconnect_spread == uplink_alone.reconnect_spread);
  CHECK(uplink.reconnect.first == uplink_alone.reconnect.first);
  CHECK(uplink.reconnect.ceiling == uplink_alone.reconnect.ceiling);

  const auto publisher = upstream_link_options(config.upstreams[0]).value();
  CHECK(publisher.keep_alive == client::LinkOptions{}.keep_alive);
}

TEST_CASE("there are no batches unless the file says so, and then in its sizes", "[app][unit]") {
  const std::string street = "[[upstream]]\nname = \"street\"\nurl = \"mqtt://127.0.0.1:1884\"\n";
  const auto plain = uplink_options(read(street).upstreams[0]);
  CHECK(plain.forwarding.batch_events == 1);
  CHECK(plain.compression == ContentCoding::none);
  const auto batched = uplink_options(read(street + "batch_events = 100\nbatch_bytes = \"4 KiB\"\n"
                                                    "compression = \"zstd\"\n")
                                          .upstreams[0]);
  CHECK(batched.forwarding.batch_events == 100);
  CHECK(batched.batch_bytes == 4'096);
  CHECK(batched.compression == ContentCoding::zstd);
}

TEST_CASE("custody is by broker unless the file says receipt, and then by class", "[app][unit]") {
  using upstream::Custody;
  const auto config = read(R"(
[[upstream]]
name = "street"
url = "mqtt://127.0.0.1:1884"
custody = "receipt"
receipt_classes = ["alarm", "patrol"]
receipt_timeout = "90 s"
max_rate = 200
reconnect_spread = "20 s"
[[upstream]]
name = "district"
url = "mqtt://127.0.0.1:1885"
custody = "receipt"
[[upstream]]
name = "other"
url = "mqtt://127.0.0.1:1886"
receipt_classes = ["alarm"]
)");
  const auto street = uplink_options(config.upstreams[0]);
  CHECK(street.forwarding.custody ==
        PerClass<Custody>{Custody::receipt, Custody::receipt, Custody::broker, Custody::broker});
  CHECK(street.receipt_timeout == std::chrono::seconds{90});
  CHECK(street.max_rate == 200);
  CHECK(street.reconnect_spread == std::chrono::seconds{20});
  const auto district = uplink_options(config.upstreams[1]);
  CHECK(district.forwarding.custody[index_of(EventClass::telemetry)] == Custody::receipt);
  CHECK(district.max_rate == 0);
  const auto other = uplink_options(config.upstreams[2]);
  CHECK(other.forwarding.custody == PerClass<Custody>{});
}

TEST_CASE("a listener's limits reach its sessions", "[app][unit]") {
  const auto config = read(R"(
[[listener]]
address = "127.0.0.1"
port = 1899
max_packet_size = "64 KiB"
receive_maximum = 77
max_unacknowledged = 99
)");
  const auto listeners = listener_options(config);
  REQUIRE(listeners.has_value());
  REQUIRE(listeners->size() == 1);
  const auto& session = listeners->front().session;
  CHECK(session.maximum_packet_size == 64U * 1024U);
  CHECK(session.receive_maximum == 77);
  CHECK(session.max_unsettled == 99);
  // The session remembers as many packet ids as a client may have unreleased at QoS 2.
  CHECK(session.max_received_ids >= session.receive_maximum);
}

TEST_CASE("a password file that cannot be read stops the start in words", "[app][unit]") {
  const Folder folder;
  auto config = read("[[listener]]\naddress = \"127.0.0.1\"\nport = 1899\n");
  config.listeners[0].password_file = folder.path() / "absent";
  const auto listeners = listener_options(config);
  REQUIRE(listeners.has_error());
  CHECK(listeners.error().sentence().find("absent") != std::string::npos);
}

TEST_CASE("who reads everything follows from the address, unless readers says it", "[app][unit]") {
  settings::ListenerConfig listener;
  const auto everybody_reads = [&listener] { return access_terms(listener)->everybody_reads; };
  CHECK(everybody_reads());
  listener.readers = {"ha"};
  CHECK_FALSE(everybody_reads());
  CHECK(access_terms(listener)->readers.contains("ha"));
  listener.address = "0.0.0.0";
  CHECK_FALSE(everybody_reads());
  listener.readers = {};
  CHECK_FALSE(everybody_reads());
  listener.readers = {"*"};
  CHECK(everybody_reads());
}
