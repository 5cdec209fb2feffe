#include "ingress/server_topics.hpp"

#include "support/catch.hpp"

namespace watchpost::ingress {
namespace {

std::map<std::string, std::string> told(const std::vector<SharedLocalMessage>& news) {
  std::map<std::string, std::string> all;
  for (const auto& one : news) {
    CHECK(one->retain);
    all.emplace(one->topic.substr(std::string("$SYS/broker/").size()), one->payload);
  }
  return all;
}

TEST_CASE("all of it is told first, and later what has changed", "[ingress][unit]") {
  const SteadyTime start{std::chrono::seconds{1'000}};
  ServerTopics topics("Watchpost 1", start);
  CHECK(topics.is_due(start));
  ServerTopics::Figures figures;
  figures.sessions = 5;
  figures.connected = 3;
  figures.subscriptions = 7;
  figures.retained = 8;
  figures.totals.messages = 9;
  const auto first = told(topics.look(figures, start));
  CHECK(first.at("version") == "Watchpost 1");
  CHECK(first.at("uptime") == "0 seconds");
  CHECK(first.at("clients/total") == "5");
  CHECK(first.at("clients/disconnected") == "2");
  CHECK(first.at("subscriptions/count") == "7");
  CHECK(first.at("retained messages/count") == "8");
  CHECK(first.at("publish/messages/received") == "9");

  figures.connected = 2;
  CHECK_FALSE(topics.is_due(start + ServerTopics::kInterval - std::chrono::milliseconds{1}));
  const auto later = start + ServerTopics::kInterval;
  REQUIRE(topics.is_due(later));
  const auto second = told(topics.look(figures, later));
  CHECK(second == std::map<std::string, std::string>{{"uptime", "10 seconds"},
                                                     {"clients/connected", "2"},
                                                     {"clients/disconnected", "3"}});
}

}  // namespace
}  // namespace watchpost::ingress
