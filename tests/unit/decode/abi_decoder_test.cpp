#include "decode/abi_decoder.hpp"

#include "rules/verdict.hpp"
#include "sdk/decoder.hpp"
#include "support/catch.hpp"
#include "wayward_decoder.h"

namespace watchpost::decode {
namespace {

struct Wayward {
  std::vector<Failure> benched;
  std::unique_ptr<Decoder> decoder;
  Topic topic = *Topic::parse("any/topic");

  Wayward() {
    auto opened = AbiDecoder::open(*wayward_decoder(), "{}",
                                   [this](const Failure& failure) { benched.push_back(failure); });
    decoder = std::move(opened.value());
  }
  Decoding send(std::string_view payload, bool retained = false) {
    const WallTime received = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});
    return decoder->decode({topic, payload, retained, received});
  }
};

// What it had learnt cannot be read any more.
struct Forgetful {
  explicit Forgetful(const sdk::Options& /*options*/) {}
  sdk::Verdict decode(const sdk::Frame& /*frame*/, sdk::Sink& sink) {
    sink.ignore("heard");
    return sdk::Verdict::decoded;
  }
  void recall(const sdk::Remembered& learnt) {
    if (learnt.value == "bad") throw std::runtime_error("no number");
  }
  void not_kept(const sdk::Remembered& /*learnt*/) { throw 1; }
};

void recall_with_exception(void* /*state*/, watchpost_text /*key*/, watchpost_text /*value*/) {
  throw std::runtime_error("across");
}

bool has_flag(const Observation& observation, std::string_view flag) {
  for (const auto& each : observation.flags) {
    if (each == flag) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a decoder written in C is heard through the ABI", "[decode][unit]") {
  Wayward wayward;
  const auto decoding = wayward.send("good");

  CHECK(decoding.outcome == Outcome::decoded);
  CHECK(decoding.decoder == "wayward");
  CHECK(decoding.device == "wayward");
  REQUIRE(decoding.observations.size() == 1);
  CHECK(rules::judge(decoding.observations[0]).alarm.has_value());
}

TEST_CASE("readings of a newer, larger form are read by their own size", "[decode][unit]") {
  Wayward wayward;
  const auto decoding = wayward.send("good");

  REQUIRE(decoding.observations.size() == 1);
  REQUIRE(decoding.observations[0].readings.size() == 2);
  CHECK(decoding.observations[0].readings[1] == Reading{"second", "", 2.0});
}

TEST_CASE("a retained copy never declares an alarm, whatever the decoder says", "[decode][unit]") {
  Wayward wayward;
  const auto decoding = wayward.send("good", true);

  REQUIRE(decoding.observations.size() == 1);
  CHECK_FALSE(rules::judge(decoding.observations[0]).alarm.has_value());
  CHECK(decoding.observations[0].state == DeclaredState::alarm);
  CHECK(has_flag(decoding.observations[0], "retained"));
}

TEST_CASE("an alarm is heard without a reading that is no finite number", "[decode][unit]") {
  Wayward wayward;
  const auto decoding = wayward.send("n");

  REQUIRE(decoding.observations.size() == 1);
  CHECK(rules::judge(decoding.observations[0]).alarm.has_value());
  CHECK(has_flag(decoding.observations[0], "partly_read"));
  CHECK(decoding.observations[0].readings.at(1) == Reading{"second", "", std::monostate{}});
  CHECK(decoding.why == "the reading \"second\" of an alarm is no finite number");
  const auto calm = wayward.send("N");
  CHECK(calm.outcome == Outcome::malformed);
  CHECK(calm.why.find("not finite") != std::string::npos);
}

TEST_CASE("a decoder that refuses without a reason is said to give none", "[decode][unit]") {
  Wayward wayward;
  CHECK(wayward.send("w").why == "the decoder gives no reason");
}

TEST_CASE("a time more than a day ahead of ours is flagged", "[decode][unit]") {
  Wayward wayward;
  CHECK(has_flag(wayward.send("time").observations.at(0), "clock_suspect"));
  CHECK_FALSE(has_flag(wayward.send("good").observations.at(0), "clock_suspect"));
}

TEST_CASE("a breach of the contract is malformed and nothing of it counts", "[decode][unit]") {
  for (const std::string payload : {"k", "d", "u", "s", "r", "p", "e", "x"}) {
    Wayward wayward;
    const auto decoding = wayward.send(payload);
    INFO(payload << ": " << decoding.why);
    CHECK(decoding.outcome == Outcome::malformed);
    CHECK(decoding.observations.empty());
    CHECK(decoding.why.find("contract") != std::string::npos);
  }
}

TEST_CASE("what was emitted before a refusal does not count", "[decode][unit]") {
  Wayward wayward;
  const auto decoding = wayward.send("m");
  CHECK(decoding.outcome == Outcome::malformed);
  CHECK(decoding.observations.empty());
  CHECK(decoding.why == "broken after all");
  CHECK(wayward.send("i").outcome == Outcome::ignored);
  CHECK(wayward.send("o").outcome == Outcome::not_mine);
}

TEST_CASE("a decoder is benched after eight breaches in a row, and reported once",
          "[decode][unit]") {
  Wayward wayward;
  for (int i = 0; i < 7; ++i) wayward.send("N");
  CHECK(wayward.benched.empty());
  CHECK(wayward.send("good").outcome == Outcome::decoded);  // a good answer wipes the slate

  for (int i = 0; i < 8; ++i) wayward.send("N");
  REQUIRE(wayward.benched.size() == 1);
  CHECK(wayward.benched[0].what.find("\"wayward\" (version 0.9)") != std::string::npos);
  CHECK_FALSE(wayward.benched[0].remedy.empty());

  const auto decoding = wayward.send("good");
  CHECK(decoding.outcome == Outcome::malformed);
  CHECK(decoding.why.find("benched") != std::string::npos);
  CHECK(wayward.benched.size() == 1);
}

TEST_CASE("bad messages do not bench a decoder", "[decode][unit]") {
  Wayward wayward;
  for (int i = 0; i < 100; ++i) wayward.send("m");
  CHECK(wayward.benched.empty());
  CHECK(wayward.send("good").outcome == Outcome::decoded);
}

TEST_CASE("an exception across the ABI does not end the daemon", "[decode][unit]") {
  watchpost_decoder throwing = *wayward_decoder();
  throwing.decode = [](void*, const watchpost_frame*, const watchpost_sink*) -> std::uint32_t {
    throw 17;
  };
  auto decoder = AbiDecoder::open(throwing, "{}", {}).value();
  const auto topic = *Topic::parse("a");
  const auto decoding = decoder->decode({topic, "x", false, {}});
  CHECK(decoding.outcome == Outcome::malformed);
}

TEST_CASE("the bytes of a device are handed over once, and checked", "[decode][unit]") {
  auto decoder = AbiDecoder::open(*wayward_decoder(), "{}", {}).value();
  const auto topic = *Topic::parse("a");
  const auto at = WallTime{std::chrono::seconds{1}};
  const auto once = decoder->decode({topic, "h", false, at});
  CHECK(once.outcome == Outcome::decoded);
  REQUIRE(once.handed.has_value());
  CHECK(once.handed->device == "wayward");
  CHECK(once.handed->payload == "h");
  CHECK(once.handed->port == 2);
  CHECK(once.handed->observed_at == at - std::chrono::nanoseconds{5});
  for (const auto* wrong : {"H", "hx"}) {
    const auto breach = decoder->decode({topic, wrong, false, at});
    CHECK(breach.outcome == Outcome::malformed);
    CHECK_FALSE(breach.handed.has_value());
  }
}

TEST_CASE("a decoder that was built before bytes were handed over is not asked about it",
          "[decode][unit]") {
  watchpost_decoder older = *wayward_decoder();
  older.unwraps = 1;
  CHECK(AbiDecoder::open(older, "{}", {}).value()->unwraps());
  older.struct_size = offsetof(watchpost_decoder, unwraps);
  CHECK_FALSE(AbiDecoder::open(older, "{}", {}).value()->unwraps());
}

TEST_CASE("a host that is too old to be handed anything is told so", "[decode][unit]") {
  int handed = 0;
  watchpost_sink sink{};
  sink.struct_size = offsetof(watchpost_sink, hand_over);
  sink.context = &handed;
  sink.hand_over = [](void* context, const watchpost_inner*) { ++*static_cast<int*>(context); };
  CHECK_FALSE(sdk::Sink(&sink).hand_over({.device = "d", .payload = "x"}));
  CHECK(handed == 0);
  sink.struct_size = sizeof sink;
  CHECK(sdk::Sink(&sink).hand_over({.device = "d", .payload = "x"}));
  CHECK(handed == 1);
}

TEST_CASE("refused options are explained in the decoder's words", "[decode][unit]") {
  const auto opened = AbiDecoder::open(*wayward_decoder(), "refuse", {});
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().what == "decoder \"wayward\" refuses its options: told to refuse");
}

