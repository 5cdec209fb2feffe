// A will outlives the gateway, unless its client comes back or had said goodbye.
#include "protocol/stored_wills.hpp"

#include "script.hpp"

namespace watchpost::protocol {
namespace {

using namespace testing;

Connect a_mortal_connect(std::string_view payload = "gone") {
  Connect connect = a_connect();
  connect.will = Will{Qos::at_least_once, true, "siren/state", payload, {}};
  connect.will->properties.add(PropertyId::content_type, "text/plain");
  connect.will->properties.add(PropertyId::message_expiry_interval, 9);
  return connect;
}

std::vector<WillChange> wills_in(const std::vector<Fact>& facts) {
  std::vector<WillChange> wills;
  for (const Fact& fact : facts) {
    if (const auto* will = std::get_if<WillChange>(&fact)) wills.push_back(*will);
  }
  return wills;
}

// The wills that a server publishes in `seconds` after it has loaded `stored`.
struct After {
  explicit After(std::vector<WillChange> stored) {
    server.registry.wills().load(stored, server.now);
  }
  std::vector<Message> passing(std::chrono::seconds time) {
    server.now += time;
    Actions actions;
    server.registry.expire(server.now, actions);
    std::vector<Message> messages;
    for (Action& action : actions) {
      if (auto* hand_over = std::get_if<HandOver>(&action)) {
        messages.push_back(std::move(hand_over->message));
      } else if (auto* later = std::get_if<CommitLater>(&action)) {
        facts.push_back(std::move(later->fact));
      }
    }
    return messages;
  }
  Server server;
  std::vector<Fact> facts;
};

TEST_CASE("a will is on disk while its client is there", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_mortal_connect());
  auto wills = wills_in(client.later);
  REQUIRE(wills.size() == 1);
  CHECK(wills[0].client_id == "sensor");
  CHECK(wills[0].publication->payload == "gone");
  SECTION("until it says goodbye") {
    client.sends(Disconnect{});
    CHECK(client.handed_over.empty());
  }
  SECTION("until the will is published") {
    client.when([](Session& session, SteadyTime now, Actions& actions) {
      session.connection_lost(now, actions);
    });
    CHECK(client.handed_over.size() == 1);
  }
  SECTION("until it connects without one") {
    Client again(server, 2);
    again.connects(a_connect());
    client.later = again.later;
    client.later.insert(client.later.begin(), Fact{});
  }
  wills = wills_in(client.later);
  REQUIRE(!wills.empty());
  CHECK(wills.back().publication == nullptr);
}

TEST_CASE("a gateway that stops leaves the wills on disk", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  client.connects(a_mortal_connect());
  client.when([](Session& session, SteadyTime now, Actions& actions) {
    session.server_shutting_down(now, actions);
  });
  CHECK(client.handed_over.empty());
  CHECK(wills_in(client.later).size() == 1);
}

TEST_CASE("a will is published after a restart where its client does not come back",
          "[protocol][unit]") {
  Server before;
  Client client(before, 1);
  client.connects(a_mortal_connect());
  const auto stored = wills_in(client.later);

  After after(stored);
  CHECK(after.passing(StoredWills::kGrace - std::chrono::seconds{1}).empty());
  const auto messages = after.passing(std::chrono::seconds{1});
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].topic.text() == "siren/state");
  CHECK(messages[0].payload == "gone");
  CHECK(messages[0].qos == Qos::at_least_once);
  CHECK(messages[0].retain);
  CHECK(messages[0].content_type == "text/plain");
  CHECK(messages[0].lifetime_s == 9);
  CHECK(messages[0].source == "sensor");
  REQUIRE(wills_in(after.facts).size() == 1);
  CHECK(wills_in(after.facts)[0].publication == nullptr);
  CHECK(after.passing(std::chrono::seconds{600}).empty());

  After back(stored);
  Client again(back.server, 2);
  again.connects(a_connect());
  CHECK(back.passing(std::chrono::seconds{600}).empty());

  auto delayed = stored;
  delayed[0].delay = std::chrono::seconds{300};
  After patient(delayed);
  CHECK(patient.passing(std::chrono::seconds{299}).empty());
  CHECK(patient.passing(std::chrono::seconds{1}).size() == 1);
}

TEST_CASE("a large will is not kept on disk", "[protocol][unit]") {
  Server server;
  Client client(server, 1);
  const std::string large(StoredWills::kLargest, 'x');
  client.connects(a_mortal_connect(large));
  CHECK(wills_in(client.later).empty());
}

}  // namespace
}  // namespace watchpost::protocol
