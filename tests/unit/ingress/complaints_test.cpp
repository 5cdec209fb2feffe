#include "ingress/complaints.hpp"

#include "support/catch.hpp"

namespace watchpost::ingress {
namespace {

TEST_CASE("the same line about an address is written once in ten minutes", "[ingress][unit]") {
  Complaints complaints;
  SteadyTime now{};
  CHECK(complaints.weigh({.about = "10.0.0.7", .line = "wrong password"}, now) == 0U);
  for (int second = 1; second < 600; ++second) {
    now += std::chrono::seconds(1);
    CHECK_FALSE(complaints.weigh({.about = "10.0.0.7", .line = "wrong password"}, now).has_value());
  }
  CHECK(complaints.weigh({.about = "10.0.0.8", .line = "wrong password"}, now) == 0U);
  now += std::chrono::seconds(1);
  CHECK(complaints.weigh({.about = "10.0.0.7", .line = "wrong password"}, now) == 599U);
}

TEST_CASE("an address that varies its mistakes gets sixteen lines", "[ingress][unit]") {
  Complaints complaints;
  int written = 0;
  for (int i = 0; i < 100; ++i) {
    if (complaints.weigh({.about = "10.0.0.7", .line = std::to_string(i)}, SteadyTime{})) ++written;
  }
  CHECK(written == 16);
}

TEST_CASE("of a thousand addresses the one longest silent makes room", "[ingress][unit]") {
  Complaints complaints;
  SteadyTime now{};
  for (std::size_t i = 0; i <= Complaints::kMostAddresses; ++i) {
    now += std::chrono::milliseconds(1);
    CHECK(complaints.weigh({.about = std::to_string(i), .line = "x"}, now).has_value());
  }
  CHECK_FALSE(complaints.weigh({.about = "1", .line = "x"}, now).has_value());
  CHECK(
      complaints.weigh({.about = "0", .line = "x"}, now).has_value());  // forgotten, so told again
}

TEST_CASE("a client id cannot forge a line of the log", "[ingress][unit]") {
  CHECK(printable("a\nwarning b\x1b[31m\x7f") == "a\\x0awarning b\\x1b[31m\\x7f");
  CHECK(printable("烟感-3") == "烟感-3");
  CHECK(printable(std::string(300, 'x')).size() == 103);
}

}  // namespace
}  // namespace watchpost::ingress