TEST_CASE("what goes wrong in recall is told once, and the decoder goes on", "[decode][unit]") {
  static constexpr watchpost_decoder kForgetful = sdk::make_decoder<Forgetful>("forgetful", "1");
  std::vector<Failure> faults;
  auto decoder = AbiDecoder::open(kForgetful, "{}", [&faults](const Failure& fault) {
                   faults.push_back(fault);
                 }).value();
  decoder->recall({"forgetful", "tag 1", "good"});
  CHECK(faults.empty());
  decoder->recall({"forgetful", "tag 2", "bad"});
  decoder->recall({"forgetful", "tag 3", "bad"});
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].what == R"(decoder "forgetful" fails in recall() for "tag 2": no number)");
  const Topic topic = *Topic::parse("any/topic");
  CHECK(decoder->decode({topic, "x", false, WallTime{}}).outcome == Outcome::ignored);

  faults.clear();
  auto other = AbiDecoder::open(kForgetful, "{}", [&faults](const Failure& fault) {
                 faults.push_back(fault);
               }).value();
  other->not_kept({"forgetful", "tag 2", "bad"});
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].what.find("not_kept() for \"tag 2\"") != std::string::npos);
}

TEST_CASE("an exception across the ABI in recall does not end the daemon", "[decode][unit]") {
  watchpost_decoder raw = *wayward_decoder();
  raw.recall = recall_with_exception;
  raw.not_kept = recall_with_exception;
  std::vector<Failure> faults;
  auto decoder = AbiDecoder::open(raw, "{}", [&faults](const Failure& fault) {
                   faults.push_back(fault);
                 }).value();
  decoder->recall({"wayward", "key", "value"});
  decoder->not_kept({"wayward", "key", "value"});
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].what.find("across the ABI") != std::string::npos);
}

}  // namespace watchpost::decode
