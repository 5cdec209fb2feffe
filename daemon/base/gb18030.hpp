// GB 18030, the coding of Chinese text in devices; GB 2312 and GBK are parts of it.
// Promise: what comes out is well-formed UTF-8. Bytes that are no GB 18030 become U+FFFD, one for
// each, and `is_whole` says so: the rest of the text is not lost. Used on any thread.
#pragma once

#include <string>
#include <string_view>

namespace watchpost {

struct Gb18030Text {
  std::string utf8;
  bool is_whole = true;
};
[[nodiscard]] Gb18030Text from_gb18030(std::string_view bytes);

}  // namespace watchpost
