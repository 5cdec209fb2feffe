// Files that say who may do what: read whole, bounded, and refused with file and line.
// Promise: a Failure of here has both languages and, as its trouble, the place of the mistake.
// Used at start-up, by reloads and by commands, on any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::accounts {

inline constexpr std::size_t kLargestAccountFile = 1024 * 1024;

// What is read, in both languages: "password file", "密码文件"; and how one is made.
struct AccountFileKind {
  std::string_view english;
  std::string_view chinese;
  std::string_view how_made;
  std::string_view how_made_chinese;
};
[[nodiscard]] Result<std::string> read_account_file(const std::filesystem::path& file,
                                                    const AccountFileKind& kind);

// A text with the name that messages give it.
struct NamedText {
  std::string_view name;
  std::string_view text;
};

// A line of such a file that cannot be used.
struct LineMistake {
  std::string_view file;
  unsigned line = 0;
  Phrase what;
  Phrase next;
};
[[nodiscard]] Failure mistake_in_line(const LineMistake& mistake);

// Takes the next line off `text`, without its end (LF or CR LF).
[[nodiscard]] std::string_view take_line(std::string_view& text);

}  // namespace watchpost::accounts
