// Signatures as the robots of group chats check them. The expected ones are computed by another
// program (Python's hmac) after the services' own descriptions.
#include "outputs/robot_signature.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::outputs;

namespace {

constexpr WallTime kNow{std::chrono::milliseconds{1'700'000'000'123}};

Post signed_as(BodyForm form, std::string target) {
  Post post{std::move(target), R"({"a":1})"};
  sign(post, form, {"SEC9", kNow});
  return post;
}

}  // namespace

TEST_CASE("DingTalk gets time and signature in the query, and no byte that means more there",
          "[outputs][unit]") {
  const Post post = signed_as(BodyForm::dingtalk, "/robot/send?access_token=t");
  CHECK(post.target ==
        "/robot/send?access_token=t&timestamp=1700000000123&sign="
        "MSSAWm3z7QAgeCLaCr44ivePr6fh%2B4%2BOliF4tjrU6rs%3D");
  CHECK(post.content == R"({"a":1})");
  CHECK(signed_as(BodyForm::dingtalk, "/").target.starts_with("/?timestamp=1700000000123&"));
  Post slash{"/?a", "{}"};
  sign(slash, BodyForm::dingtalk, {"SEC4", kNow});
  CHECK(slash.target.ends_with("DGzHQVA1XtqOtKrZXD5SUpqR%2F45nOcVxKjvyMmB5UDc%3D"));
}

TEST_CASE("Feishu gets the seconds as text and the signature in the message", "[outputs][unit]") {
  const Post post = signed_as(BodyForm::feishu, "/hook");
  CHECK(post.target == "/hook");
  CHECK(
      post.content ==
      R"({"timestamp":"1700000000","sign":"xaO8yHZRkfYVEOtzYTzc1uwbsS9MChbnQa20LGhUIHk=","a":1})");
}

TEST_CASE("what knows no signature is sent as it is", "[outputs][unit]") {
  for (const BodyForm form : {BodyForm::json, BodyForm::text, BodyForm::wecom}) {
    const Post post = signed_as(form, "/a?b");
    CHECK(post.target == "/a?b");
    CHECK(post.content == R"({"a":1})");
  }
}
