#include "decode/tag_keys.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::decode {
namespace {

constexpr std::string_view kSecret = "5ACE7E50AB65D5D51FD5BF5A16B8205B";

std::string file_with(const support::TempDirectory& folder, const std::string& text, mode_t mode) {
  const auto path = (folder.path() / "tag_keys.toml").string();
  std::ofstream(path) << text;
  REQUIRE(::chmod(path.c_str(), mode) == 0);
  return path;
}

std::string good() {
  return "[[key]]\nuid = \"04C767F2066180\"\nfile = \"" + std::string(kSecret) + "\"\n";
}

Failure mistake(const std::string& toml) {
  const auto parsed = parse_tag_keys({"keys.toml", toml});
  INFO(toml);
  REQUIRE(parsed.has_error());
  // Whoever reads the log must not learn a key.
  CHECK(parsed.error().sentence().find(kSecret.substr(0, 8)) == std::string::npos);
  CHECK(parsed.error().chinese.find(kSecret.substr(0, 8)) == std::string::npos);
  CHECK_FALSE(parsed.error().chinese.empty());
  return parsed.error();
}

}  // namespace

TEST_CASE("tag keys are read from a file that only its owner and group can read",
          "[decode][unit]") {
  const support::TempDirectory folder;
  for (const mode_t mode : {0600, 0640, 0400}) {
    if (mode == 0400 && ::geteuid() != 0) continue;
    const auto keys = load_tag_keys(file_with(folder, good(), mode));
    INFO((keys ? std::string() : keys.error().sentence()));
    REQUIRE(keys.has_value());
    CHECK(keys->find("04C767F2066180") != std::string::npos);
    std::filesystem::remove(folder.path() / "tag_keys.toml");
  }
}

TEST_CASE("tag keys that others can read or change are refused, with what to do",
          "[decode][unit]") {
  const support::TempDirectory folder;
  for (const mode_t mode : {0644, 0604, 0660, 0642, 0666}) {
    const auto file = file_with(folder, good(), mode);
    const auto keys = load_tag_keys(file);
    INFO(mode);
    REQUIRE(keys.has_error());
    CHECK(keys.error().what.find(file) != std::string::npos);
    CHECK(keys.error().remedy.find("chmod 640") != std::string::npos);
    CHECK_FALSE(keys.error().chinese.empty());
  }
  CHECK(load_tag_keys((folder.path() / "none").string()).has_error());
  CHECK(load_tag_keys(folder.path().string()).has_error());
  if (::geteuid() == 0) {
    const auto file = file_with(folder, good(), 0600);
    REQUIRE(::chown(file.c_str(), 12345, 0) == 0);
    const auto keys = load_tag_keys(file);
    REQUIRE(keys.has_error());
    CHECK(keys.error().what.find("12345") != std::string::npos);
  }
}

TEST_CASE("a mistake in the tag keys is told with its line, never with a key", "[decode][unit]") {
  const std::string secret(kSecret);
  CHECK(mistake("").what.find("no [[key]]") != std::string::npos);
  CHECK(mistake("[[key]]\nfile = \"" + secret + "0\"\n").what.find("keys.toml:2") !=
        std::string::npos);
  CHECK(mistake("[[key]]\nfile = \"" + secret).what.find("keys.toml:2") != std::string::npos);
  mistake("[[key]]\nuid = \"04C767F20661\"\nfile = \"" + secret + "\"\n");
  mistake("[[key]]\nuid = \"04C767F2066180\"\n");
  mistake("[[key]]\nfile = \"" + secret + "\"\nmaster = \"" + secret + "\"\n");
  mistake("[[key]]\nfile = \"" + secret + "\"\ninput = \"3042F5\"\n");
  mistake("[[key]]\nfiel = \"" + secret + "\"\n");
  mistake(good() + good());
  std::string many;
  for (int i = 0; i < 9; ++i) many += "[[key]]\nfile = \"" + secret + "\"\n";
  mistake(many);
}

}  // namespace watchpost::decode
