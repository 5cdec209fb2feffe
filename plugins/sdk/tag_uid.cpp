#include "sdk/tag_uid.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace watchpost::sdk {
namespace {

constexpr std::size_t kLongestText = 128;
constexpr std::uint64_t kThreeBytes = std::uint64_t{1} << 24;
constexpr std::uint64_t kFourBytes = std::uint64_t{1} << 32;
constexpr std::uint64_t kFiveBytes = std::uint64_t{1} << 40;
constexpr std::uint64_t kSevenBytes = std::uint64_t{1} << 56;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}
bool all_hex(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_hex_digit);
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string hex_of(std::uint64_t value, std::size_t bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string hex(bytes * 2, '0');
  for (std::size_t i = hex.size(); i-- > 0; value >>= 4) hex[i] = kDigits[value & 0xF];
  return hex;
}

std::string reversed(std::string_view hex) {
  std::string other;
  for (std::size_t i = hex.size(); i >= 2; i -= 2) other.append(hex.substr(i - 2, 2));
  return other;
}

// 12: the 96 bits of an UHF tag (EPC).
bool is_length_of_a_tag(std::size_t bytes) {
  constexpr std::array<std::size_t, 6> kLengths{4, 5, 7, 8, 10, 12};
  return std::find(kLengths.begin(), kLengths.end(), bytes) != kLengths.end();
}

TagUid certain(std::string hex) {
  return {std::move(hex), true};
}
TagUid doubtful(std::string hex) {
  return {std::move(hex), false};
}

// A reader that always sends 7, 8 or 10 bytes fills up with zeros, before or behind.
std::optional<std::string> without_padding(const std::string& hex) {
  constexpr std::size_t kLeastPadding = 6;  // three bytes: fewer zeros occur in a UID
  for (const std::size_t digits : {8U, 10U, 14U}) {
    if (hex.size() < digits + kLeastPadding) continue;
    const auto zeros = hex.size() - digits;
    if (hex.find_first_not_of('0', digits) == std::string::npos) return hex.substr(0, digits);
    if (hex.find_first_not_of('0') >= zeros) return hex.substr(zeros);
  }
  return std::nullopt;
}

// RDM6300 and ID-12 add one byte: the exclusive or of the five before it.
bool ends_with_checksum(std::string_view hex) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned octet = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, octet, 16);
    sum ^= octet;
  }
  return sum == 0;
}

// Whole bytes; `is_certain` as far as the way to them was.
std::optional<TagUid> from_bytes(std::string hex, bool is_certain) {
  if (hex.find_first_not_of('0') == std::string::npos) return std::nullopt;
  const auto bytes = hex.size() / 2;
  if (bytes == 6) {
    if (is_certain && ends_with_checksum(hex)) return certain(hex.substr(0, 10));
    return doubtful(std::move(hex));
  }
  if (bytes == 3) return doubtful(std::move(hex));
  if (!is_length_of_a_tag(bytes)) return std::nullopt;
  if (auto shorter = without_padding(hex)) return doubtful(std::move(*shorter));
  const std::string_view mark = bytes == 7 ? "04" : bytes == 8 ? "E0" : "";
  if (!mark.empty() && !hex.starts_with(mark) && hex.ends_with(mark))
    return doubtful(reversed(hex));
  return TagUid{std::move(hex), is_certain};
}

// As few bytes as a tag or a 26-bit Wiegand reader has.
std::optional<TagUid> from_number(std::uint64_t value, bool is_certain) {
  if (value < 256) return std::nullopt;
  if (value < kThreeBytes) return doubtful(hex_of(value, 3));
  if (value < kFourBytes) return TagUid{hex_of(value, 4), is_certain};
  if (value < kFiveBytes) return TagUid{hex_of(value, 5), is_certain};
  if (value < kSevenBytes) return TagUid{hex_of(value, 7), is_certain};
  return TagUid{hex_of(value, 8), is_certain};
}

// Only decimal digits: a decimal number, or hexadecimal digits among which no letter happened to
// be. Of ten random hexadecimal digits that is so once in a hundred times, of four bytes twice.
std::optional<TagUid> from_digits(std::string_view text) {
  const auto value = decimal(text);
  const auto as_hex = [&] { return from_bytes(std::string(text), false); };
  switch (text.size()) {
    case 6:
    case 8:
      return as_hex();
    case 10:
      return value && *value < kFourBytes ? doubtful(hex_of(*value, 4)) : as_hex();
    case 12:
      if (ends_with_checksum(text)) return from_bytes(std::string(text), true);
      return value && *value < kFiveBytes ? doubtful(hex_of(*value, 5)) : as_hex();
    case 14:
      return from_bytes(std::string(text), text.starts_with("04"));
    case 16:
      if (value && hex_of(*value, 7).starts_with("04")) return doubtful(hex_of(*value, 7));
      return as_hex();
    case 20:
      if (value && hex_of(*value, 8).starts_with("E0")) return doubtful(hex_of(*value, 8));
      return as_hex();
    case 24:
      return as_hex();
    default:
      break;
  }
  if (text.size() < 4 || !value) return std::nullopt;
  return from_number(*value, false);
}

