// Script: a scenario as a fire officer reads it: what happens when, and below each line all that
// judgement says to it, silence included. See README.md beside it for the words.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::scenarios {

// One line of what happens.
struct Happening {
  std::size_t line = 0;            // in the file, from 1
  std::string text;                // as written, without blanks at its ends
  std::chrono::seconds at{0};      // since the first midnight
  std::vector<std::string> words;  // behind the time, up to a colon that ends a word
  std::string note;                // behind that colon
};

struct Script {
  std::vector<std::string> heading;  // comments and `place` lines at the top, as written
  std::vector<std::pair<std::string, std::string>> places;  // device, place
  std::vector<Happening> happenings;
  std::string expected;  // everything below the heading
};

// Throws std::runtime_error that names the line.
[[nodiscard]] Script read_script(const std::filesystem::path& file);
// "03:00:00" or "day 2 03:00:00".
[[nodiscard]] std::string written(std::chrono::seconds at);

}  // namespace watchpost::scenarios
