#include <chrono>
#include <string>

#include "base/compact_optional.hpp"
#include "base/compact_text.hpp"
#include "base/rare.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using std::chrono::seconds;

TEST_CASE("a compact text is the text that it was made from, of whatever length", "[base][unit]") {
  CHECK(sizeof(CompactText) == sizeof(void*));
  for (const std::size_t size : {0, 1, 15, 127, 128, 129, 16'383, 16'384, 3'000'000}) {
    INFO(size);
    std::string text(size, 'x');
    if (size > 0) text.front() = text.back() = '\0';
    const CompactText compact(text);
    CHECK(compact.view() == text);
    CHECK(compact.size() == size);
    CHECK(compact.empty() == text.empty());
    CHECK(compact == text);
    const CompactText copy = compact;
    CHECK(copy == compact);
    CHECK((text.empty() || copy.view().data() != compact.view().data()));
  }
  CompactText text = "烟感";
  text = std::string("3号楼");
  CHECK(text == "3号楼");
  CHECK_FALSE(text == "3号");
  const CompactText& same = text;
  text = same;
  CHECK(text == "3号楼");
  text = "";
  CHECK(text.empty());
}

TEST_CASE("a compact optional takes no more than its value, and is one", "[base][unit]") {
  using Optional = CompactOptional<seconds>;
  CHECK(sizeof(Optional) == sizeof(seconds));
  Optional value;
  CHECK_FALSE(value.has_value());
  CHECK(value == std::nullopt);
  CHECK(value == std::optional<seconds>{});
  CHECK(value.value_or(seconds{7}) == seconds{7});
  value = seconds{0};
  CHECK(value.has_value());
  CHECK(*value == seconds{0});
  CHECK_FALSE(value == std::nullopt);
  value = std::chrono::hours{1};
  CHECK(value == seconds{3600});
  CHECK(value == std::optional<seconds>{3600});
  CHECK(std::optional<seconds>(value) == seconds{3600});
  value.reset();
  CHECK(std::optional<seconds>(value) == std::nullopt);
  value = std::optional<seconds>{5};
  CHECK(value->count() == 5);
  value = std::optional<seconds>{};
  CHECK(value == Optional{});
}

TEST_CASE("something rare takes a pointer where it is not, and a copy has its own",
          "[base][unit]") {
  CHECK(sizeof(Rare<std::string>) == sizeof(void*));
  const Rare<std::string> none;
  CHECK_FALSE(none.has_value());
  Rare<std::string> one = std::string("a");
  const Rare<std::string> copy = one;
  CHECK(copy == one);
  CHECK(&*copy != &*one);
  CHECK_FALSE(one == none);
  one = std::string("b");
  CHECK(*copy == "a");
  CHECK_FALSE(copy == one);
  one = none;
  CHECK(one == none);
  one = std::optional<std::string>("c");
  CHECK(*one == "c");
}
