#include "base/compression.hpp"

#include <random>

#include "support/catch.hpp"

using namespace watchpost;

namespace {

constexpr std::size_t kMost = 100'000;
constexpr std::array kCodings{ContentCoding::deflate, ContentCoding::zstd};

std::string some_text(std::mt19937& random, std::size_t size) {
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>('a' + random() % 4);
  return text;
}

}  // namespace

TEST_CASE("what was compressed comes back, by the name and by the first bytes", "[base][unit]") {
  std::mt19937 random(5);
  for (const ContentCoding coding : kCodings) {
    Compressor compressor(coding);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{700},
                                   std::size_t{65'536}, kMost - 1, kMost}) {
      const std::string text = some_text(random, size);
      const std::string bytes = compressor.compressed(text);
      CHECK(content_coding_of(bytes) == coding);
      CHECK(decompressed(coding, bytes, kMost).value() == text);
    }
    CHECK(content_coding_from(to_string(coding)) == coding);
  }
  for (const char* text : {"{\"id\":1}", "[", "", "xenon", " {"}) {
    CHECK(content_coding_of(text) == ContentCoding::none);
  }
  CHECK_FALSE(content_coding_from("br"));
}

TEST_CASE("a text that becomes larger than it may is given up", "[base][unit]") {
  for (const ContentCoding coding : kCodings) {
    const std::string bytes = Compressor(coding).compressed(std::string(20'000'000, '0'));
    REQUIRE(bytes.size() < kMost / 4);
    const auto text = decompressed(coding, bytes, kMost);
    REQUIRE(text.has_error());
    CHECK(text.error().what.find("larger than the 100000 bytes") != std::string::npos);
    CHECK(decompressed(coding, Compressor(coding).compressed(std::string(kMost + 1, '0')), kMost)
              .has_error());
  }
}

TEST_CASE("damaged, cut and prolonged compressed text is an error, never a crash", "[base][unit]") {
  std::mt19937 random(6);
  for (const ContentCoding coding : kCodings) {
    const std::string text = some_text(random, 3'000);
    const std::string bytes = Compressor(coding).compressed(text);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK(decompressed(coding, bytes.substr(0, size), kMost).has_error());
    }
    CHECK(decompressed(coding, bytes + "x", kMost).has_error());
    for (int i = 0; i < 2'000; ++i) {
      std::string damaged = bytes;
      damaged[random() % damaged.size()] = static_cast<char>(random());
      const auto read = decompressed(coding, damaged, kMost);
      if (read) CHECK(read->size() <= kMost);
    }
  }
}
