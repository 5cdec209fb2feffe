#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace std::chrono_literals;

TEST_CASE("times are written in UTC with milliseconds", "[base][unit]") {
  CHECK(to_rfc3339(WallTime{1'795'462'867'120ms}) == "2026-11-23T19:41:07.120Z");
  CHECK(to_rfc3339(WallTime{}) == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("times are read with zones, without zones and with fractions", "[base][unit]") {
  const auto read = [](std::string_view text) {
    const auto time = from_rfc3339(text, 480min);
    return time ? to_rfc3339(*time) : std::string("nothing");
  };
  CHECK(read("2019-06-24T15:30:53.312Z") == "2019-06-24T15:30:53.312Z");
  CHECK(read("2022-01-02T13:54:08+01:00") == "2022-01-02T12:54:08.000Z");
  CHECK(read("2022-01-02T13:54:08-0130") == "2022-01-02T15:24:08.000Z");
  CHECK(read("2019-01-10 18:31:39") == "2019-01-10T10:31:39.000Z");
  CHECK(read("2022-07-18T09:34:15.775023242+00:00") == "2022-07-18T09:34:15.775Z");
}

TEST_CASE("a text that is no time is not read as a time", "[base][unit]") {
  for (const auto* text :
       {"", "2019", "2019-13-01T00:00:00Z", "2019-02-30T00:00:00Z", "2019-01-01T25:00:00Z",
        "2019-01-01T00:00:00+8", "2019-01-01T00:00:00Zx", "1969-12-31T23:59:59Z", "yesterday"}) {
    CAPTURE(text);
    CHECK_FALSE(from_rfc3339(text, 0min));
  }
}

TEST_CASE("base64 and hexadecimal read back what they wrote", "[base][unit]") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    CHECK(from_base64(to_base64(bytes)) == bytes);
    CHECK(from_hex(to_hex(bytes)) == bytes);
    bytes.push_back(static_cast<char>(i));
  }
  CHECK(to_base64("AXVc") == "QVhWYw==");
  std::string text = "before ";
  append_base64(text, "AXVc");
  append_base64(text, "");
  CHECK(text == "before QVhWYw==");
}

TEST_CASE("text that is not base64 is refused", "[base][unit]") {
  for (const auto* text : {"A", "AAA", "AA A", "A===", "====", "AAAA=AAA", " AAAA", "AA-_"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
  CHECK_FALSE(from_hex("abc"));
  CHECK_FALSE(from_hex("zz"));
}

TEST_CASE("digests are those of the standards", "[base][unit]") {
  // FIPS 180-4's example, and RFC 8018 with HMAC-SHA-512 as another library computes it.
  CHECK(to_hex(sha512("abc")) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  CHECK(to_hex(pbkdf2_sha512({.password = "password", .salt = "salt"}, 2)) ==
        "e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53c"
        "f76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e");
  CHECK(random_bytes(16).size() == 16);
  CHECK(random_bytes(16) != random_bytes(16));
}

TEST_CASE("a keyed hash is that of RFC 4231, case 2", "[base][unit]") {
  CHECK(to_hex(hmac_sha256({"Jefe", "what do ya want for nothing?"})) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("white space at both ends of a text is no part of it", "[base][unit]") {
  CHECK(trimmed(" \t two words\r\n") == "two words");
  CHECK(trimmed(" \v\f ").empty());
  CHECK(trimmed("").empty());
}

TEST_CASE("UTF-8 is checked to the letter of RFC 3629", "[base][unit]") {
  CHECK(is_utf8("邻哨 \xF0\x9F\x94\xA5"));
  CHECK_FALSE(is_utf8("\xC0\x80"));          // overlong form
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));  // past U+10FFFF
  CHECK_FALSE(is_utf8("\xE9\x82"));          // cut off
  CHECK_FALSE(is_utf8("\x80"));
}

TEST_CASE("backoff doubles up to its ceiling and stays within its jitter", "[base][unit]") {
  Backoff backoff({100ms, 1'000ms});
  for (const auto whole : {100, 200, 400, 800, 1'000, 1'000}) {
    const auto delay = backoff.next(0x9E3779B97F4A7C15ULL).count();
    CHECK(delay >= whole / 2);
    CHECK(delay <= whole);
  }
  backoff.reset();
  CHECK(backoff.next(0).count() == 50);
}

TEST_CASE("a slip of the keyboard is recognised, another word is not", "[base][unit]") {
  constexpr std::string_view kKeys[] = {"address", "port", "anonymous"};
  CHECK(nearest_spelling("adress", kKeys) == "address");
  CHECK(nearest_spelling("prot", kKeys) == std::nullopt);
  CHECK(nearest_spelling("por", kKeys) == "port");
  CHECK_FALSE(nearest_spelling("temperature", kKeys));
}
