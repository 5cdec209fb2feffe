// How much a client may ask for by SUBSCRIBE, and have waiting.
#include <algorithm>

#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;

LocalMessage kept_at(const std::string& topic, Qos qos = Qos::at_least_once) {
  LocalMessage publication;
  publication.topic = topic;
  publication.payload = "x";
  publication.qos = qos;
  publication.retain = true;
  return publication;
}

TEST_CASE("a session's filters over its room are refused before anything is done for them",
          "[protocol][unit]") {
  Server server;
  Client five(server, 1);
  five.connects(a_connect()).next_bytes();
  Subscribe many{PacketId(3), {}, {}};
  std::vector<std::string> texts;
  for (int i = 0; i < 1'500; ++i) texts.push_back("f/" + std::to_string(i));
  for (const auto& text : texts) many.subscriptions.push_back({text});
  five.sends(many);
  const auto codes = five.got<Suback>().codes;
  CHECK(std::count(codes.begin(), codes.end(), ReasonCode::quota_exceeded) == 500);
  CHECK(server.registry.subscriptions().size() == 1'000);
}

TEST_CASE("a SUBSCRIBE with thousands of filters ends the connection", "[protocol][unit]") {
  Server server;
  Client five(server, 1);
  five.connects(a_connect()).next_bytes();
  Subscribe many{PacketId(3), {}, {}};
  for (int i = 0; i < 5'001; ++i) many.subscriptions.push_back({"a"});
  five.sends(many);
  CHECK(five.got<Disconnect>().code == ReasonCode::quota_exceeded);
}

TEST_CASE("filters that ask for more retained messages than fit are refused", "[protocol][unit]") {
  Server server;
  for (int i = 0; i < 6'000; ++i) {
    const auto kept = kept_at("r/" + std::to_string(i), Qos::at_most_once);
    server.retained.keep(std::make_shared<LocalMessage>(kept));
  }
  Client five(server, 1);
  five.connects(a_connect()).next_bytes();
  five.sends(Subscribe{PacketId(3), {}, {{"r/#"}, {"r/+"}, {"#"}, {"other"}}});
  CHECK(five.got<Suback>().codes == std::vector{ReasonCode::success, ReasonCode::success,
                                                ReasonCode::quota_exceeded,
                                                ReasonCode::quota_exceeded});
}

TEST_CASE("nothing is read while retained messages wait for their commit", "[protocol][unit]") {
  Server server;
  for (int i = 0; i < 11'000; ++i) {
    const auto kept = kept_at("r/" + std::to_string(i));
    server.retained.keep(std::make_shared<LocalMessage>(kept));
  }
  Client five(server, 1);
  five.connects(a_lasting_connect()).next_bytes();
  const auto before = five.commits.size();
  five.sends(Subscribe{PacketId(3), {}, {{"r/#", Qos::at_least_once}}});
  REQUIRE(five.commits.size() == before + 1);
  CHECK_FALSE(five.session().may_read(true, server.now));
  five.settles(five.commits.back().ticket);
  CHECK(five.session().may_read(true, server.now));
}

TEST_CASE("where all clients have much to get, one that does not read gets little",
          "[protocol][unit]") {
  Server server;
  server.registry.begin_leaving(65U << 20U);
  Client five(server, 1);
  five.connects(a_connect()).next_bytes();
  auto large = std::make_shared<LocalMessage>(kept_at("large", Qos::at_most_once));
  large->payload = std::string(5'000, 'x');
  const auto deliver = [&] {
    five.when([&](Session& session, SteadyTime now, Actions& actions) {
      session.subscriber()->deliver({large, Qos::at_most_once, false, {}}, now, actions);
    });
  };
  for (int i = 0; i < 10; ++i) deliver();
  CHECK(five.session().left_out() == 8);
  five.when([](Session& session, SteadyTime now, Actions& actions) {
    session.connection_lost(now, actions);
  });
  CHECK(server.registry.leaving_bytes() == 65U << 20U);
}

}  // namespace
}  // namespace watchpost::protocol
