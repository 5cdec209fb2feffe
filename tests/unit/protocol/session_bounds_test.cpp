// What many sessions may have together.
#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;

TEST_CASE("large wills share a room, and give it back; small ones are always kept",
          "[protocol][unit]") {
  SessionRegistry registry({100, 1'024, 10'000}, 1);
  const auto asks = [&](const std::string& id, std::size_t bytes) {
    PendingWill will{Message{.topic = *Topic::parse("w")}};
    will.message.payload = std::string(bytes, 'x');
    SessionRegistry::Request request;
    request.client_id = id;
    request.will = std::move(will);
    Actions actions;
    return registry.open(std::move(request), {}, actions);
  };
  auto first = asks("1", 6'000);
  REQUIRE(first);
  CHECK_FALSE(asks("2", 6'000));
  CHECK(asks("3", 1'000));
  first->state->will.reset();
  CHECK(asks("4", 6'000));
}

TEST_CASE("where one address has most sessions, those that end next make room",
          "[protocol][unit]") {
  SessionRegistry registry({20}, 1);
  const AllBut rights;
  Actions actions;
  const auto comes = [&](const std::string& id, const std::string& from, int expiry) {
    SessionRegistry::Request request;
    request.client_id = id;
    request.connection = ConnectionId(1);
    request.expiry = std::chrono::seconds(expiry);
    auto opened = registry.open(std::move(request), {}, actions);
    if (!opened) return false;
    opened->state->rights =
        std::make_shared<const ClientRights>(rights, Identity{id, "", from, Proof::nothing});
    registry.close(opened->state, ConnectionId(1), {}, actions);
    return true;
  };
  CHECK(comes("resident", "10.0.0.2", 1));
  for (int i = 0; i < 19; ++i) CHECK(comes(std::to_string(i), "10.0.0.1", 100 - i));
  CHECK(registry.size() == 20);
  CHECK(comes("new", "10.0.0.3", 5));
  CHECK(registry.find("18") == nullptr);  // it would have ended first
  CHECK(registry.find("0") != nullptr);
  CHECK(registry.find("resident") != nullptr);
  CHECK(registry.take_given_up() == 1);
  CHECK(registry.take_given_up() == 0);
}

}  // namespace
}  // namespace watchpost::protocol
