#include "settings/source_lines.hpp"

#include "base/text.hpp"

namespace watchpost::settings {
SourceLines::SourceLines(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines_.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::string_view SourceLines::trimmed(unsigned line) const {
  return line == 0 || line > lines_.size() ? std::string_view{}
                                           : watchpost::trimmed(lines_[line - 1]);
}

std::optional<Heading> SourceLines::heading_at(unsigned line) const {
  std::string_view text = trimmed(line);
  Heading heading;
  heading.line = line;
  if (text.starts_with('#')) {
    heading.commented = true;
    text = watchpost::trimmed(text.substr(1));
  }
  if (!text.starts_with('[')) return std::nullopt;
  heading.twice_bracketed = text.starts_with("[[");
  text.remove_prefix(heading.twice_bracketed ? 2 : 1);
  const auto end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  heading.name = watchpost::trimmed(text.substr(0, end));
  return heading;
}

std::optional<Heading> SourceLines::commented_heading_above(unsigned line,
                                                            std::string_view section) const {
  for (unsigned above = line; above-- > 1;) {
    const auto heading = heading_at(above);
    if (!heading) continue;
    if (!heading->commented) return std::nullopt;
    if (heading->name == section) return heading;
  }
  return std::nullopt;
}

std::optional<Heading> SourceLines::earlier_heading(const Heading& wanted) const {
  for (unsigned line = 1; line < wanted.line; ++line) {
    const auto heading = heading_at(line);
    if (heading && !heading->commented && heading->name == wanted.name) return heading;
  }
  return std::nullopt;
}

std::optional<unsigned> SourceLines::earlier_key(unsigned line, std::string_view key) const {
  for (unsigned above = line; above-- > 1;) {
    const auto heading = heading_at(above);
    if (heading && !heading->commented) return std::nullopt;
    if (!trimmed(above).starts_with('#') && key_of(trimmed(above)) == key) return above;
  }
  return std::nullopt;
}

std::optional<std::string_view> key_of(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  return watchpost::trimmed(line.substr(0, equals));
}

}  // namespace watchpost::settings
