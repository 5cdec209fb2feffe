#include "protocol/outbound_flow.hpp"

#include "bytes.hpp"
#include "protocol/codec.hpp"

namespace watchpost::protocol {
namespace {

using testing::bytes;

// Sends a PUBLISH with this tag; returns its packet id.
PacketId send_one(OutboundFlow& flow, Qos qos, std::uint64_t tag) {
  Publish publish;
  publish.qos = qos;
  publish.topic = "t";
  publish.packet_id = flow.next_id();
  std::string frame;
  encode(publish, Version::v5, frame);
  flow.sent({qos, tag, frame});
  return publish.packet_id;
}

Puback puback(PacketId id) {
  Puback packet;
  packet.packet_id = id;
  return packet;
}

Pubrec pubrec(PacketId id, ReasonCode code = ReasonCode::success) {
  Pubrec packet;
  packet.packet_id = id;
  packet.code = code;
  return packet;
}

Pubcomp pubcomp(PacketId id) {
  Pubcomp packet;
  packet.packet_id = id;
  return packet;
}

TEST_CASE("an outbound flow has room for the smaller of window and Receive Maximum",
          "[protocol][unit]") {
  OutboundFlow flow({.window = 3});
  flow.set_receive_maximum(2);
  (void)send_one(flow, Qos::at_least_once, 1);
  const auto second = send_one(flow, Qos::at_least_once, 2);
  CHECK_FALSE(flow.has_room());
  CHECK(flow.take(puback(second))->tag == 2);
  CHECK(flow.has_room());
  CHECK(flow.in_flight() == 1);
}

TEST_CASE("an acknowledgement that comes twice answers nothing else", "[protocol][unit]") {
  OutboundFlow flow({.window = 1});
  const auto first = send_one(flow, Qos::at_least_once, 1);
  CHECK(flow.take(puback(first))->tag == 1);
  const auto second = send_one(flow, Qos::at_least_once, 2);
  CHECK_FALSE(flow.take(puback(first)).has_value());
  CHECK(flow.take(puback(second))->tag == 2);
}

TEST_CASE("a QoS 2 publish is answered by PUBREC and free after PUBCOMP", "[protocol][unit]") {
  OutboundFlow flow({.window = 1});
  const auto id = send_one(flow, Qos::exactly_once, 7);
  std::string out;
  CHECK_FALSE(flow.take(puback(id)).has_value());
  CHECK_FALSE(flow.take(pubcomp(id)).has_value());  // PUBCOMP comes too early
  CHECK(flow.take(pubrec(id), out)->by == PacketType::pubrec);
  CHECK(out == bytes("62 02 0001"));
  CHECK_FALSE(flow.has_room());
  CHECK_FALSE(flow.take(pubrec(id), out).has_value());  // answered again, reported once
  CHECK(out == bytes("62 02 0001 62 02 0001"));
  CHECK(flow.take(pubcomp(id))->tag == 7);
  CHECK(flow.has_room());
}

TEST_CASE("a PUBREC that refuses ends the exchange", "[protocol][unit]") {
  OutboundFlow flow({.window = 1});
  const auto id = send_one(flow, Qos::exactly_once, 7);
  std::string out;
  CHECK(flow.take(pubrec(id, ReasonCode::quota_exceeded), out)->code == ReasonCode::quota_exceeded);
  CHECK(out.empty());
  CHECK(flow.has_room());
}

TEST_CASE("a flow without a window knows no acknowledgement", "[protocol][unit]") {
  OutboundFlow flow({});
  std::string out;
  CHECK_FALSE(flow.has_room());
  CHECK_FALSE(flow.take(puback(PacketId(1))).has_value());
  CHECK_FALSE(flow.take(pubcomp(PacketId(1))).has_value());
  CHECK_FALSE(flow.take(pubrec(PacketId(1)), out).has_value());
}

TEST_CASE("after a reconnect what is unacknowledged is sent again in its first order",
          "[protocol][unit]") {
  OutboundFlow flow({.window = 3});
  const auto first = send_one(flow, Qos::at_least_once, 1);
  (void)send_one(flow, Qos::exactly_once, 2);
  (void)send_one(flow, Qos::at_least_once, 3);
  (void)flow.take(puback(first));
  const auto fourth = send_one(flow, Qos::at_least_once, 4);
  CHECK(fourth == PacketId(4));
  std::string ignored;
  (void)flow.take(pubrec(PacketId(2)), ignored);
  flow.connection_lost();
  std::string out;

  SECTION("with DUP and PUBREL where the other side has the session") {
    flow.send_again(OutboundFlow::SessionAt::the_other_side, out);
    CHECK(out == bytes("62 02 0002  3a 06 0001 74 0003 00  3a 06 0001 74 0004 00"));
  }
  SECTION("as new, without what was received, where it has not") {
    flow.send_again(OutboundFlow::SessionAt::nobody, out);
    CHECK(out == bytes("32 06 0001 74 0003 00  32 06 0001 74 0004 00"));
    CHECK(flow.in_flight() == 2);
  }
}

TEST_CASE("a flow that does not resend forgets with the link", "[protocol][unit]") {
  OutboundFlow flow({.window = 2, .resends = false});
  (void)send_one(flow, Qos::at_least_once, 1);
  flow.connection_lost();
  CHECK(flow.in_flight() == 0);
  std::string out;
  flow.send_again(OutboundFlow::SessionAt::the_other_side, out);
  CHECK(out.empty());
}

}  // namespace
}  // namespace watchpost::protocol
