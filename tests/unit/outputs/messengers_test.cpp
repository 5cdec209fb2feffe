// Channels at work: what is kept of each attempt, and what is a trouble.
#include "outputs/messengers.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>

#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "support/recording_log.hpp"

using namespace watchpost;
using namespace watchpost::outputs;
using namespace std::chrono_literals;

namespace {

class FakeChannel final : public Channel {
 public:
  explicit FakeChannel(std::vector<FakeChannel*>& all) { all.push_back(this); }
  void send(const Letter& letter, Done done) override {
    texts.push_back(letter.text);
    waiting = std::move(done);
  }
  void stop() override { waiting = {}; }
  void answer(ToldHow how, std::string detail = {}) {
    const Done done = std::exchange(waiting, {});
    REQUIRE(done);
    done({how, std::move(detail), {}});
  }
  std::vector<std::string> texts;
  Done waiting;
};

struct Room {
  explicit Room(std::size_t count = 1, bool is_command = false) {
    std::vector<Messengers::Options> options;
    for (std::size_t i = 0; i < count; ++i) {
      Messengers::Options& one = options.emplace_back();
      one.name = "chat-" + std::to_string(i);
      one.place = i;
      one.is_command = is_command;
      one.letter.language = Language::english;
      one.channel = std::make_unique<FakeChannel>(channels);
    }
    Messengers::Events events{
        [this](AlarmSerial number) -> std::optional<Mentioned> {
          if (alarm.number.serial != number) return std::nullopt;
          return Mentioned{std::make_shared<const Alarm>(alarm), {"stove", "kitchen"}};
        },
        [this](const std::vector<ToldOf>& all) {
          for (const ToldOf& one : all) kept.push_back(one.telling);
        }};
    alarm.number = {1, AlarmSerial{37}};
    alarm.source = {"smoke-1", Kind::smoke};
    alarm.waiting_since = ServiceTime{5s};
    messengers.emplace(Messengers::Surroundings{io.get_executor(), clock, log, random},
                       std::move(options), std::move(events));
    messengers->start();
  }
  // One look with the alarm waiting for each channel.
  void look() {
    for (std::size_t i = 0; i < channels.size(); ++i) messengers->want({i, 0}, alarm);
    messengers->end();
  }
  boost::asio::io_context io;
  support::ManualClock clock;
  support::RecordingLog log;
  std::mt19937_64 random{1};
  Alarm alarm;
  std::vector<FakeChannel*> channels;
  std::vector<Telling> kept;
  std::optional<Messengers> messengers;
};

}  // namespace

TEST_CASE("an accepted message is kept with its alarm, and the next look sends nothing",
          "[outputs][unit]") {
  Room room;
  room.look();
  REQUIRE(room.channels[0]->texts.size() == 1);
  CHECK(room.channels[0]->texts[0].starts_with("[ALARM] 37: "));
  room.look();
  CHECK(room.channels[0]->texts.size() == 1);
  room.channels[0]->answer(ToldHow::accepted);
  REQUIRE(room.kept.size() == 1);
  CHECK(room.kept[0].output == "chat-0");
  CHECK(room.kept[0].attempts == 1);
  CHECK(room.kept[0].waiting_since == ServiceTime{5s});
  room.look();
  CHECK(room.channels[0]->texts.size() == 1);
  CHECK_FALSE(room.messengers->status()[0].trouble);
}

TEST_CASE("a test goes by the same channel, after what is under way, and says that it is one",
          "[outputs][unit]") {
  Room room;
  room.look();
  std::vector<ToldHow> ended;
  const auto done = [&ended](ToldHow how, const std::string& /*detail*/) { ended.push_back(how); };
  CHECK_FALSE(room.messengers->test(7, "Wang", done));
  REQUIRE(room.messengers->test(0, "Wang", done));
  CHECK(room.channels[0]->texts.size() == 1);
  room.channels[0]->answer(ToldHow::accepted);
  REQUIRE(room.channels[0]->texts.size() == 2);
  CHECK(room.channels[0]->texts[1].starts_with(
      "[TEST, no real ALARM] Output chat-0 is tested. Asked for by: Wang"));
  CHECK(ended.empty());
  room.channels[0]->answer(ToldHow::status, "HTTP 500");
  CHECK(ended == std::vector{ToldHow::status});
  CHECK(room.kept.size() == 1);  // of the alarm only
  CHECK(room.messengers->status()[0].trouble);
}

