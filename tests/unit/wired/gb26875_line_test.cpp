#include "wired/gb26875_line.hpp"

#include "gb26875_frames.hpp"
#include "outcomes.hpp"
#include "support/catch.hpp"

namespace watchpost::wired {
namespace {

using namespace testing;

Gb26875Line gb_line() {
  return Gb26875Line({"192.0.2.7", std::chrono::minutes{480}});
}

std::vector<HandOver> handed_over(const Steps& steps) {
  std::vector<HandOver> all;
  for (const Step& step : steps) {
    if (const auto* given = std::get_if<HandOver>(&step)) all.push_back(*given);
  }
  return all;
}

std::vector<std::string> sent(const Steps& steps) {
  std::vector<std::string> all;
  for (const Step& step : steps) {
    if (const auto* answer = std::get_if<Send>(&step)) all.push_back(answer->bytes);
  }
  return all;
}

}  // namespace

TEST_CASE("a message is confirmed under its serial after its commit, never before",
          "[wired][unit]") {
  Gb26875Line line = gb_line();
  const Steps steps = line.received(gb_bytes(0x1234));
  REQUIRE(steps.size() == 1);
  const auto given = handed_over(steps);
  REQUIRE(given.size() == 1);
  CHECK(given[0].station == "010203040506");
  CHECK(given[0].topic == "gb26875/010203040506");
  CHECK(given[0].payload == gb_bytes(0x1234));
  CHECK(line.under_way() == 1);

  const auto answers = sent(line.settled(given[0].ticket, kKept, our_clock()));
  REQUIRE(answers.size() == 1);
  const auto answer = Gb26875Frame::read(answers[0]);
  REQUIRE(answer.has_value());
  CHECK(answer->serial == 0x1234);
  CHECK(answer->command == gb26875::confirm);
  CHECK(answer->source == 0x0a0b0c0d0e0f);
  CHECK(answer->destination == 0x010203040506);
  CHECK(answer->user_version == 3);
  CHECK(answer->data.empty());
  CHECK(answer->time == gb26875::Time{40, 30, 20, 29, 11, 26});
  CHECK(line.under_way() == 0);
  CHECK(line.settled(given[0].ticket, kKept, our_clock()).empty());
}

TEST_CASE("a message that is not kept is denied", "[wired][unit]") {
  Gb26875Line line = gb_line();
  const auto given = handed_over(line.received(gb_bytes(5)));
  const auto answers = sent(line.settled(given.at(0).ticket, kNotKept, our_clock()));
  REQUIRE(answers.size() == 1);
  CHECK(Gb26875Frame::read(answers[0])->command == gb26875::deny);
  CHECK(Gb26875Frame::read(answers[0])->serial == 5);
}

TEST_CASE("while our clock is not set, an answer carries the station's own time", "[wired][unit]") {
  Gb26875Line line = gb_line();
  const auto given = handed_over(line.received(gb_bytes(5)));
  const auto answers =
      sent(line.settled(given.at(0).ticket, kKept, our_clock(ClockQuality::unset)));
  CHECK(Gb26875Frame::read(answers.at(0))->time == gb_frame(5).time);
}

TEST_CASE("what is answered depends on the command", "[wired][unit]") {
  struct Case {
    std::uint8_t command;
    int answer;  // 0: none
  };
  const auto one = GENERATE(Case{1, 6}, Case{2, 3}, Case{3, 0}, Case{4, 6}, Case{5, 0}, Case{6, 0},
                            Case{0, 6}, Case{7, 6}, Case{127, 6}, Case{128, 3}, Case{255, 3});
  CAPTURE(int{one.command});
  Gb26875Line line = gb_line();
  const auto given = handed_over(line.received(gb_bytes(1, one.command)));
  REQUIRE(given.size() == 1);
  const auto answers = sent(line.settled(given[0].ticket, kKept, our_clock()));
  REQUIRE(answers.size() == (one.answer == 0 ? 0U : 1U));
  if (one.answer != 0) CHECK(Gb26875Frame::read(answers[0])->command == one.answer);
}

TEST_CASE("a damaged frame is told, kept as it came and denied", "[wired][unit]") {
  Gb26875Line line = gb_line();
  (void)line.received(gb_bytes(1));
  std::string damaged = gb_bytes(2);
  damaged[30] ^= 4;
  const Steps steps = line.received(damaged);
  REQUIRE(steps.size() == 2);
  const auto& noise = std::get<Noise>(steps[0]);
  CHECK(noise.station == "010203040506");
  CHECK(noise.bytes == damaged.size());
  CHECK(noise.sample == damaged.substr(0, Line::kSample));
  const auto& given = std::get<HandOver>(steps[1]);
  CHECK(given.payload == damaged);
  const auto answers = sent(line.settled(given.ticket, kKept, our_clock()));
  REQUIRE(answers.size() == 1);
  CHECK(Gb26875Frame::read(answers[0])->command == gb26875::deny);
  CHECK(Gb26875Frame::read(answers[0])->serial == 2);
}

TEST_CASE("a stretch of noise is told once, in however many pieces it is cut", "[wired][unit]") {
  Gb26875Line line = gb_line();
  const Steps steps = line.received(std::string(4'000, '@') + gb_bytes(1));
  REQUIRE(steps.size() == 2);
  CHECK(std::get<Noise>(steps[0]).bytes == 4'000);
  CHECK(std::get<Noise>(steps[0]).sample == std::string(Line::kSample, '@'));
}

TEST_CASE("a frame that comes again before its outcome is handed over once and answered each time",
          "[wired][unit]") {
  Gb26875Line line = gb_line();
  const auto given = handed_over(line.received(gb_bytes(1) + gb_bytes(1)));
  REQUIRE(given.size() == 1);
  CHECK(handed_over(line.received(gb_bytes(1, gb26875::send, "other"))).size() == 1);
  CHECK(sent(line.settled(given[0].ticket, kKept, our_clock())).size() == 2);
  // Settled, the same bytes are a new message: many devices count no serials.
  CHECK(handed_over(line.received(gb_bytes(1))).size() == 1);
}

TEST_CASE("a station without an address of its own is named by where it comes from",
          "[wired][unit]") {
  Gb26875Line line = gb_line();
  const auto given = handed_over(line.received(gb_capture()));
  REQUIRE(given.size() == 1);
  CHECK(given[0].station == "192.0.2.7");
  CHECK(given[0].topic == "gb26875/192.0.2.7");
}

TEST_CASE("an unfinished frame is given up after a pause, and the next one is read",
          "[wired][unit]") {
  Gb26875Line line = gb_line();
  CHECK(line.received(gb_bytes(1).substr(0, 32)).empty());
  CHECK(line.unfinished() == 32);
  const Steps steps = line.paused();
  REQUIRE(steps.size() == 2);  // it had its header, so it is told, kept and denied
  CHECK(std::get<HandOver>(steps[1]).payload == gb_bytes(1).substr(0, 32));
  CHECK(line.unfinished() == 0);
  CHECK(line.received("@@short").empty());
  CHECK(std::get<Noise>(line.paused().at(0)).bytes == 7);
  CHECK(handed_over(line.received(gb_bytes(2))).size() == 1);
}

TEST_CASE("past so many messages without an outcome the line wants no more", "[wired][unit]") {
  Gb26875Line line = gb_line();
  for (std::uint16_t i = 0; i + 1U < Line::kMostUnderWay; ++i) (void)line.received(gb_bytes(i));
  CHECK(line.may_read());
  const auto last = handed_over(line.received(gb_bytes(999)));
  CHECK_FALSE(line.may_read());
  (void)line.settled(last.at(0).ticket, kKept, our_clock());
  CHECK(line.may_read());
}

}  // namespace watchpost::wired
