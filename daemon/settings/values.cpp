#include "settings/values.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <span>
#include <utility>

#include "base/text.hpp"

namespace watchpost::settings {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr std::array kDurations{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"min", 60'000},
                                Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
constexpr std::array kBinarySizes{Unit{"B", 1}, Unit{"KiB", 1ULL << 10U}, Unit{"MiB", 1ULL << 20U},
                                  Unit{"GiB", 1ULL << 30U}, Unit{"TiB", 1ULL << 40U}};
constexpr std::array kDecimalSizes{Unit{"kB", 1'000}, Unit{"MB", 1'000'000},
                                   Unit{"GB", 1'000'000'000}, Unit{"TB", 1'000'000'000'000}};

// The largest value fits in a signed number, so that every sum with a duration fits as well.
constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

struct Quantity {
  std::uint64_t number;
  std::string_view unit;
};
std::optional<Quantity> split(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return Quantity{number, text};
}

std::optional<std::uint64_t> in_units(Quantity quantity, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (unit.name != quantity.unit) continue;
    if (quantity.number > kLargest / unit.factor) return std::nullopt;
    return quantity.number * unit.factor;
  }
  return std::nullopt;
}

std::string largest_whole(std::uint64_t value, std::span<const Unit> units) {
  const Unit* best = &units.front();
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) best = &unit;
  }
  return fmt::format("{} {}", value / best->factor, best->name);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c);
}

// Writes names in one spelling: lower case, and one sign for '-', '_' and ' ' between words.
std::string in_one_spelling(std::string_view word) {
  std::string alike = in_lower_case(word);
  for (char& c : alike) {
    if (c == '-' || c == ' ') c = '_';
  }
  return alike;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto quantity = split(text);
  if (!quantity) return std::nullopt;
  const auto value = in_units(*quantity, kDurations);
  if (!value) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(*value)};
}

std::string format_duration(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0 s";
  return largest_whole(static_cast<std::uint64_t>(duration.count()), kDurations);
}

std::optional<ByteCount> parse_size(std::string_view text) {
  const auto quantity = split(text);
  if (!quantity) return std::nullopt;
  auto value = in_units(*quantity, kBinarySizes);
  if (!value) value = in_units(*quantity, kDecimalSizes);
  if (!value) return std::nullopt;
  return ByteCount{*value};
}

std::string format_size(ByteCount size) {
  return largest_whole(size.value, kBinarySizes);
}

std::optional<std::chrono::minutes> parse_zone(std::string_view text) {
  const bool shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && is_digit(text[1]) &&
                      is_digit(text[2]) && text[3] == ':' && is_digit(text[4]) && is_digit(text[5]);
  if (!shaped) return std::nullopt;
  const int minutes = (text[4] - '0') * 10 + (text[5] - '0');
  const int hours = (text[1] - '0') * 10 + (text[2] - '0');
  const int east = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
  if (minutes > 59 || east < -12 * 60 || east > 14 * 60) return std::nullopt;
  return std::chrono::minutes{east};
}

std::string format_zone(std::chrono::minutes zone) {
  const auto east = std::abs(zone.count());
  return fmt::format("{}{:02}:{:02}", zone.count() < 0 ? '-' : '+', east / 60, east % 60);
}

bool is_ip_address(const std::string& text) {
  in6_addr binary{};  // large enough for an IPv4 address too
  return inet_pton(AF_INET, text.c_str(), &binary) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &binary) == 1;
}

bool is_loopback(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > 63) return false;
  for (const char c : text) {
    if (!is_label_character(c) && c != '-') return false;
  }
  return text.front() != '-' && text.back() != '-';
}

bool is_url_path(std::string_view text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@%/";
  return text.starts_with('/') && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string to_label(std::string_view text) {
  std::string label;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_label_character(c)) {
      label += c;
    } else if (!label.empty() && label.back() != '-') {
      label += '-';
    }
    if (label.size() == 63) break;
  }
  while (label.ends_with('-')) label.pop_back();
  return label;
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<std::string_view> meant_by(std::string_view word,
                                         std::span<const std::string_view> names) {
  const std::string alike = in_one_spelling(word);
  const auto same = std::ranges::find(names, alike, in_one_spelling);
  if (same != names.end()) return *same;
  if (const auto nearest = nearest_spelling(alike, names)) return nearest;
  constexpr std::size_t kShortest = 3;
  for (const auto name : names) {
    if (alike.size() >= kShortest && name.starts_with(alike)) return name;
  }
  // Two neighbouring letters are tried the other way round: as edits that are two, too many for a
  // short word.
  std::string swapped(alike);
  for (std::size_t i = 0; i + 1 < alike.size(); ++i) {
    std::swap(swapped[i], swapped[i + 1]);
    const auto found = std::ranges::find(names, std::string_view(swapped));
    if (found != names.end()) return *found;
    std::swap(swapped[i], swapped[i + 1]);
  }
  return std::nullopt;
}

std::string toml_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (code < 0x20 || code == 0x7F) {
      quoted += fmt::format("\\u{:04X}", code);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace watchpost::settings
