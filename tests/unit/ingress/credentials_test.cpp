#include "ingress/credentials.hpp"

#include "support/catch.hpp"

namespace watchpost::ingress {
namespace {

// mosquitto_passwd 2.0.11 wrote this line for user "office", password "secret".
constexpr std::string_view kOfficeLine =
    "office:$7$101$DjeE20PiOBTi64Wh$tt/iTQwh8Awv3lW4Xz85+89ecE32w177c0hbZ5ixz/"
    "wIDryODHoKhMXq/xdrMEMt7HVgNs7UmDbtRzyFfk1pew==";

TEST_CASE("passwords written by mosquitto_passwd are verified", "[ingress][unit]") {
  const auto text = "# users\n\n" + std::string(kOfficeLine) + "\r\n";
  const auto credentials = Credentials::parse({.name = "passwords", .text = text});
  REQUIRE(credentials.has_value());
  CHECK(credentials->size() == 1);
  CHECK(credentials->verify({.user_name = "office", .password = "secret"}));
  CHECK_FALSE(credentials->verify({.user_name = "office", .password = "Secret"}));
  CHECK_FALSE(credentials->verify({.user_name = "office", .password = ""}));
  CHECK_FALSE(credentials->verify({.user_name = "nobody", .password = "secret"}));
  CHECK(credentials->knows("office"));
  CHECK_FALSE(credentials->knows("nobody"));
}

TEST_CASE("a mistake in a password file is named with its line", "[ingress][unit]") {
  const auto refused = [](std::string_view line) {
    const std::string text = std::string(kOfficeLine) + "\n" + std::string(line);
    const auto parsed = Credentials::parse({.name = "passwords", .text = text});
    REQUIRE_FALSE(parsed.has_value());
    CHECK_FALSE(parsed.error().remedy.empty());
    CHECK(parsed.error().chinese.starts_with("passwords:2："));
    CHECK(parsed.error().chinese.find("。请") != std::string::npos);
    return parsed.error().what;
  };
  CHECK(refused("plain").starts_with("passwords:2: not of the form"));
  CHECK(refused(":$7$101$YQ==$YQ==").starts_with("passwords:2: not of the form"));
  CHECK(Credentials::parse({"passwords", "u:$6$x$y"})
            .error()
            .remedy.ends_with("sudo mosquitto_passwd -H sha512-pbkdf2 passwords u`"));
  CHECK(refused("u:$6$x$y").starts_with("passwords:2: the password is not hashed"));
  CHECK(refused("u:$7$0$YQ==$YQ==").starts_with("passwords:2: the number of iterations"));
  CHECK(refused("u:$7$100001$YQ==$YQ==").starts_with("passwords:2: the number of iterations"));
  CHECK(refused("u:$7$1x$YQ==$YQ==").starts_with("passwords:2: the number of iterations"));
  CHECK(refused("u:$7$101$YQ==$YQ==").starts_with("passwords:2: salt or hash"));
  CHECK(refused("u:$7$101$!$!").starts_with("passwords:2: salt or hash"));
  CHECK(refused(kOfficeLine).starts_with("passwords:2: the user office appears twice"));
}

TEST_CASE("a password file that is not there is a failure with a remedy", "[ingress][unit]") {
  const auto loaded = Credentials::load("/nonexistent/passwords");
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().what.find("/nonexistent/passwords") != std::string::npos);
  CHECK(loaded.error().remedy.find("mosquitto_passwd") != std::string::npos);
  CHECK(loaded.error().chinese.find("读不到密码文件 /nonexistent/passwords") == 0);
}

}  // namespace
}  // namespace watchpost::ingress
