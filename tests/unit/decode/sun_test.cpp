// The vectors are NXP's (AN12196, AN10922) and those of public test suites.
#include "tag_reader/sun.hpp"

#include <boost/json/parse.hpp>

#include "base/encoding.hpp"
#include "decode/registry.hpp"
#include "support/catch.hpp"
#include "tag_reader/tag_keys.hpp"

namespace watchpost::tag_reader {
namespace {

constexpr std::string_view kZeroKeys =
    R"([{"meta":"00000000000000000000000000000000","file":"00000000000000000000000000000000"}])";

TagKeys keys(std::string_view text) {
  return TagKeys::parse(boost::json::parse(text).as_array());
}

SunTap tap(std::string_view link, std::string_view key_list = kZeroKeys) {
  const auto sun = sun_link(link);
  INFO(link);
  REQUIRE(sun);
  return prove(*sun, keys(key_list));
}

std::string bytes(std::string_view hex) {
  return from_hex(hex).value();
}

}  // namespace

TEST_CASE("a key is made of the master key as NXP's example says", "[decode][unit]") {
  const AesKey master(bytes("00112233445566778899aabbccddeeff"));
  // AN10922 section 2.2.1: UID, application, system identifier.
  const auto made = diversified(master, bytes("04782e21801d803042f54e585020416275"));
  CHECK(made == AesKey(bytes("a8dd63a3b89d54b37ca802473fda9175")));
  CHECK_FALSE(made == diversified(master, bytes("04782e21801d80")));
}

TEST_CASE("CMAC and CBC are those of the standards", "[decode][unit]") {
  // NIST SP 800-38B, examples D.1.
  const AesKey key(bytes("2b7e151628aed2a6abf7158809cf4f3c"));
  CHECK(to_hex(key.cmac("")) == "bb1d6929e95937287fa37d129b756746");
  CHECK(to_hex(key.cmac(bytes("6bc1bee22e409f96e93d7e117393172a"))) ==
        "070a16b46b4d4144f79bdd9dd04a287c");
  const std::string first(kAesBlock, '\0');
  const std::string text(32, 'x');
  CHECK(key.decrypt_cbc({first, key.encrypt_cbc({first, text})}) == text);
}

TEST_CASE("the links of NXP's and others' test suites are proven", "[decode][unit]") {
  const auto encrypted =
      tap("https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086");
  CHECK(encrypted.proof == SunProof::proven);
  CHECK(encrypted.uid == "04DE5F1EACC040");
  CHECK(encrypted.counter == 61);

  const auto with_file =
      tap("https://www.my424dna.com/?picc_data=FD91EC264309878BE6345CBE53BADF40"
          "&enc=CEE9A53E3E463EF1F459635736738962&cmac=ECC1E7F6C6C73BF6");
  CHECK(with_file.proof == SunProof::proven);
  CHECK(with_file.uid == "04958CAA5C5E80");
  CHECK(with_file.counter == 8);
  CHECK(with_file.content == "xxxxxxxxxxxxxxxx");

  const auto plain = tap("uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3");
  CHECK(plain.proof == SunProof::proven);
  CHECK(plain.counter == 6);
  CHECK(tap("https://x.cn/t?m=041e3c8a2d6b80x000006x4b00064004b0b3d3").proof == SunProof::proven);
}

TEST_CASE("a code that is wrong in any digit proves nothing", "[decode][unit]") {
  const std::string good = "uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3";
  for (std::size_t at = good.size() - 16; at < good.size(); ++at) {
    std::string wrong = good;
    wrong[at] = wrong[at] == '0' ? '1' : '0';
    INFO(wrong);
    CHECK(tap(wrong).proof == SunProof::wrong_code);
  }
  CHECK(tap("uid=041E3C8A2D6B80&ctr=000007&cmac=4B00064004B0B3D3").proof == SunProof::wrong_code);
  CHECK(tap("uid=041E3C8A2D6B81&ctr=000006&cmac=4B00064004B0B3D3").proof == SunProof::wrong_code);
}

TEST_CASE("each tag may have a key of its own, written out or made of a master", "[decode][unit]") {
  constexpr std::string_view kLink = "uid=041E3C8A2D6B80&ctr=000006&cmac=4B00064004B0B3D3";
  constexpr std::string_view kOwn =
      R"([{"file":"11111111111111111111111111111111"},
          {"uid":"041E3C8A2D6B80","file":"00000000000000000000000000000000"}])";
  CHECK(tap(kLink, kOwn).proof == SunProof::proven);
  // A tag with a key of its own is not proven by the key for all.
  constexpr std::string_view kOther =
      R"([{"file":"00000000000000000000000000000000"},
          {"uid":"041E3C8A2D6B80","file":"11111111111111111111111111111111"}])";
  CHECK(tap(kLink, kOther).proof == SunProof::wrong_code);
  constexpr std::string_view kForAnother =
      R"([{"uid":"04DE5F1EACC040","file":"00000000000000000000000000000000"}])";
  CHECK(tap(kLink, kForAnother).proof == SunProof::no_key);

  const TagKey master{{},
                      {},
                      AesKey(bytes("00112233445566778899aabbccddeeff")),
                      true,
                      bytes("3042f54e585020416275")};
  CHECK(TagKeys::file_key(master, bytes("04782e21801d80")) ==
        AesKey(bytes("a8dd63a3b89d54b37ca802473fda9175")));
}

