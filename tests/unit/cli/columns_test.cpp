#include "cli/columns.hpp"

#include "support/catch.hpp"

using namespace watchpost::cli;

TEST_CASE("a Chinese character takes two columns, a Latin one and an arrow one", "[cli][unit]") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("三楼 a") == 6);
  CHECK(display_width("→ x") == 3);
  CHECK(display_width("é") == 1);
  CHECK(padded("三楼", 6) == "三楼  ");
  CHECK(padded("longer", 3) == "longer");
}

TEST_CASE("a line is broken at blanks and between Chinese characters, and nothing is lost",
          "[cli][unit]") {
  const std::string english = "  → " + std::string(30, 'a') + " " + std::string(30, 'b');
  CHECK(wrapped(english, {.width = 50, .indent = 4}) ==
        "  → " + std::string(30, 'a') + "\n    " + std::string(30, 'b'));
  std::string chinese;
  for (int i = 0; i < 30; ++i) chinese += "字";
  const auto broken = wrapped(chinese, {.width = 40, .indent = 2});
  CHECK(broken.find("\n  ") == 60);
  CHECK(display_width(broken.substr(broken.find('\n') + 1)) == 22);
  // A text without a place to break stays whole.
  CHECK(wrapped(std::string(90, 'x'), {.width = 50, .indent = 2}) == std::string(90, 'x'));
  CHECK(wrapped(english, {.width = 0, .indent = 4}) == english);
}

TEST_CASE("bytes that are no UTF-8 do no harm", "[cli][unit]") {
  CHECK(wrapped("\xE4\xB8", {.width = 50, .indent = 0}) == "\xE4\xB8");
  CHECK(display_width("\xFF\xFF\xFF") >= 1);
}
