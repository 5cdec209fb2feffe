#include "base/json_text.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/encoding.hpp"

namespace watchpost {
namespace {

// A number without an exponent and no longer than this is within the range of a double.
constexpr std::size_t kSurelyFinite = 300;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The bytes that stand in a JSON string as they are (RFC 8259 section 7).
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < plain.size(); ++byte) plain[byte] = true;
  plain['"'] = plain['\\'] = false;
  return plain;
}();
bool is_plain(char c) {
  return kPlain[static_cast<std::uint8_t>(c)];
}

// How many bytes from the front are ASCII and stand as they are; eight at a time.
std::size_t plain_run(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = 0x8080808080808080U;
  // Marks each byte that is 0 by its high bit. Bytes above the lowest marked one may be marked too;
  // the lowest is always right.
  const auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word & kHighs; };
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t below_space = (word - kOnes * 0x20U) & ~word & kHighs;
    const std::uint64_t special = zeros(word ^ (kOnes * '"')) | zeros(word ^ (kOnes * '\\'));
    const std::uint64_t marks = (word & kHighs) | below_space | special;
    if (marks == 0) continue;
    // Most strings are shorter than a word, so where it ends is counted, not looked for.
    if constexpr (std::endian::native == std::endian::little) {
      return at + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
    }
    break;
  }
  while (at < text.size() && is_plain(text[at]) && static_cast<std::uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

// Walks the text without recursion: `nesting_` says for each open level whether it is an object.
class Scanner {
 public:
  Scanner(std::string_view text, WatchedKey watched) : text_(text), watched_(watched.name) {}

  JsonShape scan() {
    skip_space();
    shape_.object = peek() == '{';
    shape_.valid = document();
    return shape_;
  }

 private:
  bool document() {
    if (!value()) return false;
    while (depth_ > 0) {
      skip_space();
      const char close = nesting_[depth_ - 1] ? '}' : ']';
      if (take(close)) {
        --depth_;
        continue;
      }
      if (!fresh_ && !take(',')) return false;
      if (!member()) return false;
    }
    skip_space();
    return at_ == text_.size();
  }

  bool member() {
    fresh_ = false;
    skip_space();
    if (nesting_[depth_ - 1] && !key()) return false;
    return value();
  }

  bool key() {
    const std::size_t begin = at_ + 1;
    if (!string()) return false;
    if (depth_ == 1) {
      shape_.empty = false;
      const auto name = text_.substr(begin, at_ - begin - 1);
      if (!watched_.empty() && name == watched_) shape_.has_watched = true;
    }
    skip_space();
    return take(':');
  }

  bool value() {
    skip_space();
    const char c = peek();
    if (c == '{' || c == '[') return open(c == '{');
    fresh_ = false;
    if (c == '"') return string();
    if (c == 't') return literal("true");
    if (c == 'f') return literal("false");
    if (c == 'n') return literal("null");
    return number();
  }

  bool open(bool object) {
    if (depth_ == kMostJsonDepth) return false;
    ++at_;
    nesting_[depth_++] = object;
    // An empty container closes at once; `fresh_` lets the first member come without a comma.
    skip_space();
    fresh_ = !(peek() == (object ? '}' : ']'));
    return true;
  }

  bool string() {
    if (!take('"')) return false;
    while (true) {
      at_ += plain_run(text_.substr(at_));
      while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
      if (at_ == text_.size()) return false;
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<std::uint8_t>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
  }

  bool escape() {
    const char c = peek();
    ++at_;
    if (c == 'u') return unicode_escape();
    return c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
  }

  // JavaScript writes half of a cut emoji as \ud83d: valid by RFC 8259, and refused by many
  // readers.
  bool unicode_escape() {
    const auto unit = hex_unit();
    if (!unit) return false;
    if (*unit < 0xD800 || *unit > 0xDFFF) return true;
    if (*unit > 0xDBFF || !take('\\') || !take('u')) return false;
    const auto low = hex_unit();
    return low && *low >= 0xDC00 && *low <= 0xDFFF;
  }

  std::optional<unsigned> hex_unit() {
    unsigned unit = 0;
    if (text_.size() - at_ < 4) return std::nullopt;
    const char* const end = text_.data() + at_ + 4;
    if (std::from_chars(text_.data() + at_, end, unit, 16).ptr != end) return std::nullopt;
    at_ += 4;
    return unit;
  }

  bool number() {
    const std::size_t begin = at_;
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    bool is_finite = at_ - begin <= kSurelyFinite;
    if (peek() == 'e' || peek() == 'E') {
      is_finite = false;
      ++at_;
      if (!take('+')) take('-');
      const std::size_t exponent = at_;
      if (!digits() || at_ - exponent > kMostExponentDigits) return false;
    }
    if (at_ - begin > kMostNumberLength) return false;
    if (is_finite) return true;
    // A tag's UID such as 12E45678 has the form of a number, but readers would make infinity of it.
    double value = 0;
    return std::from_chars(text_.data() + begin, text_.data() + at_, value).ec == std::errc{};
  }

  bool digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ > begin;
  }

  bool literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  void skip_space() {
    if (at_ == text_.size() || !is_blank(text_[at_])) return;
    shape_.compact = false;
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::string_view watched_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool fresh_ = false;
  bool nesting_[kMostJsonDepth] = {};
  JsonShape shape_;
};

// Appends the escape of a character that is not plain.
void append_escaped(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<std::uint8_t>(c);
  out += "\\u00";
  out.push_back(kDigits[byte >> 4U]);
  out.push_back(kDigits[byte & 0x0FU]);
}

void append_utf8(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_plain(text[at])) continue;
    out.append(text, begin, at - begin);
    append_escaped(out, text[at]);
    begin = at + 1;
  }
  out.append(text, begin);
}

}  // namespace

std::string as_utf8(std::string_view text) {
  std::string out;
  if (is_utf8(text)) return out.append(text);
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = std::min<std::size_t>(4, text.size() - i);
    while (length > 0 && !is_utf8(text.substr(i, length))) --length;
    if (length == 0) {
      out += kReplacement;
      ++i;
    } else {
      out += text.substr(i, length);
      i += length;
    }
  }
  return out;
}

JsonShape scan_json(std::string_view text, WatchedKey watched) {
  return Scanner(text, watched).scan();
}

void append_compact_json(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      while (text[++at] != '"') at += text[at] == '\\' ? 1 : 0;
    } else if (is_blank(text[at])) {
      out.append(text, begin, at - begin);
      begin = at + 1;
    }
  }
  out.append(text, begin);
}

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  if (plain_run(text) == text.size()) {
    out += text;
  } else if (is_utf8(text)) {
    append_utf8(out, text);
  } else {
    append_utf8(out, as_utf8(text));
  }
  out.push_back('"');
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
  } else {
    // Not std::to_chars, whose shortest form of 100000 is 1e+05: people read these numbers.
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value);
  }
}

void append_json_number(std::string& out, std::uint64_t value) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value);
}

}  // namespace watchpost