std::optional<TagUid> from_one(std::string_view text, bool is_hex) {
  if (!all_hex(text)) return std::nullopt;
  if (!is_hex && all_digits(text)) return from_digits(text);
  const bool has_digit = std::any_of(text.begin(), text.end(), is_digit);
  // "added" and "facade" are words.
  if (!has_digit && !is_hex && text.size() <= 6) return std::nullopt;
  auto hex = upper_case(text);
  const bool lost_a_zero = hex.size() % 2 != 0;
  if (lost_a_zero) hex.insert(hex.begin(), '0');
  return from_bytes(std::move(hex), !lost_a_zero);
}

struct Token {
  std::string_view text;
  bool is_hex = false;  // "0x" before it
};

std::vector<Token> tokens_of(std::string_view text) {
  constexpr std::string_view kBetween = " \t-:;,._|/";
  std::vector<Token> tokens;
  while (true) {
    const auto begin = text.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) return tokens;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(kBetween), text.size());
    Token token{text.substr(0, end)};
    if (token.text.starts_with("0x") || token.text.starts_with("0X")) {
      token = {token.text.substr(2), true};
    }
    tokens.push_back(token);
    text.remove_prefix(end);
  }
}

bool at_most(const std::vector<Token>& tokens, std::size_t digits) {
  return std::all_of(tokens.begin(), tokens.end(), [digits](const Token& each) {
    return !each.text.empty() && each.text.size() <= digits;
  });
}

// "210,46161" (2H3D.4H5D) and "00210,46161" (4H5D.4H5D): two numbers, each of some bytes.
std::optional<TagUid> from_two_numbers(const Token& high, const Token& low) {
  if (!all_digits(high.text) || !all_digits(low.text)) return std::nullopt;
  if (high.text.size() > 5 || low.text.size() < 4 || low.text.size() > 5) return std::nullopt;
  const auto first = decimal(high.text).value_or(kFourBytes);
  const auto second = decimal(low.text).value_or(kFourBytes);
  if (first > 0xFFFF || second > 0xFFFF) return std::nullopt;
  if (high.text.size() <= 3 && first <= 0xFF) return doubtful(hex_of(first << 16 | second, 3));
  return certain(hex_of(first << 16 | second, 4));
}

// "0013808721 210,46161", as printed on cards: the same number twice.
std::optional<TagUid> from_card(const std::vector<Token>& tokens) {
  const auto part = from_two_numbers(tokens[1], tokens[2]);
  if (!part || !all_digits(tokens[0].text)) return std::nullopt;
  const auto whole = decimal(tokens[0].text).value_or(kFourBytes);
  if (whole >= kFourBytes) return std::nullopt;
  auto hex = hex_of(whole, 4);
  if (!hex.ends_with(part->hex)) return std::nullopt;
  return certain(std::move(hex));
}

// One token a byte, with or without its leading zero; decimal where one has three digits.
std::optional<TagUid> from_byte_tokens(const std::vector<Token>& tokens) {
  const bool in_decimal = !at_most(tokens, 2);
  std::string hex;
  for (const Token& token : tokens) {
    if (!in_decimal) {
      if (!all_hex(token.text)) return std::nullopt;
      if (token.text.size() == 1) hex.push_back('0');
      hex += upper_case(token.text);
      continue;
    }
    const auto value = all_digits(token.text) ? decimal(token.text) : std::nullopt;
    if (!value || *value > 0xFF) return std::nullopt;
    hex += hex_of(*value, 1);
  }
  return from_bytes(std::move(hex), true);
}

std::optional<TagUid> from_tokens(const std::vector<Token>& tokens) {
  if (tokens.empty()) return std::nullopt;
  if (tokens.size() == 1) return from_one(tokens[0].text, tokens[0].is_hex);
  if (tokens.size() == 2) {
    if (auto uid = from_two_numbers(tokens[0], tokens[1])) return uid;
  }
  if (tokens.size() == 3 && tokens[0].text.size() > 3) {
    if (auto uid = from_card(tokens)) return uid;
  }
  if (tokens.size() >= 3 && at_most(tokens, 3)) return from_byte_tokens(tokens);
  std::string joined;  // "94D8 FC5F", "04DE5F1E-ACC040"
  for (const Token& token : tokens) {
    if (!all_hex(token.text) || token.text.size() % 2 != 0) return std::nullopt;
    joined += upper_case(token.text);
  }
  return from_bytes(std::move(joined), true);
}

