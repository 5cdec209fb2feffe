#include "sdk/text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace watchpost::sdk {
namespace {

constexpr double kEarliest = 978'307'200;  // 2001-01-01: before any of these devices was made
constexpr double kLatest = 7'258'118'400;  // 2200-01-01: fits into 64 bits of nanoseconds
constexpr double kMilliseconds = 1e11;     // as seconds this would be the year 5138

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view trim(std::string_view text) {
  return trimmed(text);
}

std::optional<std::string_view> topic_level(std::string_view topic, std::size_t n) {
  for (;; --n) {
    const auto slash = topic.find('/');
    if (n == 0) return topic.substr(0, slash);
    if (slash == std::string_view::npos) return std::nullopt;
    topic.remove_prefix(slash + 1);
  }
}

std::optional<double> number_from(std::string_view text) {
  const auto body = trim(text);
  double value = 0;
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), value);
  if (error != std::errc{} || end != body.data() + body.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> time_from_text(std::string_view text, int zone_minutes) {
  const auto time = from_rfc3339(trim(text), std::chrono::minutes{zone_minutes});
  if (!time) return std::nullopt;
  const auto ns = time->time_since_epoch().count();
  if (static_cast<double>(ns) / 1e9 < kEarliest) return std::nullopt;
  return ns;
}

std::optional<std::int64_t> time_from_epoch(double epoch) {
  if (!std::isfinite(epoch)) return std::nullopt;
  const bool milliseconds = epoch >= kMilliseconds;
  const double seconds = milliseconds ? epoch / 1000 : epoch;
  if (seconds < kEarliest || seconds > kLatest) return std::nullopt;
  // Whole milliseconds: a double has no more to give at this size.
  const double whole = std::round(milliseconds ? epoch : epoch * 1000);
  return static_cast<std::int64_t>(whole) * 1'000'000;
}

}  // namespace watchpost::sdk
