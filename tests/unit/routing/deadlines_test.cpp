// The time for which the box was off counts for what expires, where the clock is sure.
#include "routing/deadlines.hpp"

#include "protocol/session_registry.hpp"
#include "support/catch.hpp"
#include "support/manual_clock.hpp"

namespace watchpost::routing {
namespace {

using std::chrono::seconds;

SharedLocalMessage a_message() {
  auto message = std::make_shared<LocalMessage>();
  message->topic = "t";
  message->payload = "x";
  return message;
}

StoredQueued a_queued(const Fact& fact) {
  const auto& change = std::get<QueuedChange>(fact);
  return {change.number, change.delivery, false, change.lifetime, change.ends_at_s};
}

// What a store gives back of the facts that were written to it.
StoredFacts stored(const std::vector<Fact>& facts) {
  StoredFacts all;
  StoredSession session;
  session.client_id = "display";
  session.expiry = seconds{100};
  for (const Fact& fact : facts) {
    if (const auto* retained = std::get_if<RetainedChange>(&fact)) {
      all.retained.push_back(*retained);
    } else if (const auto* deadline = std::get_if<Deadline>(&fact)) {
      if (deadline->lifetime.count() != 0) all.deadlines.push_back(*deadline);
    }
  }
  all.sessions.push_back(std::move(session));
  return all;
}

struct Shelf {
  Shelf() {
    facts.emplace_back(QueuedChange{QueuedChange::Kind::added,
                                    "display",
                                    1,
                                    {a_message(), Qos::at_least_once, false, {}},
                                    seconds{10}});
    facts.emplace_back(QueuedChange{QueuedChange::Kind::added,
                                    "display",
                                    2,
                                    {a_message(), Qos::at_least_once, false, {}},
                                    seconds{50}});
    facts.emplace_back(QueuedChange{QueuedChange::Kind::added,
                                    "display",
                                    3,
                                    {a_message(), Qos::at_least_once, false, {}},
                                    seconds{0}});
    facts.emplace_back(RetainedChange{a_message(), seconds{20}});
    facts.emplace_back(Deadline{Deadline::Of::session, "display", 2, seconds{100}, 0});
  }
  StoredFacts after(seconds off) {
    add_deadlines(facts, read_clock(clock));
    auto all = stored(facts);
    clock.advance(off);
    count_time_off(all, read_clock(clock));
    return all;
  }
  // For how long the message with this number is still to be given out; nothing: for ever.
  [[nodiscard]] std::optional<seconds> left(std::uint64_t number) {
    StoredQueued queued = a_queued(facts.at(number - 1));
    const ClockReading start = read_clock(clock);
    count_time_off(queued, start);
    const SteadyTime end = queued.delivery.publication->expires_at;
    if (end == SteadyTime::max()) return std::nullopt;
    return std::chrono::duration_cast<seconds>(end - start.steady);
  }
  support::ManualClock clock;
  std::vector<Fact> facts;
};

TEST_CASE("what expired while the box was off is gone, and the rest is younger",
          "[routing][unit]") {
  Shelf shelf;
  const auto all = shelf.after(seconds{20});
  const auto& session = all.sessions.at(0);
  REQUIRE(session.left.has_value());
  CHECK(*session.left == seconds{80});
  CHECK(shelf.left(1) == seconds{0});
  CHECK(shelf.left(2) == seconds{30});
  CHECK_FALSE(shelf.left(3).has_value());  // it never expires
  CHECK(all.retained.empty());
  CHECK(*Shelf().after(seconds{300}).sessions.at(0).left == seconds{0});
}

TEST_CASE("a clock that nobody keeps, before or after, shortens nothing", "[routing][unit]") {
  const auto quality = GENERATE(ClockQuality::unset, ClockQuality::free);
  const bool is_before = GENERATE(true, false);
  Shelf shelf;
  if (is_before) shelf.clock.clock_quality = quality;
  add_deadlines(shelf.facts, read_clock(shelf.clock));
  auto all = stored(shelf.facts);
  CHECK(all.deadlines.size() == (is_before ? 1U : 2U));
  shelf.clock.clock_quality = is_before ? ClockQuality::synced : quality;
  shelf.clock.advance(seconds{3'000});
  count_time_off(all, read_clock(shelf.clock));
  CHECK(shelf.left(1) == seconds{10});
  CHECK(shelf.left(2) == seconds{50});
  CHECK(all.retained.size() == 1);
  CHECK_FALSE(all.sessions.at(0).left.has_value());
  // How far its client has come needs no clock.
  CHECK(all.sessions.at(0).sent_up_to == 2U);
}

TEST_CASE("a session that never ends has no end, and its client's place is known",
          "[routing][unit]") {
  support::ManualClock clock;
  std::vector<Fact> facts;
  facts.emplace_back(Deadline{Deadline::Of::session, "display", 7, protocol::kNeverExpires, 0});
  add_deadlines(facts, read_clock(clock));
  auto all = stored(facts);
  clock.advance(seconds{3'000'000});
  count_time_off(all, read_clock(clock));
  CHECK_FALSE(all.sessions.at(0).left.has_value());
  CHECK(all.sessions.at(0).sent_up_to == 7U);
}

TEST_CASE("a clock that was set back makes nothing live longer than it was granted",
          "[routing][unit]") {
  Shelf shelf;
  const auto all = shelf.after(seconds{-3'000});
  CHECK(*all.sessions.at(0).left == seconds{100});
  CHECK(shelf.left(1) == seconds{10});
}

}  // namespace
}  // namespace watchpost::routing
