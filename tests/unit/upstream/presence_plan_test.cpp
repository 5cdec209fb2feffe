// What a gateway gives up of its own state, so that its events get through.
#include "upstream/presence_plan.hpp"

#include <vector>

#include "support/catch.hpp"

namespace watchpost::upstream {
namespace {

using How = client::LinkEnd::How;
using Part = PresencePlan::Part;

constexpr bool kRetains = true;

// A plan with the ends that servers give it.
struct Server {
  PresencePlan plan{{Presence::retained, true}};
  std::vector<Part> given_up;

  void hear() {
    while (const auto part = plan.take_news()) given_up.push_back(*part);
  }
  void closes_at_connect(How how = How::closed, std::uint8_t code = 0) {
    const client::LinkEnd end{how, code, {}};
    plan.ended({end});
    hear();
  }
  void accepts() {
    plan.connected(kRetains);
    hear();
  }
  // The link ends soon, over our state or over something else.
  void closes(bool over_state, How how = How::closed, std::uint8_t code = 0) {
    const client::LinkEnd end{how, code, {}};
    plan.ended({end, true, over_state, false});
    hear();
  }
  void closes_at_state() {
    accepts();
    closes(true);
  }
  void good_link_ends() {
    const client::LinkEnd end{How::closed, 0, {}};
    plan.ended({end, true, false, true});
    hear();
  }
  void takes_state() {
    plan.state_taken();
    hear();
  }
  void takes_an_event() {
    plan.something_taken();
    hear();
  }
};

}  // namespace

TEST_CASE("what a server names is given up at once, and said once", "[upstream][unit]") {
  Server server;
  server.closes_at_connect(How::refused, 0x9A);
  CHECK(server.plan.offer() == StateOffer{Presence::plain, true});
  server.closes_at_connect(How::refused, 0x99);
  CHECK(server.plan.offer() == StateOffer{Presence::plain, false});
  server.accepts();
  server.good_link_ends();
  server.closes_at_connect(How::refused, 0x9A);
  CHECK(server.given_up == std::vector{Part::retained, Part::will});

  Server ending;
  ending.accepts();
  ending.closes(true, How::ended, 0x9A);
  CHECK(ending.given_up == std::vector{Part::retained});

  Server told;
  told.plan.connected(!kRetains);
  told.hear();
  CHECK(told.given_up == std::vector{Part::retained});
  CHECK(told.plan.offer().presence == Presence::plain);
  told.takes_state();
  CHECK(told.plan.is_given_up(Part::retained));
}

TEST_CASE("a server that closes each CONNECT with a will is asked without one",
          "[upstream][unit]") {
  Server server;
  for (int i = 0; i < PresencePlan::kAgainAndAgain; ++i) {
    CHECK(server.plan.offer().will);
    server.closes_at_connect();
  }
  CHECK_FALSE(server.plan.offer().will);
  CHECK(server.given_up.empty());
  server.accepts();
  CHECK(server.given_up == std::vector{Part::will});

  // After a good link it is tried once more; then it is decided.
  server.good_link_ends();
  CHECK(server.plan.offer().will);
  server.closes_at_connect();
  CHECK_FALSE(server.plan.offer().will);
  server.accepts();
  server.good_link_ends();
  CHECK_FALSE(server.plan.offer().will);
  CHECK(server.given_up.size() == 1);
}

TEST_CASE("a server that was only away while it closed connections gets its will again",
          "[upstream][unit]") {
  Server server;
  for (int i = 0; i < PresencePlan::kAgainAndAgain; ++i) server.closes_at_connect();
  server.closes_at_connect();
  CHECK(server.plan.offer().will);  // it was no better without
  CHECK(server.plan.is_cleared());

  // The next such try comes after twice as many.
  for (int i = 0; i < 2 * PresencePlan::kAgainAndAgain; ++i) {
    CHECK(server.plan.offer().will);
    server.closes_at_connect();
  }
  server.accepts();
  REQUIRE(server.plan.is_given_up(Part::will));
  server.good_link_ends();
  server.accepts();
  CHECK_FALSE(server.plan.is_given_up(Part::will));
  CHECK(server.plan.offer() == StateOffer{Presence::retained, true});

  Server unreached;
  for (int i = 0; i < 9; ++i) {
    unreached.closes_at_connect(How::unreached);
    CHECK(unreached.plan.offer().will);
  }
}

TEST_CASE("a state over which each link ends goes unretained, then not at all",
          "[upstream][unit]") {
  Server keeps_nothing;
  for (int i = 0; i < PresencePlan::kAgainAndAgain; ++i) keeps_nothing.closes_at_state();
  CHECK(keeps_nothing.plan.offer() == StateOffer{Presence::plain, true});
  keeps_nothing.accepts();
  CHECK(keeps_nothing.given_up.empty());
  keeps_nothing.takes_state();
  CHECK(keeps_nothing.given_up == std::vector{Part::retained});

  Server forbids_topic;
  for (int i = 0; i < PresencePlan::kAgainAndAgain; ++i) forbids_topic.closes_at_state();
  forbids_topic.closes_at_state();
  CHECK(forbids_topic.plan.offer().presence == Presence::off);
  forbids_topic.accepts();
  CHECK(forbids_topic.given_up.empty());
  forbids_topic.takes_an_event();
  CHECK(forbids_topic.given_up == std::vector{Part::presence});
  forbids_topic.good_link_ends();
  CHECK(forbids_topic.plan.offer().presence == Presence::retained);
  forbids_topic.closes_at_state();
  CHECK(forbids_topic.plan.offer().presence == Presence::off);
  forbids_topic.accepts();
  forbids_topic.good_link_ends();
  CHECK(forbids_topic.plan.offer().presence == Presence::off);
}

TEST_CASE("a server that ends links over events too gets the state as before", "[upstream][unit]") {
  Server server;
  for (int i = 0; i < PresencePlan::kAgainAndAgain + 1; ++i) server.closes_at_state();
  REQUIRE(server.plan.offer().presence == Presence::off);
  server.accepts();
  server.closes(false);
  CHECK(server.plan.offer() == StateOffer{Presence::retained, true});
  CHECK(server.given_up.empty());
  CHECK(server.plan.is_cleared());
  server.accepts();
  server.takes_an_event();
  CHECK_FALSE(server.plan.is_cleared());
}

TEST_CASE("ends that say nothing of the state give nothing up", "[upstream][unit]") {
  Server server;
  for (int i = 0; i < 9; ++i) {
    server.accepts();
    server.closes(i % 2 == 0, i % 2 == 0 ? How::broken : How::closed);
    CHECK(server.plan.offer() == StateOffer{Presence::retained, true});
  }
  Server held;
  for (int i = 0; i < 9; ++i) {
    held.accepts();
    held.good_link_ends();
    CHECK(held.plan.offer() == StateOffer{Presence::retained, true});
  }
}

TEST_CASE("settings leave out what they say, and nothing is given up for it", "[upstream][unit]") {
  const PresencePlan off({Presence::off, false});
  CHECK(off.offer() == StateOffer{Presence::off, false});
  PresencePlan plain({Presence::plain, true});
  plain.connected(!kRetains);
  CHECK_FALSE(plain.take_news());
  CHECK(plain.offer() == StateOffer{Presence::plain, true});
}

}  // namespace watchpost::upstream
