#include "wired/sl651_frame.hpp"

#include "sl651_frames.hpp"
#include "support/catch.hpp"
#include "wired/sl651_framer.hpp"

namespace watchpost::wired {
namespace {

using namespace testing;

// All pieces of a stream that comes in portions of this size, and then ends.
std::vector<Sl651Framer::Piece> sl_pieces(std::string_view bytes, std::size_t portion) {
  std::vector<Sl651Framer::Piece> all;
  Sl651Framer framer;
  const auto take = [&all](std::optional<Sl651Framer::Piece> piece) {
    if (piece) all.push_back(*piece);
    return piece.has_value();
  };
  for (; !bytes.empty(); bytes.remove_prefix(std::min(portion, bytes.size()))) {
    framer.feed(bytes.substr(0, portion));
    while (take(framer.next())) continue;
  }
  while (take(framer.next_of_the_rest())) continue;
  return all;
}

std::vector<std::string> whole_of(const std::vector<Sl651Framer::Piece>& pieces) {
  std::vector<std::string> frames;
  for (const auto& piece : pieces) {
    if (piece.kind == Sl651Framer::Kind::frame) frames.push_back(piece.bytes);
  }
  return frames;
}

std::string sl_joined(const std::vector<Sl651Framer::Piece>& pieces) {
  std::string all;
  for (const auto& piece : pieces) all += piece.bytes;
  return all;
}

}  // namespace

TEST_CASE("a published frame of SL 651 is read field by field", "[wired][unit]") {
  const auto cut = cut_sl651(sl_capture());
  REQUIRE(cut.what == Sl651Cut::What::frame);
  CHECK(cut.size == sl_capture().size());
  CHECK(cut.frame.station == "0011223344");
  CHECK(cut.frame.centre == 5);
  CHECK(cut.frame.password == 0x03e8);
  CHECK(cut.frame.function == 0x32);
  CHECK_FALSE(cut.frame.down);
  CHECK(cut.frame.ending == sl651::kEtx);
  const auto opening = sl651_opening(cut.frame);
  REQUIRE(opening.has_value());
  CHECK(opening->serial == 0x34);
  CHECK(opening->time == "170718110016");
  CHECK(to_bytes(cut.frame) == sl_capture());
}

TEST_CASE("a published frame downwards has the station before the centre", "[wired][unit]") {
  const auto bytes = from_hex("7e7e00123456780112343080080200035910111549471b75d4").value();
  const auto cut = cut_sl651(bytes);
  REQUIRE(cut.what == Sl651Cut::What::frame);
  CHECK(cut.frame.down);
  CHECK(cut.frame.station == "0012345678");
  CHECK(cut.frame.centre == 1);
  CHECK(cut.frame.ending == sl651::kEsc);
  CHECK(to_bytes(cut.frame) == bytes);
}

TEST_CASE("both forms of every frame of SL 651 are written and read again", "[wired][unit]") {
  for (const bool ascii : {false, true}) {
    for (const bool down : {false, true}) {
      for (const int total : {0, 1, 4'095}) {
        auto frame = sl_frame(0x1234);
        frame.ascii = ascii;
        frame.down = down;
        frame.station = "00AB34567F";
        frame.centre = 255;
        frame.ending = down ? sl651::kNak : sl651::kEtb;
        if (total != 0) frame.packet = Sl651Packet{static_cast<std::uint16_t>(total), 1};
        const auto bytes = to_bytes(frame);
        const auto cut = cut_sl651(bytes);
        REQUIRE(cut.what == Sl651Cut::What::frame);
        CHECK(cut.size == bytes.size());
        CHECK(cut.frame == frame);
      }
    }
  }
}

TEST_CASE("no other byte in a frame of SL 651 is taken for it", "[wired][unit]") {
  for (const auto& good : {sl_capture(), to_bytes(sl_ascii(7)), to_bytes(sl_packet(7, 3, 2))}) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        auto bytes = good;
        bytes[at] = static_cast<char>(static_cast<std::uint8_t>(bytes[at]) ^ (1U << bit));
        // In the CRC of the ASCII form a small letter is the same digit.
        const bool crc = good.front() == '\x01' && at + 4 >= good.size();
        if (crc && bit == 5 && good[at] >= 'A') continue;
        const auto cut = cut_sl651(bytes);
        INFO(at << " bit " << bit << ": " << to_hex(bytes));
        CHECK(cut.what != Sl651Cut::What::frame);
      }
    }
  }
}