TEST_CASE("a test under way is not ended by a stop", "[outputs][unit]") {
  Room room;
  bool is_told = false;
  REQUIRE(room.messengers->test(0, "Wang", [&](ToldHow, const std::string&) { is_told = true; }));
  room.messengers->stop();
  CHECK_FALSE(is_told);
}

TEST_CASE("what is on disk as told is not told by the next run", "[outputs][unit]") {
  Room room;
  room.alarm.told = {{"chat-0", 0, ServiceTime{5s}, ToldHow::accepted}};
  room.look();
  CHECK(room.channels[0]->texts.empty());
  Room other;
  other.alarm.told = {{"chat-0", 0, ServiceTime{5s}, ToldHow::status}};
  other.look();
  CHECK(other.channels[0]->texts.size() == 1);
}

TEST_CASE(
    "a channel that fails is a trouble until it takes something, and its failures are kept "
    "ever less often",
    "[outputs][unit]") {
  Room room;
  for (int attempt = 1; attempt <= 9; ++attempt) {
    room.look();
    room.channels[0]->answer(ToldHow::status, "HTTP 500");
    const auto trouble = room.messengers->status()[0].trouble;
    REQUIRE(trouble);
    CHECK(trouble->code == TroubleCode::output_not_told);
    room.clock.advance(2min);
  }
  std::vector<std::uint32_t> attempts;
  for (const Telling& told : room.kept) attempts.push_back(told.attempts);
  CHECK(attempts == std::vector<std::uint32_t>{1, 2, 4, 8});
  CHECK(room.kept[0].detail == "HTTP 500");
  room.messengers->end();  // somebody has taken the alarm
  CHECK(room.messengers->status()[0].trouble);
  room.look();
  room.channels[0]->answer(ToldHow::accepted);
  CHECK_FALSE(room.messengers->status()[0].trouble);
}

TEST_CASE("a trouble says in the reader's words why nobody was told, and how many alarms wait",
          "[outputs][unit]") {
  Room room;
  room.look();
  room.channels[0]->answer(ToldHow::not_started, "No such file or directory");
  const Trouble trouble = *room.messengers->status()[0].trouble;
  const std::string english = sentence_of(trouble, Language::english);
  CHECK(english.find("(could not be started: No such file or directory)") != std::string::npos);
  CHECK(english.find("1 alarm not told yet") != std::string::npos);
  CHECK(what_of(trouble, Language::chinese).find("（无法启动: No such file or directory）") !=
        std::string::npos);
  // What a service says of itself stays out of it: the same trouble would be another each time.
  room.clock.advance(2min);
  room.look();
  room.channels[0]->answer(ToldHow::refused, "errcode 45009: api freq out of limit");
  CHECK(what_of(*room.messengers->status()[0].trouble, Language::english)
            .find("(refused: errcode 45009)") != std::string::npos);
}

TEST_CASE("no more commands run at once than four", "[outputs][unit]") {
  Room room(6, true);
  room.look();
  const auto running = [&room] {
    return std::count_if(room.channels.begin(), room.channels.end(),
                         [](const FakeChannel* one) { return static_cast<bool>(one->waiting); });
  };
  CHECK(running() == 4);
  room.channels[0]->answer(ToldHow::accepted);
  CHECK(running() == 4);
  room.channels[1]->answer(ToldHow::overdue);
  room.channels[2]->answer(ToldHow::accepted);
  CHECK(running() == 3);
}
