// A packet larger than `max_packet_size`: what client and operator are told, and for how long.
#include <algorithm>

#include "harness.hpp"
#include "ingress/oversize_book.hpp"
#include "model/trouble_catalogue.hpp"
#include "peer.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using protocol::ReasonCode;

ListenerStatus::OversizePacket a_packet(std::string client_id) {
  ListenerStatus::OversizePacket packet;
  packet.client_id = std::move(client_id);
  packet.port = 1883;
  packet.topic = "zigbee2mqtt/bridge/devices";
  packet.bytes = 495'000;
  packet.most = 256 * 1024;
  return packet;
}

TEST_CASE("a packet over max_packet_size is told with client, topic, size and key",
          "[ingress][unit]") {
  ListenerOptions options;
  options.session.maximum_packet_size = 4'096;
  Harness harness(options);
  Peer peer(harness);
  peer.connects(a_connect("zigbee2mqtt_1a2b"));
  auto publish = a_publish(Qos::at_most_once, 0);
  publish.topic = "zigbee2mqtt/bridge/devices";
  const std::string payload(5'000, 'x');
  publish.payload = payload;
  peer.sends(publish);
  CHECK(peer.receives_a<protocol::Disconnect>().code == ReasonCode::packet_too_large);
  CHECK(peer.is_closed_by_daemon());

  const auto status = harness.listener->status();
  REQUIRE(status.oversize.size() == 1);
  CHECK(status.oversize[0].client_id == "zigbee2mqtt_1a2b");
  CHECK(status.oversize[0].address == "127.0.0.1");
  CHECK(status.oversize[0].topic == "zigbee2mqtt/bridge/devices");
  CHECK(status.oversize[0].bytes == 5'032);
  CHECK(status.oversize[0].times == 1);
  const auto says = [&](std::string_view words) {
    return harness.log.line_with(words).find("zigbee2mqtt_1a2b") != std::string::npos;
  };
  CHECK(
      says("larger than max_packet_size (4 KiB), the last of 4.9 KiB on the topic "
           "zigbee2mqtt/bridge/devices"));
  CHECK(says("Set max_packet_size = \"8 KiB\""));
}

TEST_CASE("a first packet larger than any CONNECT is refused before it is buffered",
          "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  peer.sends_bytes(std::string("\x10\x81\x80\x18", 4));  // 384 KiB and one byte
  CHECK(peer.is_closed_by_daemon());
  Peer patient(harness);
  patient.connects(a_connect("s"));
  auto publish = a_publish(Qos::at_least_once, 1);
  const std::string payload(400 * 1024, 'x');
  publish.payload = payload;
  std::string bytes;
  encode(protocol::Packet(publish), patient.version, bytes);
  REQUIRE(harness.until([&] {
    bytes.erase(0, patient.sends_some_of(bytes));
    return bytes.empty();
  }));
  CHECK(harness.until_messages(1));
}

TEST_CASE("a client that stops after the header of an oversize packet is closed by the tick",
          "[ingress][unit]") {
  Harness harness;
  Peer peer(harness);
  peer.connects(a_connect("s"));
  peer.sends_bytes("\x30\xff\xff\x7f");
  CHECK(peer.receives_a<protocol::Disconnect>().code == ReasonCode::packet_too_large);
  REQUIRE(harness.listener->status().oversize.size() == 1);
  CHECK(harness.listener->status().oversize[0].topic.empty());
}

TEST_CASE("a client with an oversize packet is named for a day, with a count", "[ingress][unit]") {
  OversizeBook book;
  SteadyTime now{};
  book.note(a_packet("z"), now);
  now += std::chrono::hours(1);
  book.note(a_packet("z"), now);
  now += OversizeBook::kNamedFor - std::chrono::seconds(1);
  REQUIRE(book.recent(now).size() == 1);
  CHECK(book.recent(now)[0].times == 2);
  now += std::chrono::seconds(1);
  CHECK(book.recent(now).empty());
  book.note(a_packet("z"), now);
  CHECK(book.recent(now).at(0).times == 1);
}

TEST_CASE("the oversize packet that is longest ago makes room", "[ingress][unit]") {
  OversizeBook book;
  SteadyTime now{};
  for (std::size_t i = 0; i <= RecentClients<ListenerStatus::OversizePacket>::kMost; ++i) {
    now += std::chrono::seconds(1);
    book.note(a_packet(std::to_string(i)), now);
  }
  const auto packets = book.recent(now);
  CHECK(packets.size() == RecentClients<ListenerStatus::OversizePacket>::kMost);
  CHECK(
      std::none_of(packets.begin(), packets.end(), [](auto& one) { return one.client_id == "0"; }));
}

TEST_CASE("the trouble about an oversize packet names the key and a value that suffices",
          "[ingress][unit]") {
  const auto next = [](const ListenerStatus::OversizePacket& packet) {
    return next_of(trouble_of(packet), Language::english);
  };
  CHECK(next(a_packet("z")).find("max_packet_size = \"1 MiB\" in the [[listener]] of port 1883") !=
        std::string::npos);
  auto huge = a_packet("z");
  huge.bytes = 15'000'000;
  CHECK(next(huge).find("\"16 MiB\"") != std::string::npos);
  huge.bytes = 17'000'000;
  CHECK(next(huge).find("can be 16 MiB at most") != std::string::npos);
}

}  // namespace
}  // namespace watchpost::ingress
