#include "unit/upstream/ground.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::street_options;

constexpr SteadyTime kNow{1h};

}  // namespace

TEST_CASE("no more is under way than the broker takes, whatever it is", "[upstream][unit]") {
  const UplinkOptions options = street_options();
  LinkFlow flow(options);
  CHECK_FALSE(flow.may_send());
  LinkTerms terms;
  terms.receive_maximum = 4;
  flow.link_up(terms, {.now = kNow, .flows_from = kNow});
  // The state needs one place beside those of the records.
  CHECK(flow.window().publications == 2);
  for (std::uint64_t token = 1; token <= 3; ++token) {
    REQUIRE(flow.may_send());
    flow.sent(PublishToken{token}, {kNow, 100});
  }
  CHECK_FALSE(flow.may_send());
  flow.answered(PublishToken{2}, kNow + 1s);
  CHECK(flow.may_send());
  CHECK(flow.has_answered());
  CHECK(flow.first()->token == PublishToken{1});
  CHECK(flow.answer_by() == kNow + options.acknowledge_timeout);

  flow.close();
  CHECK_FALSE(flow.may_send());
  CHECK_FALSE(flow.all_answered());
  flow.link_lost();
  CHECK(flow.all_answered());
  CHECK_FALSE(flow.answer_by());
  flow.link_up(terms, {.now = kNow, .flows_from = kNow});
  CHECK_FALSE(flow.has_answered());
}

TEST_CASE("what is larger than the broker takes does not fit", "[upstream][unit]") {
  const UplinkOptions options = street_options();
  LinkFlow flow(options);
  Publication publication;
  publication.payload.assign(1'000, 'x');
  LinkTerms terms;
  terms.maximum_packet_size = size_of(publication);
  flow.link_up(terms, {.now = kNow, .flows_from = kNow});
  CHECK(flow.fits(publication));
  publication.payload += 'x';
  CHECK_FALSE(flow.fits(publication));
}

TEST_CASE("after a long outage all but alarms wait, and then keep to the rate",
          "[upstream][unit]") {
  UplinkOptions options = street_options();
  options.max_rate = 10;
  LinkFlow flow(options);
  flow.link_up({}, {.now = kNow, .flows_from = kNow + 20s});
  CHECK_FALSE(flow.may_flow(kNow + 19s));
  CHECK(flow.flows_at() == kNow + 20s);
  REQUIRE(flow.may_flow(kNow + 20s));
  flow.take(kNow + 20s);
  CHECK_FALSE(flow.may_flow(kNow + 20s));
  CHECK(flow.flows_at() > kNow + 20s);
  CHECK(flow.may_flow(flow.flows_at()));
}

}  // namespace watchpost::upstream
