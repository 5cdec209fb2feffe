#include "scenarios/script.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace watchpost::scenarios {
namespace {

constexpr std::string_view kTimePasses = "time passes";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream in{std::string(text)};
  for (std::string word; in >> word;) words.push_back(std::move(word));
  return words;
}

std::optional<std::chrono::seconds> clock_time(const std::string& word) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  char rest = 0;
  if (std::sscanf(word.c_str(), "%d:%d:%d%c", &hours, &minutes, &seconds, &rest) != 3)
    return std::nullopt;
  return std::chrono::seconds{hours * 3600 + minutes * 60 + seconds};
}

[[noreturn]] void complain(std::size_t line, std::string_view what) {
  throw std::runtime_error(fmt::format("line {}: {}", line, what));
}

Happening happening_of(std::size_t line, std::string_view text) {
  Happening made;
  made.line = line;
  made.text = text;
  const auto colon = text.find(": ");
  made.words = words_of(text.substr(0, colon));
  if (colon != std::string_view::npos) made.note = trimmed(text.substr(colon + 2));
  std::size_t used = 1;
  std::chrono::seconds day{0};
  if (made.words.size() > 2 && made.words[0] == "day") {
    day = std::chrono::hours{24} * (std::stoi(made.words[1]) - 1);
    used = 3;
  }
  const auto time = made.words.size() < used ? std::nullopt : clock_time(made.words[used - 1]);
  if (!time) complain(line, "begin with a time, as 03:00:00 or day 2 03:00:00");
  made.at = day + *time;
  made.words.erase(made.words.begin(), made.words.begin() + static_cast<std::ptrdiff_t>(used));
  if (made.words.empty()) complain(line, "says when, but not what");
  return made;
}

bool is_output(std::string_view text) {
  return text.substr(0, 2) == "->" ||
         (text.size() > kTimePasses.size() &&
          text.substr(text.size() - kTimePasses.size()) == kTimePasses);
}

}  // namespace

Script read_script(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot be read");
  Script script;
  std::size_t number = 0;
  bool in_heading = true;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::string_view text = trimmed(line);
    const bool is_place = text.substr(0, 6) == "place ";
    in_heading = in_heading && (text.empty() || text.front() == '#' || is_place);
    if (in_heading) {
      script.heading.push_back(line);
      const auto words = words_of(text);
      if (is_place && words.size() != 4) complain(number, "place DEVICE is PLACE");
      if (is_place) script.places.emplace_back(words[1], words[3]);
      continue;
    }
    script.expected += line + "\n";
    if (text.empty() || is_output(text)) continue;
    script.happenings.push_back(happening_of(number, text));
    const auto& all = script.happenings;
    if (all.size() > 1 && all.back().at < all[all.size() - 2].at)
      complain(number, "is earlier than the line before");
  }
  return script;
}

std::string written(std::chrono::seconds at) {
  const auto days = at.count() / 86'400;
  const auto rest = at.count() % 86'400;
  const auto clock = fmt::format("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  return days == 0 ? clock : fmt::format("day {} {}", days + 1, clock);
}

}  // namespace watchpost::scenarios
