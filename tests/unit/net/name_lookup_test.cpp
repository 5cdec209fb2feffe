#include "net/name_lookup.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <string>

#include "net/url.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using net::NameLookup;
using net::Url;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 20s;

std::future<Result<NameLookup::Addresses>> ask(NameLookup& names) {
  auto promise = std::make_shared<std::promise<Result<NameLookup::Addresses>>>();
  names.ask([promise](const auto& found) { promise->set_value(found); });
  return promise->get_future();
}

}  // namespace

TEST_CASE("only what is no address needs to be looked up", "[net][unit]") {
  for (const auto* address : {"127.0.0.1", "::1", "2001:db8::7"}) CHECK(Url{address}.is_address());
  for (const auto* name : {"localhost", "1.2.3", "street.example", "", "127.0.0.1:1"}) {
    CAPTURE(name);
    CHECK_FALSE(Url{name}.is_address());
  }
}

TEST_CASE("a name is answered with its addresses, IPv4 first", "[net][unit]") {
  NameLookup names("localhost");
  auto answer = ask(names);
  REQUIRE(answer.wait_for(kPatience) == std::future_status::ready);
  const auto found = answer.get();
  REQUIRE(found.has_value());
  CHECK(found->front() == "127.0.0.1");
}

TEST_CASE("a name that nobody can have is told with what to check", "[net][unit]") {
  NameLookup names(std::string(300, 'x'));  // the C library refuses: no server is asked
  auto answer = ask(names);
  REQUIRE(answer.wait_for(kPatience) == std::future_status::ready);
  const auto found = answer.get();
  REQUIRE(found.has_error());
  CHECK(found.error().what.find("cannot be looked up") != std::string::npos);
  CHECK(found.error().remedy.find("resolv.conf") != std::string::npos);
}

TEST_CASE("a question that was forgotten is not answered, and the next one is", "[net][unit]") {
  NameLookup names("localhost");
  std::atomic<int> answers = 0;
  for (int i = 0; i < 50; ++i) {
    names.ask([&answers](const auto&) { ++answers; });
    names.forget();
    // Only the last question is answered, even where the lookup of an earlier one answers it.
    auto answer = ask(names);
    REQUIRE(answer.wait_for(kPatience) == std::future_status::ready);
    CHECK(answer.get().has_value());
  }
  // The first lookup may have answered before it was forgotten, but never afterwards.
  const int before = answers;
  names.forget();
  CHECK(answers == before);
}

TEST_CASE("nothing is answered once the asker is gone", "[net][unit]") {
  for (int i = 0; i < 50; ++i) {
    auto answered = std::make_shared<std::atomic<int>>(0);
    {
      NameLookup names("localhost");
      names.ask([answered](const auto&) { ++*answered; });
    }
    const int then = *answered;
    // This lookup ends later than the one that was given up.
    NameLookup names("localhost");
    auto answer = ask(names);
    REQUIRE(answer.wait_for(kPatience) == std::future_status::ready);
    CHECK(*answered == then);
  }
}
