// SourceLines: the text of a configuration file line by line, for mistakes that the TOML parser
// cannot name.
// Promise: headings and keys are found as a person sees them, commented ones too; the lines of a
// multi-line text are taken for lines of the file. Pure; used by the configuration only, at
// start-up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::settings {

struct Heading {
  std::string name;
  unsigned line = 0;
  bool twice_bracketed = false;
  bool commented = false;  // "#[[listener]]": the section does not begin there
};

class SourceLines {
 public:
  explicit SourceLines(std::string_view text);

  // The text of a line, counted from 1, without blanks around it; empty beyond the end.
  [[nodiscard]] std::string_view trimmed(unsigned line) const;
  [[nodiscard]] unsigned count() const { return static_cast<unsigned>(lines_.size()); }
  [[nodiscard]] std::optional<Heading> heading_at(unsigned line) const;
  // The commented heading of `section` that stands above `line` and below the nearest heading in
  // force.
  [[nodiscard]] std::optional<Heading> commented_heading_above(unsigned line,
                                                               std::string_view section) const;
  // The first earlier line that has the same heading, or the same key in the same section.
  [[nodiscard]] std::optional<Heading> earlier_heading(const Heading& heading) const;
  [[nodiscard]] std::optional<unsigned> earlier_key(unsigned line, std::string_view key) const;

 private:
  std::vector<std::string_view> lines_;
};

// Of "key = value", the part before '=' without blanks; nothing where there is no '='.
[[nodiscard]] std::optional<std::string_view> key_of(std::string_view line);

}  // namespace watchpost::settings