// Without what stands around it: quotation marks, "UID: ", the zeros at the end of a C text.
std::string_view bare(std::string_view text) {
  constexpr std::string_view kAround{" \t\r\n\0\"'", 7};
  const auto begin = text.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin, text.find_last_not_of(kAround) + 1 - begin);
  const auto label = text.find_first_of(":=");
  if (label == std::string_view::npos) return text;
  const auto word = lower_case(text.substr(0, label));
  for (const std::string_view name : {"uid", "tag", "card", "rfid", "id"}) {
    if (word.ends_with(name)) return text.substr(label + 1);
  }
  return text;
}

std::optional<TagUid> free_form(std::string_view text) {
  // A four-byte number with its sign, as some programs print it.
  if (text.size() > 5 && text.front() == '-' && all_digits(text.substr(1))) {
    const auto value = decimal(text.substr(1));
    if (value && *value <= kFourBytes / 2) return doubtful(hex_of(kFourBytes - *value, 4));
  }
  return from_tokens(tokens_of(text));
}

std::optional<TagUid> known_form(std::string_view text, UidForm form) {
  std::string digits;
  for (const Token& token : tokens_of(text)) digits += token.text;
  std::optional<TagUid> uid;
  if (form == UidForm::decimal || form == UidForm::decimal_reversed) {
    const auto value = all_digits(digits) ? decimal(digits) : std::nullopt;
    if (value) uid = from_number(*value, true);
  } else if (all_hex(digits) && digits.size() >= 6) {
    if (digits.size() % 2 != 0) digits.insert(digits.begin(), '0');
    uid = certain(upper_case(digits));
  }
  if (!uid || uid->hex.find_first_not_of('0') == std::string::npos) return std::nullopt;
  if (uid->hex.size() > 24) return std::nullopt;
  uid->is_certain = true;
  if (form == UidForm::hex_reversed || form == UidForm::decimal_reversed)
    uid->hex = reversed(uid->hex);
  return uid;
}

std::optional<TagUid> from_list(const json::array& list, UidForm form) {
  std::string text;
  for (const auto& each : list) {
    if (each.is_string()) {
      text += std::string_view(each.get_string());
    } else if (const auto octet = number_of(each); octet && *octet >= 0 && *octet <= 0xFF) {
      text += hex_of(static_cast<std::uint64_t>(*octet), 1);
    } else {
      return std::nullopt;
    }
    text += ' ';
    if (text.size() > kLongestText) return std::nullopt;
  }
  return tag_uid(text, form == UidForm::free ? UidForm::free
                       : form == UidForm::hex_reversed || form == UidForm::decimal_reversed
                           ? UidForm::hex_reversed
                           : UidForm::hex);
}

}  // namespace

std::optional<UidForm> uid_form_from(std::string_view word) {
  constexpr std::array<std::string_view, 5> kWords{"free", "hex", "hex_reversed", "decimal",
                                                   "decimal_reversed"};
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<UidForm>(found - kWords.begin());
}

std::optional<TagUid> tag_uid(std::string_view text, UidForm form) {
  const auto body = bare(text);
  if (body.empty() || body.size() > kLongestText) return std::nullopt;
  return form == UidForm::free ? free_form(body) : known_form(body, form);
}

std::optional<TagUid> tag_uid(const json::value& value, UidForm form) {
  if (value.is_string()) return tag_uid(std::string_view(value.get_string()), form);
  if (value.is_array()) return from_list(value.get_array(), form);
  const auto number = number_of(value);
  if (!number || *number != std::trunc(*number)) return std::nullopt;
  if (value.is_double() && std::abs(*number) >= 9e15) return std::nullopt;  // digits are lost
  std::uint64_t whole = value.is_uint64() ? value.get_uint64() : 0;
  if (value.is_int64()) whole = static_cast<std::uint64_t>(value.get_int64());
  if (value.is_double()) whole = static_cast<std::uint64_t>(static_cast<std::int64_t>(*number));
  if (*number < 0) {
    if (*number < -2'147'483'648.0) return std::nullopt;
    return doubtful(hex_of(whole & (kFourBytes - 1), 4));
  }
  auto uid = from_number(whole, true);
  if (!uid) return std::nullopt;
  if (form != UidForm::free) uid->is_certain = true;
  if (form == UidForm::hex_reversed || form == UidForm::decimal_reversed)
    uid->hex = reversed(uid->hex);
  return uid;
}

}  // namespace watchpost::sdk
