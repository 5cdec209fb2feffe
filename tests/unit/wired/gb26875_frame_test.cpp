#include "wired/gb26875_frame.hpp"

#include <random>
#include <utility>
#include <vector>

#include "gb26875_frames.hpp"
#include "support/catch.hpp"

namespace watchpost::wired {
namespace {

using namespace testing;
using Pieces = std::vector<std::pair<Gb26875Framer::Kind, std::string>>;

// What comes out when `bytes` come in portions that end at `ends`; then no more comes.
Pieces cut(std::string_view bytes, const std::vector<std::size_t>& ends) {
  Gb26875Framer framer;
  Pieces pieces;
  std::size_t from = 0;
  for (const std::size_t end : ends) {
    framer.feed(bytes.substr(from, end - from));
    while (auto piece = framer.next()) pieces.emplace_back(piece->kind, std::move(piece->bytes));
    from = end;
  }
  framer.feed(bytes.substr(from));
  while (auto piece = framer.next()) pieces.emplace_back(piece->kind, std::move(piece->bytes));
  while (auto piece = framer.next_of_the_rest())
    pieces.emplace_back(piece->kind, std::move(piece->bytes));
  CHECK(framer.unfinished() == 0);
  return pieces;
}

Pieces cut(std::string_view bytes) {
  return cut(bytes, {});
}

std::vector<std::string> frames_of(const Pieces& pieces) {
  std::vector<std::string> frames;
  for (const auto& [kind, bytes] : pieces) {
    if (kind == Gb26875Framer::Kind::frame) frames.push_back(bytes);
  }
  return frames;
}

std::string joined(const Pieces& pieces) {
  std::string all;
  for (const auto& [kind, bytes] : pieces) all += bytes;
  return all;
}

}  // namespace

TEST_CASE("a frame that a panel sent is read by its fields", "[wired][unit]") {
  const std::string bytes = gb_capture();
  const auto frame = Gb26875Frame::read(bytes);
  REQUIRE(frame.has_value());
  CHECK(frame->serial == 0);
  CHECK(frame->main_version == 1);
  CHECK(frame->user_version == 1);
  CHECK(frame->time == gb26875::Time{24, 13, 17, 22, 10, 20});
  CHECK(frame->source == 0);
  CHECK(frame->destination == 0x010203040506);
  CHECK(frame->command == gb26875::send);
  CHECK(frame->data.size() == 48);
  CHECK(frame->written() == bytes);
  CHECK(gb26875_name_of(frame->destination) == "010203040506");
  CHECK(gb26875_name_of(frame->source).empty());
}

TEST_CASE("no other byte in a frame is taken for it", "[wired][unit]") {
  const std::string bytes = gb_bytes(7);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ (1U << bit));
      CAPTURE(i, bit);
      CHECK_FALSE(Gb26875Frame::read(damaged).has_value());
      CHECK_FALSE(gb26875_fault_of(damaged).empty());
    }
    CHECK_FALSE(Gb26875Frame::read(bytes.substr(0, i)).has_value());
  }
  CHECK_FALSE(Gb26875Frame::read(bytes + "#").has_value());
}

TEST_CASE("frames come out whole however the stream is split", "[wired][unit]") {
  const std::vector<std::string> frames{gb_bytes(1), gb_capture(),
                                        gb_bytes(2, gb26875::confirm, "")};
  const std::string stream = frames[0] + frames[1] + frames[2];
  SECTION("by every single split") {
    for (std::size_t end = 0; end <= stream.size(); ++end) {
      CAPTURE(end);
      CHECK((frames_of(cut(stream, {end})) == frames));
    }
  }
  SECTION("by single bytes") {
    std::vector<std::size_t> ends;
    for (std::size_t end = 1; end < stream.size(); ++end) ends.push_back(end);
    CHECK((frames_of(cut(stream, ends)) == frames));
  }
}

