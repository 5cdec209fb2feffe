// Rows of mistakes: a text that a person writes, and the words that the sentence about it must
// contain in both languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "unit/settings/sample.hpp"

namespace watchpost::settings::testing {
struct Row {
  std::string_view what;
  std::string_view text;
  unsigned line;
  std::vector<std::string_view> english;
  std::vector<std::string_view> chinese;
};

inline void check_parts(const std::string& sentence, const std::vector<std::string_view>& parts) {
  for (const auto part : parts) {
    INFO(sentence);
    CAPTURE(part);
    CHECK(sentence.find(part) != std::string::npos);
  }
}

// Checks a text with one mistake: its line, and all words in both languages.
inline void check_row(const Row& row) {
  INFO(row.what << "\n" << row.text);
  const auto list = mistakes_of(row.text);
  REQUIRE_FALSE(list.empty());
  for (const auto& mistake : list) UNSCOPED_INFO(mistake.sentence());
  CHECK(list.size() == 1);
  CHECK(list.front().line == row.line);
  check_parts(list.front().sentence(Language::english), row.english);
  check_parts(list.front().sentence(Language::chinese), row.chinese);
  CHECK(list.front().sentence(Language::chinese).find("watchpost.toml") != std::string::npos);
}

inline void check_notes(const Config& config, std::string_view english, std::string_view chinese) {
  bool said = false;
  for (const Words& note : config.notes()) {
    UNSCOPED_INFO(note.english);
    said = said || (note.english.find(english) != std::string::npos &&
                    note.chinese.find(chinese) != std::string::npos);
  }
  CAPTURE(english);
  CHECK(said);
}

}  // namespace watchpost::settings::testing
