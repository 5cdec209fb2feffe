#include <array>

#include "bytes.hpp"

namespace watchpost::protocol {
namespace {

using testing::bytes;
using testing::encoded;
using testing::frame_of;

Properties with(PropertyId id, std::uint32_t number) {
  Properties properties;
  properties.add(id, number);
  return properties;
}

Properties reasons() {
  Properties properties;
  properties.add(PropertyId::reason_string, "because");
  properties.add_user({.name = "k", .value = "v"});
  properties.add_user({.name = "k", .value = "v"});
  return properties;
}

Connect full_connect(Version version) {
  Connect connect;
  connect.version = version;
  connect.clean_start = false;
  connect.keep_alive = 60;
  connect.client_id = "smoke-3f-07";
  connect.will = Will{Qos::exactly_once, true, "wp/gone", "offline", {}};
  connect.user_name = "office";
  connect.password = "secret";
  if (version == Version::v5) {
    connect.properties.add(PropertyId::session_expiry_interval, 3600);
    connect.properties.add(PropertyId::receive_maximum, 20);
    connect.properties.add(PropertyId::maximum_packet_size, 1000);
    connect.properties.add(PropertyId::topic_alias_maximum, 5);
    connect.properties.add(PropertyId::request_response_information, 1);
    connect.properties.add(PropertyId::request_problem_information, 0);
    connect.properties.add(PropertyId::authentication_method, "SCRAM");
    connect.properties.add(PropertyId::authentication_data, std::string_view("\0\1", 2));
    connect.properties.add_user({.name = "area", .value = "310118"});
    connect.will->properties.add(PropertyId::will_delay_interval, 30);
    connect.will->properties.add(PropertyId::payload_format_indicator, 1);
    connect.will->properties.add(PropertyId::message_expiry_interval, 5);
    connect.will->properties.add(PropertyId::content_type, "text/plain");
    connect.will->properties.add(PropertyId::response_topic, "r");
    connect.will->properties.add(PropertyId::correlation_data, "c");
  }
  return connect;
}

Connack full_connack() {
  Connack connack{true, ReasonCode::success, {}};
  Properties& all = connack.properties;
  all.add(PropertyId::session_expiry_interval, 1);
  all.add(PropertyId::receive_maximum, 2);
  all.add(PropertyId::maximum_qos, 1);
  all.add(PropertyId::retain_available, 0);
  all.add(PropertyId::maximum_packet_size, 70'000);
  all.add(PropertyId::assigned_client_identifier, "x");
  all.add(PropertyId::topic_alias_maximum, 3);
  all.add(PropertyId::reason_string, "ok");
  all.add(PropertyId::wildcard_subscription_available, 1);
  all.add(PropertyId::subscription_identifier_available, 0);
  all.add(PropertyId::shared_subscription_available, 0);
  all.add(PropertyId::server_keep_alive, 9);
  all.add(PropertyId::response_information, "i");
  all.add(PropertyId::server_reference, "other");
  all.add(PropertyId::authentication_method, "m");
  all.add(PropertyId::authentication_data, "d");
  return connack;
}

std::vector<Packet> packets_of_5() {
  Publish publish{true, Qos::exactly_once, true, "t/1", PacketId(7), {}, "payload"};
  publish.properties.add(PropertyId::topic_alias, 1);
  publish.properties.add(PropertyId::subscription_identifier, 1);
  publish.properties.add(PropertyId::subscription_identifier, 268'435'455);
  Disconnect disconnect{ReasonCode::disconnect_with_will_message, {}};
  disconnect.properties.add(PropertyId::session_expiry_interval, 0);
  Auth auth{ReasonCode::continue_authentication, {}};
  auth.properties.add(PropertyId::authentication_method, "m");
  const PacketId id(0xFFFE);
  return {full_connect(Version::v5),
          full_connack(),
          publish,
          Publish{false, Qos::at_most_once, false, "", PacketId(0),
                  with(PropertyId::topic_alias, 65'535), ""},
          Puback{id, ReasonCode::no_matching_subscribers, reasons()},
          Puback{id, ReasonCode::quota_exceeded, {}},
          Pubrec{id, ReasonCode::packet_identifier_in_use, reasons()},
          Pubrel{id, ReasonCode::packet_identifier_not_found, reasons()},
          Pubcomp{id, ReasonCode::success, reasons()},
          Subscribe{id,
                    with(PropertyId::subscription_identifier, 128),
                    {{"a/+/#", Qos::exactly_once, true, true, 2}, {"$share/g/b", {}, false}}},
          Suback{id, reasons(), {ReasonCode::granted_qos_2, ReasonCode::not_authorized}},
          Unsubscribe{id, {}, {"a", "b/#"}},
          Unsuback{id, reasons(), {ReasonCode::no_subscription_existed}},
          Pingreq{},
          Pingresp{},
          Disconnect{},
          disconnect,
          Auth{},
          auth};
}

std::vector<Packet> packets_of_3(Version version) {
  const PacketId id(1);
  return {full_connect(version),
          Connack{true, ReasonCode::success, {}},
          Connack{false, ReasonCode::not_authorized, {}},
          Publish{false, Qos::at_most_once, true, "t", PacketId(0), {}, "x"},
          Publish{true, Qos::at_least_once, false, "t", id, {}, ""},
          Puback{id, {}, {}},
          Pubrec{id, {}, {}},
          Pubrel{id, {}, {}},
          Pubcomp{id, {}, {}},
          Subscribe{id, {}, {{"a", Qos::at_least_once}}},
          Suback{id, {}, {ReasonCode::granted_qos_1, ReasonCode::unspecified_error}},
          Unsubscribe{id, {}, {"a"}},
          Unsuback{id, {}, {}},
          Pingreq{},
          Pingresp{},
          Disconnect{}};
}

void check_round_trip(const Packet& packet, Version version) {
  const std::string whole = encoded(packet, version);
  INFO("type " << packet.index() << ": " << to_hex(whole));
  const auto decoded = decode(frame_of(whole), version);
  if (!decoded) FAIL(decoded.error().what);
  CHECK(*decoded == packet);
  // The framer never takes a packet that is cut short for a whole one, but waits for the rest.
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto part = first_frame(std::string_view(whole).substr(0, size), 1'000'000);
    REQUIRE(part.has_value());
    REQUIRE_FALSE(part->has_value());
  }
}

TEST_CASE("every packet of MQTT 5 is decoded as it was encoded", "[protocol][unit]") {
  for (const Packet& packet : packets_of_5()) check_round_trip(packet, Version::v5);
}

TEST_CASE("every packet of MQTT 3.1 and 3.1.1 is decoded as it was encoded", "[protocol][unit]") {
  const auto version = GENERATE(Version::v3_1, Version::v3_1_1);
  for (const Packet& packet : packets_of_3(version)) check_round_trip(packet, version);
}

TEST_CASE("a repeat that MQTT 3.1 marks with DUP is a packet like the first", "[protocol][unit]") {
  for (const char* repeat :
       {"6a 02 0001", "8a 06 0001 0001 61 01", "aa 05 0001 0001 61", "c1 00"}) {
    INFO(repeat);
    const std::string whole = bytes(repeat);
    CHECK(decode(frame_of(whole), Version::v3_1).has_value());
    CHECK_FALSE(decode(frame_of(whole), Version::v3_1_1).has_value());
  }
  const std::string other_qos = bytes("64 02 0001");
  CHECK_FALSE(decode(frame_of(other_qos), Version::v3_1).has_value());
}

TEST_CASE("packets have the bytes of the specification", "[protocol][unit]") {
  // The example of MQTT 5.0 figure 3-6: CONNECT with a keep alive of 10 and a session expiry of 10.
  Connect connect;
  connect.keep_alive = 10;
  connect.properties.add(PropertyId::session_expiry_interval, 10);
  CHECK(encoded(connect, Version::v5) ==
        bytes("10 12 0004 4d515454 05 02 000a 05 11 0000000a 0000"));
  CHECK(encoded(Publish{false, Qos::at_least_once, false, "a/b", PacketId(10), {}, "hi"},
                Version::v3_1_1) == bytes("32 09 0003 612f62 000a 6869"));
  CHECK(encoded(Puback{PacketId(258), {}, {}}, Version::v5) == bytes("40 02 0102"));
  CHECK(encoded(Pubrel{PacketId(1), {}, {}}, Version::v5) == bytes("62 02 0001"));
  CHECK(encoded(Connack{false, ReasonCode::server_unavailable, {}}, Version::v3_1_1) ==
        bytes("20 02 00 03"));
}

TEST_CASE("a long packet has a Remaining Length of several bytes", "[protocol][unit]") {
  for (const std::size_t size : {121U, 122U, 16'000U, 16'400U, 2'097'200U}) {
    const std::string payload(size, 'x');
    const Packet packet = Publish{false, {}, false, "t", PacketId(0), {}, payload};
    const auto whole = encoded(packet, Version::v5);
    CHECK(*decode(frame_of(whole), Version::v5) == packet);
  }
}

struct Wrong {
  const char* what;
  const char* hex;
  ReasonCode code = ReasonCode::malformed_packet;
};

void check_refused(const Wrong& wrong, Version version) {
  INFO(wrong.what << ": " << wrong.hex);
  const std::string whole = bytes(wrong.hex);
  const Frame frame = frame_of(whole);
  REQUIRE(frame.body.data() + frame.body.size() == whole.data() + whole.size());
  const auto decoded = decode(frame, version);
  REQUIRE_FALSE(decoded.has_value());
  CHECK(to_string(decoded.error().code) == to_string(wrong.code));
}

constexpr auto kProtocolError = ReasonCode::protocol_error;

TEST_CASE("malformed packets of either version are refused", "[protocol][unit]") {
  const auto row = GENERATE(values<Wrong>({
      {"PUBLISH QoS 3", "36 05 0001 74 0001"},
      {"PUBLISH DUP at QoS 0", "38 04 0001 74 00"},
      {"PUBLISH topic runs past the packet", "30 03 0005 74"},
      {"PUBLISH topic with NUL", "30 05 0003 740074"},
      {"PUBLISH topic with a lone surrogate", "30 06 0003 eda080 00"},
      {"PUBLISH topic with overlong UTF-8", "30 05 0002 c080 00"},
      {"PUBLISH topic with a wildcard", "30 06 0003 612f23 00", ReasonCode::topic_name_invalid},
      {"PUBLISH topic with plus", "30 04 0001 2b 00", ReasonCode::topic_name_invalid},
      {"PUBLISH packet id 0", "32 06 0001 74 0000 00", kProtocolError},
      {"PUBLISH without packet id", "32 03 0001 74"},
      {"PUBACK with flags", "41 02 0001"},
      {"PUBACK packet id 0", "40 02 0000", kProtocolError},
      {"PUBACK too short", "40 01 00"},
      {"PUBREC with flags", "52 02 0001"},
      {"PUBREL without its flags", "60 02 0001"},
      {"PUBREL with other flags", "63 02 0001"},
      {"PUBCOMP with flags", "72 02 0001"},
      {"SUBSCRIBE without its flags", "80 07 0001 00 0001 61 00"},
      {"SUBSCRIBE packet id 0", "82 07 0000 00 0001 61 00", kProtocolError},
      {"UNSUBSCRIBE without its flags", "a0 06 0001 00 0001 61"},
      {"PINGREQ with a body", "c0 01 00"},
      {"PINGREQ with flags", "c1 00"},
      {"PINGRESP with flags", "d8 00"},
      {"DISCONNECT with flags", "e1 00"},
      {"CONNACK with reserved flags", "20 03 02 00 00"},
      {"CONNACK refusing with session present", "20 03 01 05 00", kProtocolError},
      {"CONNECT with fixed header flags", "11 0c 0004 4d515454 04 02 000a 0000"},
      {"CONNECT reserved flag", "10 0c 0004 4d515454 04 03 000a 0000"},
      {"CONNECT other protocol name", "10 0c 0004 4d515455 04 02 000a 0000"},
      {"CONNECT version 3.1 by name MQTT", "10 0c 0004 4d515454 03 02 000a 0000",
       ReasonCode::unsupported_protocol_version},
      {"CONNECT version 6", "10 0c 0004 4d515454 06 02 000a 0000",
       ReasonCode::unsupported_protocol_version},
      {"CONNECT MQIsdp at the level of 3.1.1", "10 0e 0006 4d5149736470 04 02 000a 0000",
       ReasonCode::unsupported_protocol_version},
      {"CONNECT MQIsdp with the level of another, as a bridge marks it",
       "10 0e 0006 4d5149736470 84 02 000a 0000", ReasonCode::unsupported_protocol_version},
      {"CONNECT version 5 as a bridge marks it", "10 0d 0004 4d515454 85 02 000a 00 0000",
       ReasonCode::unsupported_protocol_version},
      {"CONNECT will QoS 3", "10 12 0004 4d515454 04 1e 000a 0000 0001 77 0001 78"},
      {"CONNECT will QoS without will", "10 0c 0004 4d515454 04 0a 000a 0000"},
      {"CONNECT will retain without will", "10 0c 0004 4d515454 04 22 000a 0000"},
      {"CONNECT will topic with wildcard", "10 12 0004 4d515454 04 06 000a 0000 0001 23 0001 78",
       ReasonCode::topic_name_invalid},
      {"CONNECT empty will topic", "10 11 0004 4d515454 04 06 000a 0000 0000 0001 78",
       kProtocolError},
      {"CONNECT without the will it promises", "10 0c 0004 4d515454 04 06 000a 0000"},
      {"CONNECT without the user name it promises", "10 0c 0004 4d515454 04 82 000a 0000"},
      {"CONNECT client id with NUL", "10 0d 0004 4d515454 04 02 000a 0001 00"},
      {"CONNECT trailing bytes", "10 0d 0004 4d515454 04 02 000a 0000 00"},
      {"CONNECT ends in the protocol name", "10 04 0004 4d51"},
  }));
  // Rows that end in 00 where v5 has its property length are read in both versions; the CONNACK
  // rows are one byte too long for 3.1.1, which is malformed as well.
  check_refused(row, Version::v5);
}

TEST_CASE("malformed packets of MQTT 3.1.1 are refused", "[protocol][unit]") {
  const auto row = GENERATE(values<Wrong>({
      {"password without user name", "10 0f 0004 4d515454 04 42 000a 0000 0001 70"},
      {"PUBLISH with an empty topic", "30 02 0000"},
      {"PUBACK with a reason code", "40 03 0001 00"},
      {"SUBSCRIBE without filters", "82 02 0001", kProtocolError},
      {"SUBSCRIBE with an empty filter", "82 05 0001 0000 00"},
      {"SUBSCRIBE with QoS 3", "82 06 0001 0001 61 03"},
      {"SUBSCRIBE with reserved option bits", "82 06 0001 0001 61 04"},
      {"SUBSCRIBE without options", "82 05 0001 0001 61"},
      {"UNSUBSCRIBE without filters", "a2 02 0001", kProtocolError},
      {"SUBACK with a reserved code", "90 03 0001 03", kProtocolError},
      {"CONNACK with a reserved code", "20 02 00 06"},
      {"UNSUBACK with codes", "b0 03 0001 00"},
      {"DISCONNECT with a body", "e0 01 00"},
      {"AUTH", "f0 00"},
  }));
  check_refused(row, Version::v3_1_1);
}

TEST_CASE("malformed packets of MQTT 5 are refused", "[protocol][unit]") {
  const auto row = GENERATE(values<Wrong>({
      {"empty topic without alias", "30 03 0000 00", kProtocolError},
      {"topic alias 0", "30 06 0000 03 23 0000", ReasonCode::topic_alias_invalid},
      {"alias twice", "30 09 0000 06 23 0001 23 0001", kProtocolError},
      {"payload format 2", "30 06 0001 74 02 01 02", kProtocolError},
      {"unknown property", "30 06 0001 74 02 7e 02"},
      {"property 0", "30 06 0001 74 02 00 02"},
      {"property id not in its shortest form", "30 07 0001 74 03 81 00 01"},
      {"property of another packet", "30 09 0001 74 05 11 0000 0001"},
      {"properties longer than the packet", "30 05 0001 74 05 01"},
      {"property cut off by the property length", "30 06 0001 74 02 02 00"},
      {"property length over four bytes", "30 08 0001 74 8080808001"},
      {"response topic with wildcard", "30 08 0001 74 04 08 0001 23", kProtocolError},
      {"content type not UTF-8", "30 08 0001 74 04 03 0001 ff"},
      {"subscription identifier 0", "82 09 0001 02 0b 00 0001 61 00", kProtocolError},
      {"subscription identifier twice", "82 0b 0001 04 0b 01 0b 01 0001 61 00", kProtocolError},
      {"PUBACK code of another packet", "40 03 0001 8e", kProtocolError},
      {"PUBACK unknown code", "40 03 0001 7f", kProtocolError},
      {"PUBACK trailing bytes", "40 05 0001 00 00 00"},
      {"PUBREL with a PUBREC code", "62 03 0001 97", kProtocolError},
      {"SUBSCRIBE without filters", "82 03 0001 00", kProtocolError},
      {"SUBSCRIBE reserved option bits", "82 07 0001 00 0001 61 40"},
      {"SUBSCRIBE retain handling 3", "82 07 0001 00 0001 61 30", kProtocolError},
      {"SUBSCRIBE QoS 3", "82 07 0001 00 0001 61 03"},
      {"No Local on a shared subscription", "82 10 0001 00 000a 24 73686172652f672f61 04",
       kProtocolError},
      {"UNSUBSCRIBE without filters", "a2 03 0001 00", kProtocolError},
      {"SUBACK without codes", "90 03 0001 00"},
      {"receive maximum 0", "10 10 0004 4d515454 05 02 000a 03 21 0000 0000", kProtocolError},
      {"maximum packet size 0", "10 12 0004 4d515454 05 02 000a 05 27 00000000 0000",
       kProtocolError},
      {"request problem information 2", "10 0f 0004 4d515454 05 02 000a 02 17 02 0000",
       kProtocolError},
      {"authentication data without method", "10 11 0004 4d515454 05 02 000a 04 16 0001 61 0000",
       kProtocolError},
      {"will delay outside of the will", "10 12 0004 4d515454 05 02 000a 05 18 00000001 0000"},
      {"DISCONNECT with a CONNACK code", "e0 01 84", kProtocolError},
      {"AUTH with an unknown code", "f0 01 01", kProtocolError},
  }));
  check_refused(row, Version::v5);
}

TEST_CASE("a packet with more properties than the limit is refused", "[protocol][unit]") {
  Publish publish{false, {}, false, "t", PacketId(0), {}, ""};
  for (std::size_t i = 0; i <= Properties::kMost; ++i)
    publish.properties.add_user({.name = "", .value = ""});
  const auto whole = encoded(publish, Version::v5);
  const auto decoded = decode(frame_of(whole), Version::v5);
  REQUIRE_FALSE(decoded.has_value());
  CHECK(decoded.error().code == ReasonCode::quota_exceeded);
}

TEST_CASE("no single changed byte makes the decoder look past its frame", "[protocol][unit]") {
  // The copies on the heap have the exact size, so that the address sanitizer sees a read beyond
  // the frame.
  for (const Version version : {Version::v3_1, Version::v3_1_1, Version::v5}) {
    for (const Packet& packet : version == Version::v5 ? packets_of_5() : packets_of_3(version)) {
      const auto whole = encoded(packet, version);
      for (std::size_t at = 2; at < whole.size(); ++at) {
        for (const int value : {0x00, 0x7F, 0x80, 0xFF, whole[at] ^ 1}) {
          std::vector<char> copy(whole.begin(), whole.end());
          copy[at] = static_cast<char>(value);
          const auto frame = first_frame({copy.data(), copy.size()}, 1'000'000);
          if (!frame || !*frame) continue;
          const auto decoded = decode(**frame, version);
          if (!decoded) continue;
          // A packet that is accepted can be written again and means the same.
          const auto again = encoded(*decoded, version);
          CHECK(*decode(frame_of(again), version) == *decoded);
        }
      }
    }
  }
}

}  // namespace
}  // namespace watchpost::protocol
