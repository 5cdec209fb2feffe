// Who is served when many ask, and who gives way when places are scarce.
#include "ingress/crowd.hpp"

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "peer.hpp"
#include "support/manual_clock.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using namespace std::chrono_literals;

struct Street {
  boost::asio::io_context io;
  support::ManualClock clock;
  std::shared_ptr<Crowd> crowd = std::make_shared<Crowd>(io.get_executor(), clock);
  std::string served;

  // Waits in line, and takes this long when its turn comes.
  void wait(Crowd::Guest& guest, char name, std::chrono::milliseconds takes) {
    guest.wait([this, name, takes] {
      served.push_back(name);
      clock.advance(takes);
    });
  }
};

TEST_CASE("each house has one turn after the other, however many connections it has",
          "[ingress][unit]") {
  Street street;
  Crowd::Guest many_1(street.crowd, "10.0.0.1");
  Crowd::Guest many_2(street.crowd, "10.0.0.1");
  Crowd::Guest many_3(street.crowd, "10.0.0.1");
  Crowd::Guest one(street.crowd, "10.0.0.2");
  street.wait(many_1, 'a', 1ms);
  street.wait(many_2, 'b', 1ms);
  street.wait(many_3, 'c', 1ms);
  street.wait(one, 'X', 1ms);
  street.io.run();
  CHECK(street.served == "aXbc");
}

TEST_CASE("work goes on for one slice, and then in line, with everything else in between",
          "[ingress][unit]") {
  Street street;
  Crowd::Guest guest(street.crowd, "10.0.0.1");
  CHECK(guest.may_go_on(street.clock.steady()));
  street.clock.advance(Crowd::kSlice - 1ms);
  CHECK(guest.may_go_on(street.clock.steady()));
  street.clock.advance(1ms);
  CHECK_FALSE(guest.may_go_on(street.clock.steady()));
  street.wait(guest, 'a', Crowd::kSlice);
  street.wait(guest, 'b', Crowd::kSlice);
  boost::asio::post(street.io, [&] { street.served.push_back('-'); });
  street.io.run();
  CHECK(street.served == "a-b");
  CHECK(guest.may_go_on(street.clock.steady()));
}

TEST_CASE("whose turn has come may do one thing, however late it is", "[ingress][unit]") {
  Street street;
  Crowd::Guest guest(street.crowd, "10.0.0.1");
  guest.wait([&] {
    street.clock.advance(10 * Crowd::kSlice);
    street.served = guest.may_go_on(street.clock.steady()) ? "once" : "never";
    if (guest.may_go_on(street.clock.steady())) street.served += ", and again";
  });
  street.io.run();
  CHECK(street.served == "once");
}

TEST_CASE("who comes while others wait goes to the end of the line", "[ingress][unit]") {
  Street street;
  Crowd::Guest first(street.crowd, "10.0.0.1");
  Crowd::Guest second(street.crowd, "10.0.0.2");
  CHECK(first.may_go_on(street.clock.steady()));
  street.wait(first, 'a', 0ms);
  CHECK_FALSE(second.may_go_on(street.clock.steady()));
}

TEST_CASE("IPv6 addresses of one house count as one", "[ingress][unit]") {
  Street street;
  Crowd::Guest first(street.crowd, "[2001:db8::1]");
  Crowd::Guest second(street.crowd, "[2001:db8::2]");
  CHECK(&first.house() == &second.house());
  CHECK(first.house().strangers == 2);
  first.was_let_in();
  CHECK(first.house().strangers == 1);
  CHECK(street.crowd->standing_of("[2001:db8::3]").connections == 2);
  first.leave();
  CHECK(street.crowd->standing_of("[2001:db8::3]").connections == 1);
}

TEST_CASE("what is held of packets is counted until its connection is gone", "[ingress][unit]") {
  Street street;
  Crowd::Guest first(street.crowd, "10.0.0.1");
  {
    Crowd::Guest second(street.crowd, "10.0.0.2");
    CHECK(first.holds(Crowd::kMostHeld));
    CHECK_FALSE(second.holds(1));
    CHECK(street.crowd->fullest(&Crowd::House::held) == &first.house());
  }
  CHECK(first.holds(Crowd::kMostHeld));
  first.leave();
  CHECK(first.held() == 0);
}

