#include "ingress/wired_listener.hpp"

#include <list>

#include "wired/line.hpp"
#include "wired_stage.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using wired::gb26875::confirm;
using wired::gb26875::deny;

std::string wired_bytes(std::uint16_t serial, std::string_view data = "data") {
  wired::Gb26875Frame frame;
  frame.serial = serial;
  frame.source = 0x0a0b0c0d0e0f;
  frame.command = wired::gb26875::send;
  frame.data = data;
  return frame.written();
}

Result<void> wired_full() {
  return Failure{Failure::Kind::storage, "full", ""};
}

TEST_CASE("a confirmation crosses the wire only after the intake settled", "[ingress][unit]") {
  WiredStage stage;
  Station station(stage);
  station.sends(wired_bytes(7));
  REQUIRE(stage.until_messages(1));
  const Message& message = stage.intake.message(0);
  CHECK(message.topic.text() == "gb26875/0a0b0c0d0e0f");
  CHECK(message.payload == wired_bytes(7));
  CHECK(message.source.starts_with("127.0.0.1:"));
  CHECK(station.has_received_nothing());

  stage.intake.settle_message(0);
  CHECK(station.receives() == Gb26875Answer{7, confirm});
}

TEST_CASE("what is not kept is denied, and a later frame is confirmed", "[ingress][unit]") {
  WiredStage stage;
  Station station(stage);
  station.sends(wired_bytes(1) + wired_bytes(2));
  REQUIRE(stage.until_messages(2));
  stage.intake.settle_message(1);
  CHECK(station.receives() == Gb26875Answer{2, confirm});
  stage.intake.settle_message(0, wired_full());
  CHECK(station.receives() == Gb26875Answer{1, deny});
}

TEST_CASE("noise is told with the station and its bytes, and the next frame is read",
          "[ingress][unit]") {
  WiredStage stage;
  Station station(stage);
  station.sends(wired_bytes(1) + "noise" + wired_bytes(2));
  REQUIRE(stage.until_messages(2));
  const WiredStatus status = stage.listener->status();
  CHECK(status.totals.noise == 5);
  REQUIRE(status.troubles.size() == 1);
  CHECK(status.troubles[0].code == TroubleCode::station_noise);
  REQUIRE(status.stations.size() == 1);
  CHECK(status.stations[0].station == "0a0b0c0d0e0f");
  CHECK(status.stations[0].messages == 2);
  CHECK(status.stations[0].noise == 5);
  CHECK(stage.log.says(LogLevel::error, "6e6f697365"));
}

TEST_CASE("a station is not read while the intake does not accept", "[ingress][unit]") {
  WiredStage stage;
  Station station(stage);
  stage.settle_down();
  stage.intake.open = false;
  station.sends(wired_bytes(1));  // for the read that is under way
  REQUIRE(stage.until_messages(1));
  station.sends(wired_bytes(2));
  stage.settle_down();
  CHECK(stage.intake.messages.size() == 1);
  stage.intake.accept_again();
  CHECK(stage.until_messages(2));
}

