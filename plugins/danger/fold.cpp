#include "danger/fold.hpp"

#include <algorithm>
#include <array>

namespace watchpost::danger {
namespace {

using Byte = unsigned char;

constexpr Byte kLatin1 = 0xC3;     // U+00C0 to U+00FF
constexpr Byte kLatinA = 0xC4;     // U+0100 to U+013F
constexpr Byte kLatinAToo = 0xC5;  // U+0140 to U+017F
constexpr Byte kMarks = 0xCC;      // U+0300 to U+033F: marks that stand behind their letter
constexpr Byte kCyrillic = 0xD0;   // U+0400 to U+043F
constexpr Byte kCyrillicToo = 0xD1;
constexpr Byte kFirst = 0x80;  // of the second bytes

// What the letters of these blocks are without marks, one for each second byte; '.' stays.
constexpr std::string_view kPlainLatin1 =
    "AAAAAA.CEEEEIIIIDNOOOOO.OUUUUY..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y";
constexpr std::string_view kPlainLatinA =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi..JjKk.LlLlLlL";
constexpr std::string_view kPlainLatinAToo =
    "lLlNnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZz.";

// Letters that are two.
struct Pair {
  std::string_view letter;
  std::string_view plain;
};
constexpr std::array kPairs{Pair{"Æ", "Ae"}, Pair{"æ", "ae"}, Pair{"ß", "ss"}, Pair{"œ", "oe"},
                            Pair{"Œ", "Oe"}, Pair{"ё", "е"},  Pair{"Ё", "е"}};

char plain_of(Byte lead, Byte second) {
  const std::size_t at = second - kFirst;
  const auto& plain = lead == kLatin1   ? kPlainLatin1
                      : lead == kLatinA ? kPlainLatinA
                                        : kPlainLatinAToo;
  return at < plain.size() ? plain[at] : '.';
}

// "Д" is "д": in UTF-8 the second half of the small letters has another first byte.
bool fold_cyrillic(Byte lead, Byte second, std::string& out) {
  constexpr Byte kCapitals = 0x90;
  constexpr Byte kLaterCapitals = 0xA0;
  constexpr Byte kSmall = 0xB0;
  constexpr Byte kHalf = 0x20;
  if (lead != kCyrillic || second < kCapitals || second >= kSmall) return false;
  const bool is_later = second >= kLaterCapitals;
  out.push_back(static_cast<char>(is_later ? kCyrillicToo : kCyrillic));
  out.push_back(static_cast<char>(is_later ? second - kHalf : second + kHalf));
  return true;
}

// Reads one letter of two bytes.
void fold_one(std::string_view letter, std::string& out) {
  const auto lead = static_cast<Byte>(letter[0]);
  const auto second = static_cast<Byte>(letter[1]);
  const auto* pair = std::find_if(kPairs.begin(), kPairs.end(),
                                  [&](const Pair& each) { return each.letter == letter; });
  if (pair != kPairs.end()) {
    out.append(pair->plain);
    return;
  }
  if (lead == kMarks) return;
  const bool is_latin = lead == kLatin1 || lead == kLatinA || lead == kLatinAToo;
  const char plain = is_latin ? plain_of(lead, second) : '.';
  if (plain != '.') {
    out.push_back(plain);
  } else if (!fold_cyrillic(lead, second, out)) {
    out.append(letter);
  }
}

bool is_plain(char c) {
  return static_cast<Byte>(c) < kFirst;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    constexpr Byte kThree = 0xE0;  // first bytes of longer letters begin here
    const bool is_two = !is_plain(text.front()) && static_cast<Byte>(text.front()) < kThree;
    if (is_two && text.size() > 1) {
      fold_one(text.substr(0, 2), out);
      text.remove_prefix(2);
    } else {
      out.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace watchpost::danger