TEST_CASE("a house has no more under way to the disk than its part while there are others",
          "[ingress][unit]") {
  Street street;
  Crowd::Guest busy(street.crowd, "10.0.0.1");
  for (std::size_t i = 0; i < Crowd::kMostUnderWay; ++i) busy.handed_over(10);
  CHECK(busy.may_hand_over());
  Crowd::Guest other(street.crowd, "10.0.0.2");
  CHECK_FALSE(busy.may_hand_over());
  CHECK(other.may_hand_over());
  other.handed_over(Crowd::kMostBytesUnderWay);
  CHECK_FALSE(other.may_hand_over());
  bool goes_on = false;
  busy.wait_to_hand_over([&] { goes_on = true; });
  for (std::size_t i = 0; i < Crowd::kMostUnderWay / 2; ++i) {
    CHECK_FALSE(goes_on);
    busy.settled(10);
    busy.settled(0);  // of no message: it counts for nothing
    street.io.restart();
    street.io.run();
  }
  CHECK(goes_on);
  other.settled(Crowd::kMostBytesUnderWay);
  CHECK(other.may_hand_over());
}

TEST_CASE("what a connection had under way when it ended does not count any longer",
          "[ingress][unit]") {
  Street street;
  Crowd::Guest other(street.crowd, "10.0.0.2");
  Crowd::Guest stays(street.crowd, "10.0.0.1");
  {
    Crowd::Guest goes(street.crowd, "10.0.0.1");
    goes.handed_over(Crowd::kMostBytesUnderWay);
    CHECK_FALSE(stays.may_hand_over());
  }
  CHECK(stays.may_hand_over());
  CHECK(stays.house().under_way == 0);
}

TEST_CASE("the end of a turn is waited for once, not for each message", "[ingress][unit]") {
  Street street;
  street.clock.advance(1s);
  Crowd::Guest guest(street.crowd, "10.0.0.1");
  CHECK(guest.may_go_on(street.clock.steady()));
  CHECK(street.io.poll() == 1);
  street.io.restart();
  for (int i = 0; i < 100; ++i) {
    CHECK(guest.may_go_on(street.clock.steady()));
    CHECK(street.io.poll() == 0);
    street.io.restart();
  }
  street.clock.advance(Crowd::kSlice / 2);
  for (int i = 0; i < 100; ++i) CHECK(guest.may_go_on(street.clock.steady()));
  CHECK(street.io.poll() == 1);
}

TEST_CASE("a house that has most places gives one to another", "[ingress][unit]") {
  ListenerOptions options;
  options.max_connections = 3;
  Harness harness(options);
  Peer first(harness);
  first.connects(a_connect("first"));
  Peer second(harness);
  second.connects(a_connect("second"));
  Peer third(harness);
  third.connects(a_connect("third"));
  Peer other(harness, "127.0.0.2");
  other.connects(a_connect("other"));
  CHECK(third.is_closed_by_daemon());
  // Two and one: nobody has so many more that it should give way.
  Peer same(harness);
  CHECK(same.is_closed_by_daemon());
  CHECK(harness.log.says(LogLevel::warning, "so that others find a place"));
}

TEST_CASE("a house has few connections without CONNECT", "[ingress][unit]") {
  ListenerOptions options;
  options.max_connections = 100;
  Harness harness(options);
  std::vector<std::unique_ptr<Peer>> strangers;
  for (int i = 0; i < 20; ++i) strangers.push_back(std::make_unique<Peer>(harness));
  REQUIRE(harness.until([&] { return harness.listener->status().addresses[0].connections == 20; }));
  Peer more(harness);
  CHECK(more.is_closed_by_daemon());
  Peer other(harness, "127.0.0.2");
  other.connects(a_connect("other"));
  strangers[0]->connects(a_connect("late"));
  Peer next(harness);
  next.connects(a_connect("next"));
}

TEST_CASE("packets that do not end are given up where all hold too much", "[ingress][unit]") {
  Harness harness;
  std::vector<std::unique_ptr<Peer>> many;
  const std::string begun = std::string("\x32\x80\x80\x7d", 4) + std::string(1'900'000, 'x');
  Peer other(harness, "127.0.0.2");
  other.connects(a_connect("other"));
  other.sends_bytes(begun.substr(0, 100'000));
  int sent = 0;
  REQUIRE(harness.until([&] {
    many.push_back(std::make_unique<Peer>(harness));
    many.back()->connects(a_connect(std::to_string(++sent)));
    std::size_t at = 0;
    (void)harness.until([&] {
      at += many.back()->sends_some_of(std::string_view(begun).substr(at));
      return at == begun.size();
    });
    return harness.log.says(LogLevel::warning, "too many large packets have begun");
  }));
  CHECK_FALSE(other.has_been_closed());
}

}  // namespace
}  // namespace watchpost::ingress