TEST_CASE("packet numbers that cannot be are no frame", "[wired][unit]") {
  for (const auto& [total, number] : {std::pair{0, 0}, {3, 0}, {3, 4}}) {
    auto frame = sl_packet(1, 3, 2);
    frame.packet =
        Sl651Packet{static_cast<std::uint16_t>(total), static_cast<std::uint16_t>(number)};
    CHECK(cut_sl651(to_bytes(frame)).what == Sl651Cut::What::damaged);
  }
}

TEST_CASE("a frame of SL 651 comes out whole however its bytes arrive", "[wired][unit]") {
  for (const auto& good : {sl_capture(), to_bytes(sl_ascii(7)), to_bytes(sl_packet(7, 3, 2))}) {
    const auto stream = good + good + sl_bytes(9);
    for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
      const auto pieces = sl_pieces(stream, portion);
      INFO(portion);
      REQUIRE(pieces.size() == 3);
      CHECK(whole_of(pieces) == std::vector<std::string>{good, good, sl_bytes(9)});
    }
  }
}

TEST_CASE("garbage before, between and behind hides no frame of SL 651", "[wired][unit]") {
  const auto a = sl_capture();
  const auto b = to_bytes(sl_ascii(7));
  const std::vector<std::string> garbage{"+++",
                                         "www.usr.cn",
                                         std::string("\0\0", 2),
                                         "\x7e",
                                         "\x7e\x7e",
                                         "\x7e\x7e\x7e",
                                         "\x01",
                                         "\x01"
                                         "12",
                                         a.substr(0, 13),
                                         a.substr(0, 14),
                                         a.substr(0, a.size() - 1),
                                         b.substr(0, b.size() - 1),
                                         sl_bytes(3).substr(4)};
  for (const auto& before : garbage) {
    for (const auto& between : garbage) {
      for (const std::size_t portion : {std::size_t{1}, std::size_t{7}, std::size_t{4'096}}) {
        const auto stream = before + a + between + b + before;
        const auto pieces = sl_pieces(stream, portion);
        INFO(to_hex(before) << " / " << to_hex(between) << " by " << portion);
        CHECK(whole_of(pieces) == std::vector<std::string>{a, b});
        CHECK(sl_joined(pieces) == stream);
      }
    }
  }
}

TEST_CASE("a length that is too long delays no frame of SL 651 behind it", "[wired][unit]") {
  auto wrong = sl_capture();
  wrong[11] = '\x0f';
  wrong[12] = '\xff';
  Sl651Framer framer;
  framer.feed(wrong);
  CHECK_FALSE(framer.next().has_value());
  const auto good = sl_bytes(5);
  for (const char byte : good.substr(0, good.size() - 1)) {
    framer.feed({&byte, 1});
    CHECK_FALSE(framer.next().has_value());
  }
  framer.feed(good.substr(good.size() - 1));
  const auto damaged = framer.next();
  REQUIRE(damaged.has_value());
  CHECK(damaged->kind == Sl651Framer::Kind::damaged);
  const auto whole = framer.next();
  REQUIRE(whole.has_value());
  CHECK(whole->bytes == good);
}

TEST_CASE("a damaged frame of SL 651 is told apart from noise, with the reason", "[wired][unit]") {
  auto damaged = sl_capture();
  damaged[20] ^= 4;
  const auto pieces = sl_pieces(damaged + "tail", 4'096);
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0].kind == Sl651Framer::Kind::damaged);
  CHECK(pieces[0].bytes == damaged);
  CHECK(pieces[0].why == "the CRC is wrong");
  CHECK(pieces[1].kind == Sl651Framer::Kind::noise);
}

}  // namespace watchpost::wired
