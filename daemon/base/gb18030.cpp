#include "base/gb18030.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>

namespace watchpost {
namespace {

class Conversion {
 public:
  // Fails only where the tables of the C library are not installed.
  Conversion() : handle_(::iconv_open("UTF-8", "GB18030")) {}
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  ~Conversion() {
    if (works()) ::iconv_close(handle_);
  }
  [[nodiscard]] bool works() const { return handle_ != kNone; }

  // Converts what it can, from the beginning of `bytes`; true: all of it.
  bool run(std::string_view& bytes, std::string& out) {
    std::array<char, 256> room{};
    char* from = const_cast<char*>(bytes.data());  // iconv does not write there
    std::size_t left = bytes.size();
    bool again = true;
    while (again) {
      char* to = room.data();
      std::size_t free = room.size();
      const bool done = ::iconv(handle_, &from, &left, &to, &free) != kFailed;
      again = !done && errno == E2BIG;
      out.append(room.data(), room.size() - free);
    }
    bytes = bytes.substr(bytes.size() - left);
    return left == 0;
  }

 private:
  static inline const iconv_t kNone = reinterpret_cast<iconv_t>(-1);
  static constexpr std::size_t kFailed = static_cast<std::size_t>(-1);
  iconv_t handle_;
};

void append_unread(Gb18030Text& text) {
  text.utf8 += "\xef\xbf\xbd";
  text.is_whole = false;
}

Gb18030Text only_ascii(std::string_view bytes) {
  Gb18030Text text;
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x80) {
      text.utf8.push_back(c);
    } else {
      append_unread(text);
    }
  }
  return text;
}

}  // namespace

Gb18030Text from_gb18030(std::string_view bytes) {
  Gb18030Text text;
  Conversion conversion;
  if (!conversion.works()) return only_ascii(bytes);
  while (!bytes.empty() && !conversion.run(bytes, text.utf8)) {
    append_unread(text);
    bytes.remove_prefix(1);
  }
  return text;
}

}  // namespace watchpost
