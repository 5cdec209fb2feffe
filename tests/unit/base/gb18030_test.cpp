#include "base/gb18030.hpp"

#include "base/encoding.hpp"
#include "support/catch.hpp"

namespace watchpost::test {

TEST_CASE("GB 2312, GBK and GB 18030 become UTF-8", "[base][unit]") {
  CHECK(from_gb18030("\xca\xd7\xb4\xce\xbb\xf0\xbe\xaf 004-004").utf8 == "首次火警 004-004");
  CHECK(from_gb18030("\x95\x45").utf8 == "旹");                    // GBK only
  CHECK(from_gb18030("\x82\x35\x8f\x33").utf8 == "\xe9\xbe\xa6");  // four bytes: U+9FA6
  CHECK(from_gb18030("").is_whole);
}

TEST_CASE("bytes that are no GB 18030 do not take the rest of the text along", "[base][unit]") {
  const auto cut = from_gb18030("\xbb\xf0\xbe\xaf\xff\xbb\xf0\xbe");
  CHECK(cut.utf8 == "火警\xef\xbf\xbd火\xef\xbf\xbd");
  CHECK_FALSE(cut.is_whole);
}

TEST_CASE("text of any length and any bytes become well-formed UTF-8", "[base][unit]") {
  std::string every;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; second += 7) {
      every += static_cast<char>(first);
      every += static_cast<char>(second);
    }
  }
  CHECK(is_utf8(from_gb18030(every).utf8));
}

}  // namespace watchpost::test
