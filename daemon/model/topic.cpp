#include "model/topic.hpp"

#include <cstdint>

#include "base/encoding.hpp"

namespace watchpost {
namespace {

constexpr std::size_t kLongestTopic = 65'535;

bool is_topic_text(std::string_view text) {
  return !text.empty() && text.size() <= kLongestTopic &&
         text.find('\0') == std::string_view::npos && is_utf8(text);
}

// Cuts the first level off `rest`; afterwards `rest` is nothing when that was the last one.
std::string_view take_level(std::optional<std::string_view>& rest) {
  const std::string_view text = *rest;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    rest.reset();
    return text;
  }
  rest = text.substr(slash + 1);
  return text.substr(0, slash);
}

std::vector<std::string_view> all_levels_of(std::string_view text) {
  std::vector<std::string_view> levels;
  std::optional<std::string_view> rest = text;
  while (rest) levels.push_back(take_level(rest));
  return levels;
}

}  // namespace

bool has_wildcard(std::string_view text) {
  // Not find_first_of, which searches its set anew for each character.
  return text.find('+') != std::string_view::npos || text.find('#') != std::string_view::npos;
}

std::optional<Topic> Topic::parse(std::string_view text) {
  if (!is_topic_text(text) || has_wildcard(text)) return std::nullopt;
  return Topic(std::string(text));
}

std::vector<std::string_view> Topic::levels() const {
  return all_levels_of(text_);
}

std::optional<TopicFilter> TopicFilter::parse(std::string_view text) {
  if (!is_topic_text(text)) return std::nullopt;
  std::optional<std::string_view> rest = text;
  while (rest) {
    const auto level = take_level(rest);
    if (level.find('+') != std::string_view::npos && level.size() != 1) return std::nullopt;
    if (level.find('#') != std::string_view::npos && (level.size() != 1 || rest)) {
      return std::nullopt;
    }
  }
  return TopicFilter(std::string(text));
}

// In one walk over both texts: a '+' is a whole level, and a '#' the last one (parse).
bool TopicFilter::matches(std::string_view topic) const {
  const std::string_view filter = text_;
  if (topic.starts_with('$') && (filter.starts_with('+') || filter.starts_with('#'))) return false;
  std::size_t f = 0;
  std::size_t t = 0;
  while (true) {
    if (f < filter.size() && filter[f] == '#') return true;
    if (f < filter.size() && filter[f] == '+') {
      ++f;
      while (t < topic.size() && topic[t] != '/') ++t;
    } else {
      for (; f < filter.size() && filter[f] != '/'; ++f, ++t) {
        if (t == topic.size() || topic[t] != filter[f]) return false;
      }
    }
    // Here a level of the filter ends, and one of the topic must.
    if (t == topic.size()) {
      return f == filter.size() || filter.substr(f) == "/#";  // "a/#" takes "a" too
    }
    if (f == filter.size() || topic[t] != '/') return false;
    ++f;
    ++t;
  }
}

bool TopicFilter::covers(const TopicFilter& narrow) const {
  const auto ours = all_levels_of(text_);
  const auto theirs = all_levels_of(narrow.text_);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ours[i] == "#") return true;
    if (i == theirs.size() || theirs[i] == "#") return false;
    if (ours[i] != "+" && ours[i] != theirs[i]) return false;
  }
  return ours.size() == theirs.size();
}

std::string to_topic_level(std::string_view text) {
  std::string level;
  append_topic_level(level, text);
  return level;
}

void append_topic_level(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  if (text.empty()) out.push_back('_');
  for (const char c : text) {
    const auto octet = static_cast<std::uint8_t>(c);
    const bool plain =
        octet >= 0x20 && octet != 0x7F && c != '/' && c != '+' && c != '#' && c != '%';
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kDigits[octet >> 4]);
      out.push_back(kDigits[octet & 0x0F]);
    }
  }
}

}  // namespace watchpost
