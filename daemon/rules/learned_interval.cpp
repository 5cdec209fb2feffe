#include "rules/learned_interval.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace watchpost::rules {
namespace {

using std::chrono::seconds;

constexpr double kLeastSeconds = 300;
constexpr double kStepsPerDoubling = 16;
// Above this a habit of people looks like a clock, so more is asked of it.
constexpr double kLong = 6 * 3600;
// Within so many lengths a pile lies: a quarter of its length, of a long one a tenth.
constexpr std::size_t kWide = 5;
constexpr std::size_t kNarrow = 2;
// What a pile must be: a share of the time, and so many gaps.
constexpr double kShare = 0.25;
constexpr double kGaps = 24;
constexpr double kLongShare = 0.8;
constexpr double kLongGaps = 6;
// What is longer than the usual: lost messages and short breaks.
constexpr double kUnusualShare = 0.05;
// The usual is so many times the pile at most.
constexpr double kMostOfPile = 4;

// 0: up to kLeast.
std::size_t length_of(double gap) {
  if (gap <= kLeastSeconds) return 0;
  const double steps = std::ceil(std::log2(gap / kLeastSeconds) * kStepsPerDoubling);
  return std::min(static_cast<std::size_t>(steps), LearnedInterval::kLengths - 1);
}

double longest_of(std::size_t length) {
  return kLeastSeconds * std::exp2(static_cast<double>(length) / kStepsPerDoubling);
}

template <class Number>
bool read_number(std::string_view& text, Number& into, char end) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), into);
  if (read.ec != std::errc{} || read.ptr == text.data() + text.size() || *read.ptr != end)
    return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + 1);
  return true;
}

}  // namespace

// "SINCE;LENGTH:SECONDS,LENGTH:SECONDS,"
LearnedInterval::LearnedInterval(std::string_view text) {
  std::uint32_t since = 0;
  if (!read_number(text, since, ';')) return;
  std::vector<Seen> seen;
  while (!text.empty()) {
    std::uint32_t length = 0;
    std::uint32_t spent = 0;
    const bool is_read = read_number(text, length, ':') && read_number(text, spent, ',');
    if (!is_read || length >= kLengths || spent > kMostSeconds) return;
    if (!seen.empty() && seen.back().length >= length) return;
    seen.push_back({length, spent});
  }
  since_s_ = since;
  seen_ = std::move(seen);
}

std::string LearnedInterval::text() const {
  if (seen_.empty()) return {};
  std::string text = fmt::format("{};", since_s_);
  for (const Seen& one : seen_)
    text += fmt::format("{}:{},", unsigned{one.length}, unsigned{one.seconds});
  return text;
}

void LearnedInterval::put(Seen gap) {
  const auto place =
      std::lower_bound(seen_.begin(), seen_.end(), gap.length,
                       [](const Seen& one, std::uint32_t of) { return one.length < of; });
  if (place != seen_.end() && place->length == gap.length) {
    place->seconds += gap.seconds;
  } else {
    seen_.insert(place, gap);
  }
}

bool LearnedInterval::add(std::chrono::milliseconds gap) {
  // Of what comes each half second something must count too.
  const auto all = static_cast<std::uint64_t>(std::max<std::int64_t>(gap.count(), 0)) + rest_ms_;
  rest_ms_ = static_cast<std::uint32_t>(all % 1'000);
  const auto most = static_cast<std::uint64_t>(seconds{kWeek}.count());
  const auto whole = static_cast<std::uint32_t>(std::min(all / 1'000, most));
  if (whole == 0) return false;
  put({static_cast<std::uint32_t>(length_of(static_cast<double>(whole))), whole});
  since_s_ += whole;
  if (since_s_ < most) return false;
  since_s_ = 0;
  // What was is half of what counts, until it is gone.
  if (total() >= 2 * most) {
    for (Seen& one : seen_) one.seconds /= 2;
    std::erase_if(seen_, [](const Seen& one) { return one.seconds == 0; });
  }
  return true;
}

std::uint64_t LearnedInterval::total() const {
  std::uint64_t sum = 0;
  for (const Seen& one : seen_) sum += one.seconds;
  return sum;
}

LearnedInterval::Pile LearnedInterval::pile_from(std::size_t first) const {
  const std::size_t wide = longest_of(first) > kLong ? kNarrow : kWide;
  Pile pile;
  for (const Seen& one : seen_) {
    if (one.length < first || one.length >= first + wide) continue;
    pile.length = one.length;
    pile.seconds += one.seconds;
    pile.gaps += one.seconds / longest_of(one.length);
  }
  return pile;
}

std::optional<seconds> LearnedInterval::interval() const {
  const auto whole = static_cast<double>(total());
  if (whole < static_cast<double>(seconds{kWeek}.count())) return std::nullopt;
  Pile pile;
  for (const Seen& one : seen_) {
    const Pile other = pile_from(one.length);
    if (other.seconds > pile.seconds) pile = other;
  }
  const bool is_long = longest_of(pile.length) > kLong;
  if (pile.seconds < whole * (is_long ? kLongShare : kShare)) return std::nullopt;
  if (pile.gaps < (is_long ? kLongGaps : kGaps)) return std::nullopt;
  // All that is longer than can be told apart.
  if (pile.length + 1 == kLengths) return std::nullopt;
  std::size_t usual = 0;
  double longer = 0;
  for (auto one = seen_.rbegin(); one != seen_.rend(); ++one) {
    usual = one->length;
    longer += one->seconds;
    if (longer > whole * kUnusualShare) break;
  }
  if (longest_of(usual) > kMostOfPile * longest_of(pile.length)) return std::nullopt;
  return seconds{static_cast<std::int64_t>(std::ceil(longest_of(usual)))};
}

}  // namespace watchpost::rules
