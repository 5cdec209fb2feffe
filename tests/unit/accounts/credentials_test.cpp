#include "accounts/credentials.hpp"

#include "accounts/password_edit.hpp"
#include "model/trouble.hpp"
#include "support/catch.hpp"

namespace watchpost::accounts {
namespace {

// mosquitto_passwd 2.0.11 wrote this line for user "office", password "secret".
constexpr std::string_view kOfficeLine =
    "office:$7$101$DjeE20PiOBTi64Wh$tt/iTQwh8Awv3lW4Xz85+89ecE32w177c0hbZ5ixz/"
    "wIDryODHoKhMXq/xdrMEMt7HVgNs7UmDbtRzyFfk1pew==";
// The same with -H sha512, for user "old".
constexpr std::string_view kOldLine =
    "old:$6$d+jiLMgzFLJi+hSR$Bti0VPirgFJk/e7NaMQMh2MvGhq1Dd0+YW/TuRxr53aOWWYQNn6KxHFN1V57zS31mGz3eA"
    "sw1SmDLAyD1H9hNQ==";
// A vector of the reference implementation (phc-winner-argon2, src/test.c): password "password".
constexpr std::string_view kArgonLine =
    "argon:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

Credentials users_in(std::string_view text) {
  return Credentials::parse({.name = "passwords", .text = text}).value();
}

TEST_CASE("passwords written by mosquitto_passwd are verified", "[accounts][unit]") {
  const auto credentials = users_in("# users\n\n" + std::string(kOfficeLine) + "\r\n" +
                                    std::string(kOldLine) + "\n" + std::string(kArgonLine));
  CHECK(credentials.size() == 3);
  CHECK(credentials.verify({.user_name = "office", .password = "secret"}));
  CHECK_FALSE(credentials.verify({.user_name = "office", .password = "Secret"}));
  CHECK_FALSE(credentials.verify({.user_name = "office", .password = ""}));
  CHECK_FALSE(credentials.verify({.user_name = "nobody", .password = "secret"}));
  CHECK(credentials.verify({.user_name = "old", .password = "secret"}));
  CHECK_FALSE(credentials.verify({.user_name = "old", .password = "secre"}));
  CHECK(credentials.verify({.user_name = "argon", .password = "password"}));
  CHECK_FALSE(credentials.verify({.user_name = "argon", .password = "passwort"}));
  CHECK(credentials.knows("office"));
  CHECK_FALSE(credentials.knows("nobody"));
  CHECK(credentials.weakly_hashed() == std::vector<std::string>{"old"});
}

TEST_CASE("a mistake in a password file is named with its line", "[accounts][unit]") {
  const auto refused = [](std::string_view line) {
    const std::string text = std::string(kOfficeLine) + "\n" + std::string(line);
    const auto parsed = Credentials::parse({.name = "passwords", .text = text});
    REQUIRE_FALSE(parsed.has_value());
    CHECK_FALSE(parsed.error().remedy.empty());
    CHECK(parsed.error().chinese.starts_with("passwords:2："));
    CHECK(parsed.error().chinese.find("。请") != std::string::npos);
    REQUIRE(parsed.error().trouble);
    CHECK(*parsed.error().trouble ==
          trouble<TroubleCode::file_mistake>(arg<"place">(std::string("passwords:2"))));
    return parsed.error().what;
  };
  CHECK(refused("plain").starts_with("passwords:2: not of the form"));
  CHECK(refused(":$7$101$YQ==$YQ==").starts_with("passwords:2: not of the form"));
  CHECK(Credentials::parse({"passwords", "u:secret"})
            .error()
            .remedy.ends_with("sudo watchpost passwd passwords u`"));
  CHECK(refused("u:secret").starts_with("passwords:2: the password is not hashed"));
  CHECK(refused("u:$5$YQ==$YQ==").starts_with("passwords:2: the password is not hashed"));
  CHECK(refused("u:$6$x$y").starts_with("passwords:2: salt or hash"));
  CHECK(refused("u:$7$0$YQ==$YQ==").starts_with("passwords:2: the number of iterations"));
  CHECK(refused("u:$7$100001$YQ==$YQ==").starts_with("passwords:2: the number of iterations"));
  CHECK(refused("u:$7$1x$YQ==$YQ==").starts_with("passwords:2: the number of iterations"));
  CHECK(refused("u:$7$101$YQ==$YQ==").starts_with("passwords:2: salt or hash"));
  CHECK(refused("u:$7$101$!$!").starts_with("passwords:2: salt or hash"));
  CHECK(refused(kOfficeLine).starts_with("passwords:2: the user office appears twice"));
}

TEST_CASE("what a check with argon2id may cost is bounded when the file is read",
          "[accounts][unit]") {
  const auto with = [](const std::string& costs) {
    return Credentials::parse({"p", "u:$argon2id$v=19$" + costs + "$c29tZXNhbHQ$" +
                                        std::string("nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")})
        .has_value();
  };
  CHECK(with("m=47104,t=1,p=1"));  // mosquitto_passwd 2.1
  CHECK(with("m=65536,t=8,p=4"));
  CHECK_FALSE(with("m=65537,t=1,p=1"));
  CHECK_FALSE(with("m=256,t=9,p=1"));
  CHECK_FALSE(with("m=256,t=1,p=5"));
  CHECK_FALSE(with("m=4,t=1,p=1"));
  CHECK_FALSE(with("m=256,t=1"));
  CHECK_FALSE(with("m=256,t=1,p=1,x=1"));
  CHECK_FALSE(with("t=1,m=256,p=1"));
  CHECK(Credentials::parse({"p", "u:$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$YWJjZA"}).has_error());
}

TEST_CASE("a password file that is not there is a failure with a remedy", "[accounts][unit]") {
  for (const char* path : {"/nonexistent/passwords", "/"}) {
    const auto loaded = Credentials::load(path);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(loaded.error().what.find(path) != std::string::npos);
    CHECK(loaded.error().remedy.find("mosquitto_passwd") != std::string::npos);
    CHECK(loaded.error().chinese.find("读不到密码文件") == 0);
  }
}

TEST_CASE("who has another password now has not kept it", "[accounts][unit]") {
  const auto before = users_in(kOfficeLine);
  const auto same =
      users_in(std::string("# moved\n") + std::string(kOldLine) + "\n" + std::string(kOfficeLine));
  CHECK(same.keeps("office", before));
  CHECK_FALSE(same.keeps("old", before));
  const auto changed =
      users_in(edited({"p", kOfficeLine}, {"office", PasswordHash::made("other")}).value().text);
  CHECK_FALSE(changed.keeps("office", before));
  CHECK_FALSE(users_in("").keeps("office", before));
}

}  // namespace
}  // namespace watchpost::accounts
