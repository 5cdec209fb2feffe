#include "wired/sl651_line.hpp"

#include "outcomes.hpp"
#include "sl651_frames.hpp"
#include "support/catch.hpp"

namespace watchpost::wired {
namespace {

using namespace testing;

// A line on which all that is handed over is settled when the test says so.
struct SlStage {
  explicit SlStage(std::map<std::string, Sl651Station, std::less<>> stations = {})
      : line({"192.0.2.7", std::chrono::minutes{480},
              std::make_shared<const Sl651Answering>(Sl651Answering{std::move(stations)})}) {}

  void feed(const std::string& bytes) { take(line.received(bytes)); }
  void pause() { take(line.paused()); }
  // The oldest that has no outcome yet.
  void settle(const Result<void>& outcome = kKept, ClockQuality quality = ClockQuality::synced) {
    REQUIRE(settled < given.size());
    take(line.settled(given[settled++].ticket, outcome, our_clock(quality)));
  }
  // The next answer, which must be there.
  Sl651Frame answer() {
    REQUIRE_FALSE(answers.empty());
    const auto cut = cut_sl651(answers.front());
    REQUIRE(cut.what == Sl651Cut::What::frame);
    REQUIRE(cut.size == answers.front().size());
    answers.erase(answers.begin());
    return cut.frame;
  }

  Sl651Line line;
  std::vector<HandOver> given;
  std::vector<std::string> answers;
  std::vector<Noise> noise;
  std::size_t settled = 0;

