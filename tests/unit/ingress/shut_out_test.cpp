// Clients that are turned away, or throw each other out, again and again: what the status says.
#include "harness.hpp"
#include "ingress/shut_out_book.hpp"
#include "model/trouble_catalogue.hpp"
#include "peer.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const ShutOutBook::Client kDetector{"smokehall", "192.168.1.20"};

Trouble a_reason() {
  return trouble<TroubleCode::client_wrong_password>(arg<"file">("/etc/watchpost/passwords"));
}

TEST_CASE("a client that is turned away again and again is named until it is let in",
          "[ingress][unit]") {
  ShutOutBook book;
  SteadyTime now{1h};
  for (int i = 0; i < 2; ++i) book.turned_away(kDetector, a_reason(), now += 10s);
  CHECK(book.troubles(now).empty());
  book.turned_away(kDetector, a_reason(), now += 10s);
  REQUIRE(book.troubles(now).size() == 1);
  const std::string line = sentence_of(book.troubles(now)[0], Language::english);
  for (const std::string_view part : {"smokehall", "192.168.1.20", "3 times", "password"}) {
    CHECK(line.find(part) != std::string::npos);
  }
  // Somebody else is let in.
  book.let_in({"other", "192.168.1.20"});
  CHECK(book.troubles(now).size() == 1);
  book.let_in(kDetector);
  CHECK(book.troubles(now).empty());
}

TEST_CASE("a client that stays away is named for a day", "[ingress][unit]") {
  ShutOutBook book;
  const SteadyTime now{1h};
  for (int i = 0; i < 3; ++i) book.turned_away({"", "192.168.1.20"}, a_reason(), now);
  CHECK(book.troubles(now + 23h).size() == 1);
  CHECK(book.troubles(now + 24h).empty());
}

TEST_CASE("two clients with one id are named after the third time", "[ingress][unit]") {
  ShutOutBook book;
  SteadyTime now{1h};
  for (int i = 0; i < 3; ++i) {
    CHECK(book.troubles(now).empty());
    book.thrown_out(kDetector, now += 1s);
  }
  REQUIRE(book.troubles(now).size() == 1);
  CHECK(book.troubles(now)[0].code == TroubleCode::clients_share_id);
  CHECK(book.troubles(now + 1h).empty());
  // Reconnects over a bad network, hours apart, accuse nobody.
  ShutOutBook quiet;
  for (int i = 0; i < 5; ++i) quiet.thrown_out(kDetector, now += 2h);
  CHECK(quiet.troubles(now).empty());
}

TEST_CASE("a port without room is named for an hour", "[ingress][unit]") {
  ShutOutBook book;
  const SteadyTime now{1h};
  book.full({.port = 1883, .most = 500}, now);
  book.full({.port = 1883, .most = 500}, now + 1min);
  REQUIRE(book.troubles(now + 1h).size() == 1);
  CHECK(book.troubles(now + 1h)[0].code == TroubleCode::client_port_full);
  CHECK(book.troubles(now + 1h + 1min).empty());
}

TEST_CASE("a listener's status names a client that it refuses again and again", "[ingress][unit]") {
  Harness harness;
  for (int i = 0; i < 3; ++i) {
    CHECK(harness.listener->status().shut_out.empty());
    Peer peer(harness);
    peer.sends_bytes(std::string("\x16\x03\x01\x02\x00", 5));  // TLS, on a port without it
    CHECK(peer.is_closed_by_daemon());
  }
  REQUIRE(harness.listener->status().shut_out.size() == 1);
  CHECK(harness.listener->status().shut_out[0].code == TroubleCode::client_turned_away);
}

}  // namespace
}  // namespace watchpost::ingress