TEST_CASE("a station with many messages without an outcome is not read", "[ingress][unit]") {
  WiredStage stage;
  Station station(stage);
  // Far more than one read brings.
  std::string frames;
  for (std::uint16_t i = 0; i < 1'000; ++i) frames += wired_bytes(i);
  station.sends(frames);
  REQUIRE(stage.until_messages(wired::Line::kMostUnderWay));
  stage.settle_down();
  const std::size_t taken = stage.intake.messages.size();
  CHECK(taken < wired::Line::kMostUnderWay + 4'096 / 30);
  for (std::size_t i = 0; i < 1'000; ++i) {
    REQUIRE(stage.until_messages(i + 1));
    stage.intake.settle_message(i);
  }
  for (std::uint16_t i = 0; i < 1'000; ++i) CHECK(station.receives() == Gb26875Answer{i, confirm});
}

TEST_CASE("half a frame is given up after a pause, and what comes then is read",
          "[ingress][unit]") {
  WiredLimits limits = WiredStage::quick();
  limits.pause = std::chrono::milliseconds(50);
  WiredStage stage({}, limits);
  Station station(stage);
  station.sends(wired_bytes(1).substr(0, 29));
  // The half has its header, so it is kept and asked for again.
  REQUIRE(stage.until_messages(1));
  stage.intake.settle_message(0);
  CHECK(station.receives() == Gb26875Answer{1, deny});
  station.sends(wired_bytes(1));
  REQUIRE(stage.until_messages(2));
  stage.intake.settle_message(1);
  CHECK(station.receives() == Gb26875Answer{1, confirm});
}

TEST_CASE("a station that sends nothing more still gets its answers", "[ingress][unit]") {
  WiredStage stage;
  Station station(stage);
  station.sends(wired_bytes(3));
  station.sends_nothing_more();
  REQUIRE(stage.until_messages(1));
  stage.settle_down();
  stage.intake.settle_message(0);
  CHECK(station.receives() == Gb26875Answer{3, confirm});
  CHECK(station.is_closed_by_daemon());
  CHECK(stage.until([&] { return stage.connections() == 0; }));
}

TEST_CASE("a station that is silent for too long is closed", "[ingress][unit]") {
  WiredLimits limits = WiredStage::quick();
  limits.idle = std::chrono::milliseconds(200);
  WiredStage stage({}, limits);
  Station station(stage);
  // Bytes that are no frame keep nothing open.
  CHECK(stage.until([&] { return !station.sends("x") || stage.connections() == 0; }));
  CHECK(station.is_closed_by_daemon());
}

TEST_CASE("where all places are taken, a silent connection makes room", "[ingress][unit]") {
  WiredOptions options;
  options.max_connections = 2;
  WiredLimits limits = WiredStage::quick();
  limits.trial = std::chrono::milliseconds(100);
  limits.silence = std::chrono::hours(1);
  WiredStage stage(options, limits);
  std::list<Station> stations;
  for (int i = 0; i < 2; ++i) stations.emplace_back(stage);
  REQUIRE(stage.until([&] { return stage.connections() == 2; }));
  stations.back().sends(wired_bytes(1));
  REQUIRE(stage.until_messages(1));

  SECTION("one that never sent a frame, once it had its time") {
    const auto over = std::chrono::steady_clock::now() + limits.trial;
    stage.until([&] { return std::chrono::steady_clock::now() > over; });
    stations.emplace_back(stage);
    CHECK(stations.front().is_closed_by_daemon());
    stations.back().sends(wired_bytes(2));
    CHECK(stage.until_messages(2));
    CHECK(stage.listener->status().totals.refused == 0);
  }
  SECTION("and no other: the newcomer is closed, and a person is told") {
    stations.front().sends(wired_bytes(2));
    REQUIRE(stage.until_messages(2));
    stations.emplace_back(stage);
    CHECK(stations.back().is_closed_by_daemon());
    const WiredStatus status = stage.listener->status();
    CHECK(status.totals.refused == 1);
    REQUIRE(status.troubles.size() == 1);
    CHECK(status.troubles[0].code == TroubleCode::station_port_full);
    stage.intake.settle_message(0);
    stations.pop_back();
    CHECK(stations.back().receives() == Gb26875Answer{1, confirm});
  }
}

TEST_CASE("a stop waits for outcomes and sends the answers", "[ingress][unit]") {
  WiredStage stage;
  Station station(stage);
  station.sends(wired_bytes(9));
  REQUIRE(stage.until_messages(1));
  bool stopped = false;
  stage.listener->stop(std::chrono::seconds(5), [&] { stopped = true; });
  station.sends(wired_bytes(10));  // not read any more: it comes again after the next start
  stage.settle_down();
  CHECK_FALSE(stopped);
  stage.intake.settle_message(0);
  CHECK(station.receives() == Gb26875Answer{9, confirm});
  CHECK(stage.until([&] { return stopped; }));
  CHECK(stage.intake.messages.size() == 1);
}

TEST_CASE("a ticket that settles after its line or its listener is gone harms nothing",
          "[ingress][unit]") {
  WiredStage stage;
  {
    Station station(stage);
    station.sends(wired_bytes(1) + wired_bytes(2));
    REQUIRE(stage.until_messages(2));
  }
  stage.settle_down();
  stage.intake.settle_message(0);
  stage.listener.reset();
  stage.intake.settle_message(1);
}

}  // namespace
}  // namespace watchpost::ingress
