#include "protocol/subscriptions.hpp"

#include <algorithm>
#include <random>

#include "protocol/retained_messages.hpp"
#include "protocol/session_registry.hpp"
#include "support/catch.hpp"

namespace watchpost::protocol {
namespace {

std::shared_ptr<SessionState> a_session(const std::string& client_id, bool is_connected = true) {
  auto session = std::make_shared<SessionState>();
  session->client_id = client_id;
  if (is_connected) session->connection = ConnectionId{1};
  return session;
}

SubscriptionTerms at(Qos qos, std::uint32_t identifier = 0) {
  SubscriptionTerms terms;
  terms.maximum_qos = qos;
  terms.identifier = identifier;
  return terms;
}

std::vector<std::string> who_gets(Subscriptions& all, std::string_view topic,
                                  std::string_view publisher = "somebody") {
  std::vector<std::string> names;
  for (const auto& match : all.match(*Topic::parse(topic), publisher))
    names.push_back(match.session->client_id);
  std::sort(names.begin(), names.end());
  return names;
}

SharedLocalMessage a_retained(std::string topic, std::string payload) {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = std::move(topic);
  publication->payload = std::move(payload);
  publication->retain = true;
  return publication;
}

TEST_CASE("filters match as a walk over all of them would", "[protocol][unit]") {
  // Every filter of up to three of these levels, each held by a session of its own name.
  const std::vector<std::string> levels{"a", "b", "+", "", "$s"};
  std::vector<std::string> filters{"#", "+/#", "a/#", "a/b/#", "a/+/#", "/#", "$s/#", "$s/+"};
  std::vector<std::string> topics;
  for (const auto& one : levels) {
    filters.push_back(one);
    for (const auto& two : levels) {
      filters.push_back(one + "/" + two);
      for (const auto& three : levels) filters.push_back(one + "/" + two + "/" + three);
    }
  }
  Subscriptions all;
  std::vector<std::shared_ptr<SessionState>> sessions;
  for (const auto& filter : filters) {
    if (!TopicFilter::parse(filter)) continue;
    sessions.push_back(a_session(filter));
    REQUIRE(all.add(sessions.back(), filter, at(Qos::at_least_once)));
    if (Topic::parse(filter)) topics.push_back(filter);
  }
  REQUIRE(topics.size() > 50);
  const auto agrees = [&] {
    for (const auto& topic : topics) {
      std::vector<std::string> expected;
      for (const auto& session : sessions) {
        const auto& filter = session->client_id;
        if (!session->subscriptions.empty() && TopicFilter::parse(filter)->matches(topic)) {
          expected.push_back(filter);
        }
      }
      std::sort(expected.begin(), expected.end());
      INFO(topic);
      REQUIRE(who_gets(all, topic) == expected);
    }
  };
  agrees();
  std::mt19937 random(7);
  std::shuffle(sessions.begin(), sessions.end(), random);
  for (std::size_t i = 0; i < sessions.size(); i += 2) {
    CHECK(all.remove(*sessions[i], sessions[i]->client_id));
    CHECK_FALSE(all.remove(*sessions[i], sessions[i]->client_id));
  }
  agrees();
  for (const auto& session : sessions) all.remove_all(*session);
  CHECK(all.empty());
  agrees();
}

TEST_CASE("overlapping filters give one message at the highest QoS with all identifiers",
          "[protocol][unit]") {
  Subscriptions all;
  const auto one = a_session("one");
  REQUIRE(all.add(one, "a/+", at(Qos::at_most_once, 7)));
  REQUIRE(all.add(one, "a/b", at(Qos::exactly_once, 8)));
  REQUIRE(all.add(one, "c", at(Qos::exactly_once, 9)));
  const auto matches = all.match(*Topic::parse("a/b"), "somebody");
  REQUIRE(matches.size() == 1);
  CHECK(matches[0].maximum_qos == Qos::exactly_once);
  auto identifiers = matches[0].identifiers;
  std::sort(identifiers.begin(), identifiers.end());
  CHECK(identifiers == std::vector<std::uint32_t>{7, 8});

  // The same filter again takes the place of the first.
  REQUIRE(all.add(one, "a/b", at(Qos::at_least_once)));
  CHECK(all.size() == 3);
  CHECK(all.match(*Topic::parse("a/b"), "x")[0].maximum_qos == Qos::at_least_once);
}

TEST_CASE("no local keeps a client's own messages from it", "[protocol][unit]") {
  Subscriptions all;
  auto terms = at(Qos::at_least_once);
  terms.no_local = true;
  const auto one = a_session("one");
  const auto two = a_session("two");
  REQUIRE(all.add(one, "#", terms));
  REQUIRE(all.add(two, "#", terms));
  CHECK(who_gets(all, "a", "one") == std::vector<std::string>{"two"});
}

TEST_CASE("of a shared subscription one gets each message in turn, the connected first",
          "[protocol][unit]") {
  Subscriptions all;
  const auto here = a_session("here");
  const auto there = a_session("there");
  const auto away = a_session("away", false);
  for (const auto& session : {away, here, there}) {
    REQUIRE(all.add(session, "$share/g/a/#", at(Qos::at_least_once)));
  }
  REQUIRE(all.add(here, "$share/other/a/b", at(Qos::at_least_once)));
  std::map<std::string, int> got;
  for (int i = 0; i < 10; ++i) {
    const auto names = who_gets(all, "a/c");
    REQUIRE(names.size() == 1);
    ++got[names[0]];
  }
  CHECK(got["here"] + got["there"] == 10);
  CHECK(got["here"] >= 3);
  CHECK(got["there"] >= 3);
  here->connection.reset();
  there->connection.reset();
  CHECK(who_gets(all, "a/c").size() == 1);
  // It stands for no topic that begins with $share.
  CHECK(who_gets(all, "$share/g/a/c").empty());
  all.remove_all(*away);
  all.remove_all(*here);
  all.remove_all(*there);
  CHECK(all.empty());
}

TEST_CASE("what is no filter, or too deep, is told from what is", "[protocol][unit]") {
  const auto is_filter = [](std::string_view text) {
    return SubscriptionFilter::parse(text).has_value();
  };
  CHECK(is_filter("$share/g/a"));
  CHECK(is_filter("$share/g//"));
  CHECK_FALSE(is_filter("$share/g"));
  CHECK_FALSE(is_filter("$share//a"));
  CHECK_FALSE(is_filter("$share/+/a"));
  CHECK_FALSE(is_filter("$share/g/"));
  CHECK_FALSE(is_filter("a/#/b"));
  CHECK_FALSE(is_filter("a+"));
  CHECK(is_filter(std::string(127, '/')));
  CHECK_FALSE(is_filter(std::string(128, '/')));
}

TEST_CASE("one session holds a bounded number of filters", "[protocol][unit]") {
  Subscriptions all;
  const auto one = a_session("one");
  for (std::size_t i = 0; i < Subscriptions::kMostOfSession; ++i) {
    REQUIRE(all.add(one, std::to_string(i), at(Qos::at_most_once)));
  }
  CHECK_FALSE(all.add(one, "one more", at(Qos::at_most_once)));
  CHECK(all.add(one, "7", at(Qos::at_least_once)));  // known: no new one
  CHECK(all.size() == Subscriptions::kMostOfSession);
}

TEST_CASE("levels beyond the eighth are few, of a session and of all", "[protocol][unit]") {
  Subscriptions all;
  const auto deep = [](std::size_t i) { return std::to_string(i) + "/+/+/+/+/+/+/+/+/+"; };
  const auto one = a_session("one");
  std::size_t added = 0;
  while (all.add(one, deep(added), at(Qos::at_most_once))) ++added;
  CHECK(added == Subscriptions::kMostDeepOfSession / 2);  // each has ten levels
  CHECK(all.add(one, "+/+/+/+/+/+/+/+", at(Qos::at_most_once)) == (added < 1'000));
  REQUIRE(all.remove(*one, deep(0)));
  CHECK(all.add(one, deep(added), at(Qos::at_most_once)));
  std::vector<std::shared_ptr<SessionState>> others;
  std::size_t of_all = added;
  for (int i = 0; i < 12; ++i) {
    others.push_back(a_session(std::to_string(i)));
    for (std::size_t k = 0; k < 1'000; ++k) {
      of_all += all.add(others.back(), deep(k), at(Qos::at_most_once)) ? 1 : 0;
    }
  }
  CHECK(of_all == Subscriptions::kMostDeep / 2);
  for (const auto& other : others) all.remove_all(*other);
  all.remove_all(*one);
  CHECK(all.add(one, deep(0), at(Qos::at_most_once)));
}

TEST_CASE("looking for retained messages ends when its effort is used up", "[protocol][unit]") {
  RetainedMessages kept;
  for (int i = 0; i < 100; ++i) kept.keep(a_retained("t/" + std::to_string(i), "x"));
  const auto all = *TopicFilter::parse("#");
  std::size_t effort = 150;
  CHECK(kept.match(all, {}, 1'000, effort).size() == 100);
  CHECK(effort == 50);
  CHECK(kept.match(all, {}, 1'000, effort).size() < 50);
  CHECK(effort == 0);
  CHECK(kept.match(all, {}, 1'000, effort).empty());
}

TEST_CASE("the last retained message of each topic is found by a filter", "[protocol][unit]") {
  RetainedMessages kept;
  std::size_t effort = RetainedMessages::kMostEffort;
  for (const char* topic : {"a", "a/b", "a/b/c", "ab", "b", "$s/a"}) {
    kept.keep(a_retained(topic, topic));
  }
  const auto topics = [&](std::string_view filter) {
    std::vector<std::string> found;
    for (const auto& one : kept.match(*TopicFilter::parse(filter), SteadyTime{}, 100, effort)) {
      found.push_back(one->topic);
    }
    return found;
  };
  CHECK(topics("a/#") == std::vector<std::string>{"a", "a/b", "a/b/c"});
  CHECK(topics("a/+") == std::vector<std::string>{"a/b"});
  CHECK(topics("+") == std::vector<std::string>{"a", "ab", "b"});
  CHECK(topics("#").size() == 5);
  CHECK(topics("$s/#") == std::vector<std::string>{"$s/a"});
  kept.keep(a_retained("a/b", "newer"));
  CHECK(kept.match(*TopicFilter::parse("a/b"), {}, 1, effort)[0]->payload == "newer");
  kept.keep(a_retained("a/b", ""));
  CHECK(topics("a/#") == std::vector<std::string>{"a", "a/b/c"});
}

TEST_CASE("retained messages are bounded, and expire", "[protocol][unit]") {
  RetainedMessages kept({2, ByteCount{100'000}});
  using Verdict = RetainedMessages::Verdict;
  kept.keep(a_retained("a", "1"));
  CHECK(kept.weigh(*a_retained("a", "1")) == Verdict::unchanged);
  CHECK(kept.weigh(*a_retained("a", "2")) == Verdict::changes);
  CHECK(kept.weigh(*a_retained("none", "")) == Verdict::unchanged);
  kept.keep(a_retained("b", "1"));
  CHECK(kept.weigh(*a_retained("c", "1")) == Verdict::no_room);
  CHECK(kept.weigh(*a_retained("a", std::string(100'000, 'x'))) == Verdict::no_room);
  kept.keep(a_retained("a", ""));
  auto brief = std::make_shared<LocalMessage>(*a_retained("c", "1"));
  brief->expires_at = SteadyTime{} + std::chrono::seconds{5};
  kept.keep(brief);
  const auto all = *TopicFilter::parse("#");
  std::size_t effort = RetainedMessages::kMostEffort;
  CHECK(kept.match(all, SteadyTime{} + std::chrono::seconds{4}, 10, effort).size() == 2);
  CHECK(kept.match(all, SteadyTime{} + std::chrono::seconds{5}, 10, effort).size() == 1);
}

}  // namespace
}  // namespace watchpost::protocol
