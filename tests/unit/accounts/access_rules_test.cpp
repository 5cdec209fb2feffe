// The meaning of an ACL file, by table. tests/system/test_access.py asks Mosquitto the same.
#include "accounts/access_rules.hpp"

#include "support/catch.hpp"

namespace watchpost::accounts {
namespace {

AccessRules rules_in(std::string_view text) {
  return AccessRules::parse({"acl", text}).value();
}

struct Case {
  const char* acl;
  const char* user;  // empty: anonymous
  const char* client_id;
  const char* topic;
  bool may_read;
  bool may_write;
};

void check(const Case& one) {
  INFO(one.acl << " | " << one.user << " " << one.client_id << " " << one.topic);
  const auto rules = rules_in(one.acl);
  const Actor actor{one.user, one.client_id};
  CHECK(rules.allows(actor, Right::read, one.topic) == one.may_read);
  CHECK(rules.allows(actor, Right::write, one.topic) == one.may_write);
}

constexpr const char* kGlobal = "topic a/#\ntopic deny a/secret\nuser u\ntopic read b/+/c\n";
constexpr const char* kOrder = "user u\ntopic readwrite a/#\ntopic deny a/b\n";
constexpr const char* kPatterns =
    "pattern readwrite p/%u/#\npattern deny p/%u/except\npattern write c/%c/up\n"
    "user u\ntopic read q\n";
constexpr const char* kBoth = "user u\ntopic readwrite p/u/x\npattern deny p/%u/#\n";

TEST_CASE("what a line of an ACL file allows", "[accounts][unit]") {
  const Case cases[] = {
      // Nothing in the file: nothing is allowed.
      {"", "u", "c", "a", false, false},
      {"# only this\n", "", "c", "a", false, false},
      // Lines before the first user are for clients without a name.
      {kGlobal, "", "c", "a/x", true, true},
      {kGlobal, "", "c", "a", true, true},
      {kGlobal, "", "c", "a/secret", false, false},
      {kGlobal, "", "c", "b/x/c", false, false},
      {kGlobal, "u", "c", "a/x", false, false},
      {kGlobal, "u", "c", "b/x/c", true, false},
      {kGlobal, "v", "c", "b/x/c", false, false},
      {kGlobal, "v", "c", "a/x", false, false},
      // A denial counts wherever it stands.
      {kOrder, "u", "c", "a/x", true, true},
      {kOrder, "u", "c", "a/b", false, false},
      {"user u\ntopic deny a/b\ntopic a/#\n", "u", "c", "a/b", false, false},
      // read and write of one topic add up; a user may stand twice.
      {"user u\ntopic read a\nuser v\ntopic b\nuser u\ntopic write a\n", "u", "c", "a", true, true},
      {"user u\ntopic write a\n", "u", "c", "a", false, true},
      // Patterns are for everybody, wherever they stand.
      {kPatterns, "u", "c", "p/u/x", true, true},
      {kPatterns, "u", "c", "p/u", true, true},
      {kPatterns, "u", "c", "p/u/except", false, false},
      {kPatterns, "u", "c", "p/v/x", false, false},
      {kPatterns, "", "c", "p//x", false, false},
      {kPatterns, "", "c", "c/c/up", false, true},
      {kPatterns, "u", "c", "c/c/up", false, true},
      {kPatterns, "u", "d", "c/c/up", false, false},
      {kPatterns, "u", "c", "q", true, false},
      // The user's own lines come before the denials of patterns.
      {kBoth, "u", "c", "p/u/x", true, true},
      {kBoth, "u", "c", "p/u/y", false, false},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("names with wildcards, whole levels, $ and blanks", "[accounts][unit]") {
  const Case cases[] = {
      // A name with a wildcard in it is no way around: it has its own lines only.
      {kPatterns, "+", "c", "p/v/x", false, false},
      {kPatterns, "#", "c", "p/v", false, false},
      {kPatterns, "u", "+", "p/u/x", false, false},
      {kPatterns, "u", "c#", "q", true, false},
      {"pattern readwrite x\nuser u\ntopic y\n", "u", "a+b", "x", false, false},
      // The names stand for whole levels only.
      {"pattern a/x%u\n", "u", "c", "a/xu", false, false},
      {"pattern a/%u/b\n", "u/v", "c", "a/u/v/b", false, false},
      // topic does not know patterns.
      {"user u\ntopic a/%u\n", "u", "c", "a/u", false, false},
      {"user u\ntopic a/%u\n", "u", "c", "a/%u", true, true},
      // Topics that begin with $ need a line that does.
      {"user u\ntopic #\n", "u", "c", "$SYS/x", false, false},
      {"user u\ntopic +/x\n", "u", "c", "$SYS/x", false, false},
      {"user u\ntopic read $SYS/#\n", "u", "c", "$SYS/x", true, false},
      {"pattern #\n", "u", "c", "$SYS/x", false, false},
      {"pattern write $SYS/broker/connection/%c/state\n", "u", "c",
       "$SYS/broker/connection/c/state", false, true},
      // How it is written.
      {"user  u \ntopic  read  a b/c \r\n\n", "u", "c", "a b/c", true, false},
      {"user u v\ntopic a\n", "u v", "c", "a", true, true},
      {"   topic a\n", "", "c", "a", true, true},
      {"topic read\n", "", "c", "read", true, true},
      {"#user u\ntopic a", "", "c", "a", true, true},
      {"topic +/a/#\n", "", "c", "x/a", true, true},
      {"topic a//b\n", "", "c", "a//b", true, true},
      {"topic a/+\n", "", "c", "a/", true, true},
      {"topic a/+\n", "", "c", "a", false, false},
  };
  for (const Case& one : cases) check(one);
}

TEST_CASE("a subscription is granted where something of it may be read", "[accounts][unit]") {
  struct Subscription {
    const char* acl;
    const char* filter;
    bool is_granted;
  };
  const Subscription cases[] = {
      {"user u\ntopic read a/b/#\n", "a/b/c", true},
      {"user u\ntopic read a/b/#\n", "#", true},
      {"user u\ntopic read a/b/#\n", "a/+/c", true},
      {"user u\ntopic read a/b/#\n", "a", false},
      {"user u\ntopic read a/b/#\n", "a/c/#", false},
      {"user u\ntopic read a/b\n", "a/b/#", true},
      {"user u\ntopic read a/b\n", "+", false},
      {"user u\ntopic write a/b\n", "a/b", false},
      {"user u\ntopic a/#\ntopic deny a/b/#\n", "a/b/c", false},
      {"user u\ntopic a/#\ntopic deny a/b/#\n", "a/b/#", false},
      {"user u\ntopic a/#\ntopic deny a/b/#\n", "a/#", true},
      {"user u\ntopic a/b\ntopic deny a/#\n", "#", false},
      {"pattern read p/%u/#\n", "p/u/x", true},
      {"pattern read p/%u/#\n", "p/+/x", true},
      {"pattern read p/%u/#\n", "p/v/x", false},
      {"pattern read p/%u/#\npattern deny p/%u/x\n", "p/u/x", false},
      {"user u\ntopic a\npattern deny #\n", "a", true},
      {"user u\ntopic #\n", "$SYS/#", false},
      {"user v\ntopic #\n", "a", false},
  };
  for (const auto& one : cases) {
    INFO(one.acl << " | " << one.filter);
    CHECK(rules_in(one.acl).allows_some({"u", "c"}, *TopicFilter::parse(one.filter)) ==
          one.is_granted);
  }
}

TEST_CASE("the line that decided is named", "[accounts][unit]") {
  const auto rules = rules_in("# x\ntopic a\n\nuser u\ntopic deny b\ntopic #\npattern read c/%u\n");
  CHECK(rules.decided_by({"u", "c"}, Right::write, "b") == "acl:5");
  CHECK(rules.decided_by({"u", "c"}, Right::write, "x") == "acl:6");
  CHECK(rules.decided_by({"", "c"}, Right::write, "b") == "acl");
  CHECK(rules.decided_by({"v", "c"}, Right::read, "c/v") == "acl:7");
  CHECK(rules.users() == std::vector<std::string>{"u"});
}

TEST_CASE("a mistake in an ACL file is named with its line", "[accounts][unit]") {
  const auto refused = [](const std::string& line) {
    const auto parsed = AccessRules::parse({"acl", "topic a\n" + line});
    REQUIRE(parsed.has_error());
    CHECK_FALSE(parsed.error().remedy.empty());
    CHECK(parsed.error().chinese.starts_with("acl:2："));
    return parsed.error().what;
  };
  CHECK(refused("topics a").starts_with("acl:2: a line begins with \"topics\""));
  CHECK(refused("topic\tread a").starts_with("acl:2: a line begins with"));
  CHECK(refused("user").starts_with("acl:2: the name behind user is missing"));
  CHECK(refused("user  ").starts_with("acl:2: the name behind user is missing"));
  CHECK(refused("topic").starts_with("acl:2: \"\" is no topic filter"));
  CHECK(refused("topic rea a").starts_with("acl:2: \"rea\" is no kind of access"));
  CHECK(refused("topic read a/#/b").starts_with("acl:2: \"a/#/b\" is no topic filter"));
  CHECK(refused("pattern read a+").starts_with("acl:2: \"a+\" is no topic filter"));
  CHECK(AccessRules::parse({"acl", std::string(10'001, '\n')}).has_error());
  CHECK(AccessRules::parse({"acl", std::string(10'000, '\n')}).has_value());
}

}  // namespace
}  // namespace watchpost::accounts
