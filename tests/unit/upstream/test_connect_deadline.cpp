#include "fake_publisher.hpp"
#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_spool.hpp"
#include "support/recording_log.hpp"
#include "upstream/uplink.hpp"

using namespace watchpost;
using namespace watchpost::upstream;
using namespace watchpost::support;
using namespace std::chrono_literals;
using upstream_test::FakeBroker;
using upstream_test::FakePublisher;

namespace {

struct NoLog final : spool::LogReader {
  void read(const spool::ReadRequest&, Answer) override { FAIL("nothing is asked without a link"); }
  void read_set_aside(const std::string&, std::uint64_t, SetAsideAnswer) override {
    FAIL("nothing is asked without a link");
  }
};

}  // namespace

TEST_CASE("an uplink gives up a connect that is never answered by its own clock",
          "[upstream][clock][unit]") {
  boost::asio::io_context io;
  ManualClock clock;
  MemorySpool spool;
  NoLog reader;
  RecordingLog log;
  FakeBroker broker;
  broker.answers = false;
  std::mt19937_64 random{7};
  UplinkOptions options;
  options.name = "street";
  Uplink uplink({io.get_executor(), clock, log, spool, reader, random}, options,
                {Gateway::from("zhaoxiang-03", "310118106203").value(), spool.epoch()},
                std::make_unique<FakePublisher>(io, broker));
  const auto pass = [&](std::chrono::milliseconds time) {
    clock.advance(time);
    uplink.check_deadlines();
    io.restart();
    io.poll();
  };
  uplink.start();
  CHECK(uplink.status().state == UplinkState::connecting);

  // Set back by ten years meanwhile: a publisher that waits by the wall clock waits for ever.
  clock.wall_time -= std::chrono::hours{24 * 3652};
  pass(options.connect_timeout - 1ms);
  CHECK(uplink.status().state == UplinkState::connecting);
  pass(1ms);
  CHECK(uplink.status().state == UplinkState::waiting);
  CHECK(uplink.status().failure.find("connecting has not ended") != std::string::npos);
  pass(5min);
  CHECK(broker.connects == 2);
  CHECK(uplink.status().state == UplinkState::connecting);
}