TEST_CASE("behind garbage the next frame is found, and no byte is lost", "[wired][unit]") {
  const std::string frame = gb_bytes(9);
  const std::vector<std::string> garbage{
      "@",
      "@@",
      "@@@",
      "GET / HTTP/1.1\r\n\r\n",
      "#@#@",
      std::string(100, '@'),
      std::string(5'000, '\0'),
      frame.substr(0, 10),
      frame.substr(0, 28),
      frame.substr(0, frame.size() - 1),
      frame.substr(1),
      "@@" + std::string(22, '\0') + "\xff\xff" + "x",  // says 65535 bytes
  };
  for (const std::string& noise : garbage) {
    CAPTURE(noise.size(), noise.substr(0, 12));
    const auto pieces = cut(noise + frame + noise + frame);
    CHECK((frames_of(pieces) == std::vector{frame, frame}));
    CHECK((joined(pieces) == noise + frame + noise + frame));
  }
}

TEST_CASE("a wrong length never swallows the frames behind it, nor makes them wait",
          "[wired][unit]") {
  std::string wrong = gb_bytes(1);
  wrong[24] = '\x00';
  wrong[25] = '\x04';  // 1024 bytes of data
  Gb26875Framer framer;
  framer.feed(wrong);
  CHECK_FALSE(framer.next().has_value());
  framer.feed(gb_bytes(2));
  const auto damaged = framer.next();
  REQUIRE(damaged.has_value());
  CHECK(damaged->kind == Gb26875Framer::Kind::damaged);
  CHECK(damaged->bytes == wrong);
  const auto frame = framer.next();
  REQUIRE(frame.has_value());
  CHECK(frame->kind == Gb26875Framer::Kind::frame);
  CHECK(frame->bytes == gb_bytes(2));
}

TEST_CASE("a damaged frame comes out as one piece with its header", "[wired][unit]") {
  std::string checksum = gb_bytes(1);
  checksum[checksum.size() - 3] ^= 1;
  std::string end = gb_bytes(2);
  end.back() = '\x13';
  const auto pieces = cut(checksum + end + gb_bytes(3));
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0] == std::pair(Gb26875Framer::Kind::damaged, checksum));
  CHECK(pieces[1] == std::pair(Gb26875Framer::Kind::damaged, end));
  CHECK(pieces[2] == std::pair(Gb26875Framer::Kind::frame, gb_bytes(3)));
}

TEST_CASE("a damaged frame behind a false start is a piece of its own", "[wired][unit]") {
  std::string damaged = gb_bytes(2);
  damaged[28] ^= 4;
  const auto pieces = cut("##@@" + damaged + gb_bytes(3));
  bool found = false;
  for (const auto& piece : pieces)
    found = found || piece == std::pair(Gb26875Framer::Kind::damaged, damaged);
  CHECK(found);
  CHECK((frames_of(pieces) == std::vector{gb_bytes(3)}));
}

TEST_CASE("a flood of starts costs time in proportion to its bytes", "[wired][unit]") {
  std::string flood(2'000'000, '@');
  CHECK((frames_of(cut(flood + gb_bytes(1))) == std::vector{gb_bytes(1)}));
  std::string plausible = "@@" + std::string(22, '\0') + "\x01\x03";
  std::string many;
  while (many.size() < 2'000'000) many += plausible;
  CHECK((frames_of(cut(many + gb_bytes(1))) == std::vector{gb_bytes(1)}));
}

TEST_CASE("whatever comes in comes out in order, and the framer holds one frame at most",
          "[wired][unit]") {
  std::mt19937 random(20'261'129);
  const std::string letters = "@@@##\x02\x01" + std::string(1, '\0');
  for (int round = 0; round < 300; ++round) {
    std::string stream;
    while (stream.size() < 3'000) {
      if (random() % 3 == 0) {
        stream += gb_bytes(static_cast<std::uint16_t>(random()));
      } else {
        for (std::size_t i = random() % 40; i > 0; --i)
          stream += letters[random() % letters.size()];
      }
    }
    Gb26875Framer framer;
    std::string all;
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t count = 1 + random() % 200;
      framer.feed(std::string_view(stream).substr(at, count));
      at += count;
      while (const auto piece = framer.next()) all += piece->bytes;
      REQUIRE(framer.unfinished() < gb26875::kAround + gb26875::kMostData);
    }
    while (const auto piece = framer.next_of_the_rest()) all += piece->bytes;
    REQUIRE((all == stream));
  }
}

}  // namespace watchpost::wired