TEST_CASE("what cannot be proven says why", "[decode][unit]") {
  constexpr std::string_view kEncrypted =
      "https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086";
  CHECK(tap(kEncrypted, "[]").proof == SunProof::not_opened);
  CHECK(tap("https://x.cn/?e=EF963FF7828658A599F3041510671E88EF963FF7828658A5&c=94EED9EE65337086")
            .proof == SunProof::lrp);
  for (const auto proof : {SunProof::no_key, SunProof::wrong_code, SunProof::not_opened,
                           SunProof::no_counter, SunProof::no_uid, SunProof::lrp}) {
    CHECK_FALSE(why_not(proof).empty());
  }
}

TEST_CASE("what is no such link is none", "[decode][unit]") {
  for (const char* none :
       {"", "https://www.home-assistant.io/tag/7b1a2c9e", "94D8FC5F",
        "https://x.cn/?c=94EED9EE65337086", "7b1a2c9e-4f5d-4a77-9d0e-3f1f6f2f0c11"}) {
    INFO(none);
    CHECK_FALSE(sun_link(none));
  }
}

}  // namespace watchpost::tag_reader

namespace watchpost::decode {
namespace {

constexpr std::string_view kLink =
    "https://ntag.nxp.com/424?e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086";

// The decoder of tag readers in a host that remembers.
struct Readers {
  explicit Readers(const std::vector<Remembered>& known = {}) {
    RegistryOptions options{default_bindings(), {}, 480, {}};
    options.tag_keys_json = R"([{"meta":"00000000000000000000000000000000",)"
                            R"("file":"00000000000000000000000000000000"}])";
    registry.emplace(Registry::build(options).value());
    for (const auto& each : known) registry->recall(each);
  }
  Decoding tap(std::string_view reader, bool repeated = false, int after_s = 0) {
    const auto topic = *Topic::parse(std::string(reader) + "/tag");
    const auto at = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0}) +
                    std::chrono::seconds{after_s};
    auto decoding = registry->decode({topic, kLink, false, at, {}, {}, repeated});
    REQUIRE(decoding.observations.size() == 1);
    return decoding;
  }
  std::optional<Registry> registry;
};

std::string flags_of(const Decoding& decoding) {
  std::string all;
  for (const auto& flag : decoding.observations[0].flags) all += flag + " ";
  return all;
}

}  // namespace

TEST_CASE("a counter that was accepted is used up, also after a restart", "[decode][unit]") {
  Readers first;
  const auto accepted = first.tap("gate");
  CHECK(flags_of(accepted) == "first_tap ");
  REQUIRE(accepted.remembered.size() == 1);
  CHECK(accepted.remembered[0].key == "counter 04DE5F1EACC040");

  CHECK(flags_of(first.tap("gate")) == "repeat ");
  CHECK(flags_of(first.tap("gate", false, 61)) == "replayed ");
  CHECK(flags_of(first.tap("gate", true, 3600)) == "repeat ");  // sent again by the reader's word
  CHECK(flags_of(first.tap("other")) == "replayed ");

  Readers again(accepted.remembered);
  const auto copied = again.tap("other", false, 10);
  CHECK(flags_of(copied) == "replayed ");
  CHECK(copied.observations[0].state == DeclaredState::tamper);
  CHECK(copied.remembered.empty());
}

TEST_CASE("a tap whose message was not committed may come again", "[decode][unit]") {
  Readers readers;
  const auto lost = readers.tap("gate");
  REQUIRE(lost.remembered.size() == 1);
  readers.registry->not_kept(lost.remembered[0]);
  CHECK(flags_of(readers.tap("other")) == "first_tap ");
}

TEST_CASE("a counter that a backup brought back is marked, and the doubt ends with the tap",
          "[decode][unit]") {
  Readers readers({{"tag_reader", "counter 04DE5F1EACC040", "60 0 gate"},
                   {"tag_reader", "restored", "backup"}});
  const auto tapped = readers.tap("gate");
  CHECK(flags_of(tapped) == "counter_restored ");
  REQUIRE(tapped.remembered.size() == 2);
  CHECK(tapped.remembered[0].key == "restored");
  CHECK(tapped.remembered[0].value.empty());
}

TEST_CASE("a jump of the counter is marked, a damaged memory is as good as none",
          "[decode][unit]") {
  Readers far({{"tag_reader", "counter 04DE5F1EACC040", "61 0 gate"}});
  CHECK(flags_of(far.tap("other")) == "replayed ");
  for (const char* damaged : {"", "x", "61", "61 x gate", "99999999999999 0 gate"}) {
    Readers readers({{"tag_reader", "counter 04DE5F1EACC040", damaged}});
    INFO(damaged);
    CHECK(flags_of(readers.tap("gate")) == "first_tap ");
  }
}

}  // namespace watchpost::decode
