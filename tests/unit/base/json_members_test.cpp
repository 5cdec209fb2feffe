// Members of JSON that somebody else wrote.
#include "base/json_members.hpp"

#include <boost/json.hpp>

#include "support/catch.hpp"

using namespace watchpost;

TEST_CASE("a member is read as what it is, and as nothing where it is something else",
          "[base][unit]") {
  const auto parsed = boost::json::parse(
      R"({"text":"a","empty":"","whole":7,"float":7.0,"half":7.5,"huge":1e30,"less":-3,)"
      R"("yes":true,"no":false,"one":1,"object":{"a":1},"list":[1,2],"null":null})");
  const auto& object = parsed.get_object();
  CHECK(text_in(object, "text") == "a");
  for (const auto* name : {"empty", "whole", "null", "absent", "list"})
    CHECK(text_in(object, name).empty());
  CHECK(integer_in(object, "whole") == 7);
  CHECK(integer_in(object, "float") == 7);
  CHECK(integer_in(object, "less") == -3);
  for (const auto* name : {"half", "huge", "text", "yes", "null", "absent"})
    CHECK_FALSE(integer_in(object, name));
  CHECK(count_in(object, "whole") == 7);
  for (const auto* name : {"less", "half", "text", "absent"}) CHECK(count_in(object, name) == 0);
  CHECK(flag_in(object, "yes"));
  for (const auto* name : {"no", "one", "text", "absent"}) CHECK_FALSE(flag_in(object, name));
  CHECK(object_in(object, "object") != nullptr);
  CHECK(object_in(object, "list") == nullptr);
  CHECK(list_in(object, "list").size() == 2);
  CHECK(list_in(object, "object").empty());
  CHECK(list_in(object, "absent").empty());
}
