#include "protocol/framer.hpp"

#include <algorithm>

#include "bytes.hpp"

namespace watchpost::protocol {
namespace {

using testing::bytes;

void feed(Framer& framer, std::string_view stream) {
  while (!stream.empty()) {
    const auto room = framer.prepare();
    const auto count = std::min(room.size(), stream.size());
    std::copy_n(stream.begin(), count, room.begin());
    framer.commit(count);
    stream.remove_prefix(count);
  }
}

TEST_CASE("frames are cut wherever the stream is split", "[protocol][unit]") {
  const std::string stream = bytes("c0 00") + bytes("30 05 0001 74 6869") + bytes("e0 00");
  for (std::size_t split = 0; split <= stream.size(); ++split) {
    Framer framer(1'000);
    std::vector<PacketType> types;
    const auto drain = [&] {
      for (auto frame = framer.next(); frame && *frame; frame = framer.next()) {
        types.push_back((*frame)->type);
      }
    };
    feed(framer, std::string_view(stream).substr(0, split));
    drain();
    feed(framer, std::string_view(stream).substr(split));
    drain();
    CHECK(types == std::vector{PacketType::pingreq, PacketType::publish, PacketType::disconnect});
  }
}

TEST_CASE("a packet over the maximum is refused at its header", "[protocol][unit]") {
  Framer framer(100);
  feed(framer, bytes("10 62"));
  CHECK(framer.next().has_value());  // 98 + 2 bytes are just allowed

  Framer stricter(99);
  feed(stricter, bytes("10 62"));
  const auto frame = stricter.next();
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().code == ReasonCode::packet_too_large);
  REQUIRE(frame.error().oversize.has_value());
  CHECK(frame.error().oversize->bytes == 100);
  CHECK(frame.error().oversize->most == 99);
}

TEST_CASE("a PUBLISH over the maximum is refused as soon as its topic can be named",
          "[protocol][unit]") {
  const std::string stream = bytes("30 62 0003 612f62");
  Framer framer(99);
  framer.set_patient(true);
  for (const char byte : stream.substr(0, stream.size() - 1)) {
    feed(framer, {&byte, 1});
    const auto early = framer.next();
    REQUIRE(early.has_value());
    CHECK_FALSE(early->has_value());
  }
  CHECK(framer.waits_for_topic());
  feed(framer, stream.substr(stream.size() - 1));
  const auto frame = framer.next();
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().code == ReasonCode::packet_too_large);
  CHECK(frame.error().oversize->topic == "a/b");
}

TEST_CASE("the refusal of a PUBLISH waits for its topic only as long as it may",
          "[protocol][unit]") {
  Framer framer(99);
  framer.set_patient(true);
  feed(framer, bytes("30 62 0003 61"));
  REQUIRE(framer.next().has_value());
  framer.set_patient(false);
  const auto frame = framer.next();
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().code == ReasonCode::packet_too_large);
  CHECK(frame.error().oversize->topic.empty());
}

TEST_CASE("a topic too long to wait for does not delay the refusal", "[protocol][unit]") {
  Framer framer(99);
  framer.set_patient(true);
  feed(framer, bytes("30 ff7f 0201"));  // the frame has 513 bytes
  const auto frame = framer.next();
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().oversize->topic.empty());

  Framer beyond(99);
  beyond.set_patient(true);
  feed(beyond, bytes("30 62 0061"));  // claims 97 bytes of topic in a body of 98
  CHECK_FALSE(beyond.next().has_value());
}

TEST_CASE("a Remaining Length over four bytes is malformed", "[protocol][unit]") {
  Framer framer(1'000);
  feed(framer, bytes("30 80808080"));
  const auto frame = framer.next();
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().code == ReasonCode::malformed_packet);
}

TEST_CASE("a Remaining Length not in its shortest form is malformed", "[protocol][unit]") {
  CHECK_FALSE(first_frame(bytes("c0 8000"), 1'000).has_value());
}

TEST_CASE("packet type 0 is malformed", "[protocol][unit]") {
  CHECK_FALSE(first_frame(bytes("0f"), 1'000).has_value());
}

TEST_CASE("a header that claims much costs only what arrived", "[protocol][unit]") {
  Framer framer(300'000'000);
  feed(framer, bytes("30 ffffff7f 0001 74"));
  CHECK_FALSE(framer.next().value().has_value());
  CHECK(framer.prepare().size() <= 4 * Framer::kSmallestRead);
}

TEST_CASE("who waits gives the buffer back, but for a frame that is not whole",
          "[protocol][unit]") {
  Framer framer(1'000);
  CHECK(framer.release());
  CHECK(framer.held() == 0);
  feed(framer, bytes("c000"));
  REQUIRE(framer.next().value().has_value());
  CHECK(framer.release());
  CHECK(framer.held() == 0);
  feed(framer, bytes("c000 c0"));
  REQUIRE(framer.next().value().has_value());
  CHECK_FALSE(framer.release());
  feed(framer, bytes("00"));
  CHECK(framer.next().value().has_value());
}

TEST_CASE("the room for a large packet is given back", "[protocol][unit]") {
  Framer framer(1'000'000);
  std::string out;
  const std::string payload(500'000, 'x');
  encode(Publish{false, {}, false, "t", PacketId(0), {}, payload}, Version::v5, out);
  feed(framer, out);
  const auto frame = framer.next();
  REQUIRE(frame.has_value());
  REQUIRE(frame->has_value());
  CHECK((*frame)->body.size() == 500'004);
  CHECK(framer.prepare().size() == Framer::kSmallestRead);
}

}  // namespace
}  // namespace watchpost::protocol