 private:
  void take(Steps steps) {
    for (auto& step : steps) {
      if (auto* one = std::get_if<HandOver>(&step)) given.push_back(*one);
      if (auto* one = std::get_if<Send>(&step)) answers.push_back(one->bytes);
      if (auto* one = std::get_if<Noise>(&step)) noise.push_back(*one);
    }
  }
};

}  // namespace

TEST_CASE("a report of SL 651 is confirmed under its serial after its commit, never before",
          "[wired][unit]") {
  SlStage stage;
  stage.feed(sl_bytes(0x1234));
  REQUIRE(stage.given.size() == 1);
  CHECK(stage.given[0].station == "0012345678");
  CHECK(stage.given[0].topic == "sl651/0012345678");
  CHECK(stage.given[0].payload == sl_bytes(0x1234));
  CHECK(stage.answers.empty());
  CHECK(stage.line.under_way() == 1);

  stage.settle();
  const auto answer = stage.answer();
  CHECK(answer.down);
  CHECK(answer.station == "0012345678");
  CHECK(answer.centre == 1);
  CHECK(answer.password == 0x1234);
  CHECK(answer.function == 0x32);
  CHECK(answer.ending == sl651::kEot);
  CHECK(sl651_opening(answer)->serial == 0x1234);
  CHECK(sl651_opening(answer)->time == "261129203040");
  CHECK(answer.body.size() == 8);
  CHECK(stage.answers.empty());
  CHECK(stage.line.under_way() == 0);
}

TEST_CASE("a report of SL 651 that is not kept has no answer", "[wired][unit]") {
  SlStage stage;
  stage.feed(sl_bytes(1) + to_bytes(sl_ascii(2)));
  stage.settle(kNotKept);
  CHECK(stage.answers.empty());
  stage.settle();
  const auto answer = stage.answer();
  CHECK(answer.ascii);
  CHECK(sl651_opening(answer)->serial == 2);
}

TEST_CASE("while our clock is not set an answer carries the station's own time", "[wired][unit]") {
  SlStage stage;
  stage.feed(sl_bytes(1));
  stage.settle(kKept, ClockQuality::unset);
  CHECK(sl651_opening(stage.answer())->time == "261123080005");
}

TEST_CASE("a keep-alive and a station in mode M1 are never answered", "[wired][unit]") {
  SlStage stage({{"0011223344", {Sl651Mode::m1, Sl651Ending::eot}}});
  stage.feed(sl_bytes(1, 0x2f) + sl_capture());
  REQUIRE(stage.given.size() == 2);
  stage.settle();
  stage.settle();
  stage.pause();
  CHECK(stage.answers.empty());
  stage.feed(sl_bytes(2));
  stage.settle();
  CHECK(stage.answers.size() == 1);
}

TEST_CASE("a station that shall stay online gets ESC, one that sends more gets ACK",
          "[wired][unit]") {
  SlStage stage({{"0012345678", {Sl651Mode::m2, Sl651Ending::esc}}});
  auto more = sl_frame(1);
  more.ending = sl651::kEtb;
  stage.feed(to_bytes(more) + sl_bytes(2));
  stage.settle();
  stage.settle();
  CHECK(stage.answer().ending == sl651::kAck);
  CHECK(stage.answer().ending == sl651::kEsc);
}

TEST_CASE("a frame from a centre is kept and not answered", "[wired][unit]") {
  SlStage stage;
  auto down = sl_frame(1);
  down.down = true;
  down.ending = sl651::kEnq;
  stage.feed(to_bytes(down));
  stage.settle();
  CHECK(stage.answers.empty());
}

TEST_CASE("packets are confirmed once, when all of them are kept", "[wired][unit]") {
  SlStage stage;
  for (std::uint16_t number = 1; number <= 3; ++number) {
    stage.feed(to_bytes(sl_packet(7, 3, number)));
  }
  REQUIRE(stage.given.size() == 3);
  stage.settle();
  stage.settle();
  CHECK(stage.answers.empty());
  stage.settle();
  const auto answer = stage.answer();
  CHECK(answer.ending == sl651::kEot);
  CHECK(answer.packet == Sl651Packet{3, 3});
  CHECK(sl651_opening(answer)->serial == 7);
  CHECK(stage.answers.empty());
  CHECK(stage.line.unfinished() == 0);
}

TEST_CASE("a missing packet is asked for, one at a time, and the message then confirmed",
          "[wired][unit]") {
  SlStage stage;
  stage.feed(to_bytes(sl_packet(7, 4, 1)) + to_bytes(sl_packet(7, 4, 4)));
  stage.settle();
  stage.settle();
  auto answer = stage.answer();
  CHECK(answer.ending == sl651::kNak);
  CHECK(answer.packet == Sl651Packet{4, 2});
  CHECK(sl651_opening(answer)->serial == 7);
  CHECK(stage.answers.empty());
  auto again = sl_packet(7, 4, 2);
  again.ending = sl651::kEtx;  // as the standard has it of packets that are sent again
  stage.feed(to_bytes(again));
  CHECK(stage.answers.empty());
  stage.settle();
  CHECK(stage.answer().packet == Sl651Packet{4, 3});
  stage.feed(to_bytes(sl_packet(7, 4, 3)));
  stage.settle();
  CHECK(stage.answer().ending == sl651::kEot);
}

TEST_CASE("where the last packet never comes, what is missing is asked for after a pause, twice",
          "[wired][unit]") {
  SlStage stage;
  stage.feed(to_bytes(sl_packet(7, 2, 1)));
  stage.settle();
  CHECK(stage.answers.empty());
  CHECK(stage.line.unfinished() > 0);
  for (int i = 0; i < 2; ++i) {
    stage.pause();
    const auto answer = stage.answer();
    CHECK(answer.ending == sl651::kNak);
    CHECK(answer.packet == Sl651Packet{2, 2});
  }
  stage.pause();
  CHECK(stage.answers.empty());
  CHECK(stage.line.unfinished() == 0);
}

TEST_CASE("a packet that was not kept is asked for again", "[wired][unit]") {
  SlStage stage;
  stage.feed(to_bytes(sl_packet(7, 2, 1)) + to_bytes(sl_packet(7, 2, 2)));
  stage.settle();
  stage.settle(kNotKept);
  CHECK(stage.answer().packet == Sl651Packet{2, 2});
  stage.feed(to_bytes(sl_packet(7, 2, 2)));
  stage.settle();
  CHECK(stage.answer().ending == sl651::kEot);
}

TEST_CASE("the first packet of another message begins anew", "[wired][unit]") {
  SlStage stage;
  stage.feed(to_bytes(sl_packet(7, 2, 1)));
  stage.settle();
  stage.feed(to_bytes(sl_packet(8, 2, 1)) + to_bytes(sl_packet(8, 2, 2)));
  stage.settle();
  CHECK(stage.answers.empty());
  stage.settle();
  CHECK(sl651_opening(stage.answer())->serial == 8);
}

TEST_CASE("a damaged frame of SL 651 is told, kept as it came and not answered", "[wired][unit]") {
  SlStage stage;
  auto damaged = sl_bytes(1);
  damaged[20] ^= 4;
  stage.feed("noise" + damaged + sl_bytes(2));
  REQUIRE(stage.noise.size() == 2);
  CHECK(stage.noise[0].sample == "noise");
  REQUIRE(stage.given.size() == 2);
  CHECK(stage.given[0].payload == damaged);
  CHECK(stage.given[0].station == "192.0.2.7");
  stage.settle();
  CHECK(stage.answers.empty());
  stage.settle();
  CHECK(stage.answers.size() == 1);
}

TEST_CASE("packets of many messages at a time are bounded", "[wired][unit]") {
  SlStage stage;
  for (std::uint16_t i = 0; i < 100; ++i) {
    auto packet = sl_packet(7, 4'095, 1);
    packet.function = static_cast<std::uint8_t>(0x60 + i);
    stage.feed(to_bytes(packet));
    stage.settle();
  }
  CHECK(stage.line.unfinished() == 16);
}

}  // namespace watchpost::wired
