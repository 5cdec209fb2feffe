#include "rules/rule_watch.hpp"

#include <algorithm>
#include <cmath>

namespace watchpost::rules {
namespace {

using std::chrono::milliseconds;

// What came before service began lies below 0.
constexpr std::int64_t kLongBefore = 10'000'000'000'000;

std::int64_t part_of(ServiceTime at, milliseconds window, std::size_t parts) {
  const auto width = std::max<std::int64_t>(window.count() / static_cast<std::int64_t>(parts), 1);
  return (at.time_since_epoch().count() + kLongBefore) / width;
}

}  // namespace

bool RiseWindow::add(ServiceTime at, double value, milliseconds window) {
  const std::int64_t number = part_of(at, window, kParts);
  if (number < 0) return false;
  Part& part = parts_[static_cast<std::size_t>(number) % parts_.size()];
  if (number < part.number) return false;
  if (number > part.number) part = {number, at, value, 0};
  ++part.readings;
  if (value < part.least) {
    part.least = value;
    part.at = at;
  }
  return true;
}

RiseWindow::Found RiseWindow::look(ServiceTime at, milliseconds window) const {
  Found found;
  bool any = false;
  for (const Part& part : parts_) {
    if (part.number < 0 || part.at > at || at - part.at > window) continue;
    found.least = any ? std::min(found.least, part.least) : part.least;
    found.readings += part.readings;
    any = true;
  }
  return found;
}

RuleWatch::Side RuleWatch::side_of_number(ServiceTime at, double value) {
  const SiteRule& of = *rule;
  const auto up_to = [&of](double reached) {
    if (reached >= of.limit) return Side::holds;
    return reached < of.limit - of.deadband || of.deadband == 0 ? Side::over : Side::between;
  };
  switch (of.test) {
    case RuleTest::above:
      return up_to(value);
    case RuleTest::below:
      if (value <= of.limit) return Side::holds;
      return value > of.limit + of.deadband || of.deadband == 0 ? Side::over : Side::between;
    case RuleTest::rise: {
      const auto found = window_->look(at, of.window);
      return found.readings < of.least ? Side::over : up_to(value - found.least);
    }
    case RuleTest::jump: {
      const bool is_gap = state.newest && of.window.count() > 0 && at - *state.newest > of.window;
      if (!state.last || is_gap) return Side::over;
      return up_to(std::abs(value - *state.last));
    }
    case RuleTest::equals:
    case RuleTest::no_data:
    case RuleTest::two_of:
      break;
  }
  return Side::between;
}

std::optional<RuleWatch::Side> RuleWatch::side_of(const Sample& sample) {
  if (rule->test == RuleTest::no_data) return Side::over;
  if (rule->test == RuleTest::equals) {
    if (sample.value.index() != rule->wanted.index()) return std::nullopt;
    return sample.value == rule->wanted ? Side::holds : Side::over;
  }
  const auto* number = std::get_if<double>(&sample.value);
  if (number == nullptr || !std::isfinite(*number)) return std::nullopt;
  if (rule->test == RuleTest::rise) {
    if (!window_) window_.emplace();
    if (!window_->add(sample.at, *number, rule->window)) return std::nullopt;
  }
  // What comes out of order fills a window and decides nothing.
  if (state.newest && sample.at < *state.newest) return std::nullopt;
  return side_of_number(sample.at, *number);
}

std::optional<Says> RuleWatch::hear(const Sample& sample) {
  const auto side = side_of(sample);
  if (!side || (state.newest && sample.at < *state.newest)) return std::nullopt;
  state.newest = sample.at;
  if (const auto* number = std::get_if<double>(&sample.value)) state.last = *number;
  switch (*side) {
    case Side::holds:
      if (!state.holds_since) state.is_told = false;
      state.over_since.reset();
      state.holds_since = state.holds_since.value_or(sample.at);
      if (sample.at - *state.holds_since < rule->on_delay) return std::nullopt;
      state.is_told = true;
      return Says::so;
    case Side::between:
      // A wait for either side begins anew.
      state.holds_since.reset();
      state.over_since.reset();
      return std::nullopt;
    case Side::over:
      if (!state.over_since) state.is_told = false;
      state.holds_since.reset();
      state.over_since = state.over_since.value_or(sample.at);
      if (sample.at - *state.over_since < rule->off_delay) return std::nullopt;
      state.is_told = true;
      return Says::over;
  }
  return std::nullopt;
}

std::optional<ServiceTime> RuleWatch::due() const {
  if (rule->test == RuleTest::no_data) {
    if (state.holds_since || !state.newest) return std::nullopt;
    return *state.newest + rule->window;
  }
  if (state.is_told) return std::nullopt;
  if (state.holds_since) return *state.holds_since + rule->on_delay;
  if (state.over_since) return *state.over_since + rule->off_delay;
  return std::nullopt;
}

std::optional<Says> RuleWatch::tick(ServiceTime now) {
  const auto at = due();
  if (!at || *at > now) return std::nullopt;
  if (rule->test == RuleTest::no_data) {
    state.over_since.reset();
    state.holds_since = at;
  }
  state.is_told = true;
  return state.holds_since ? Says::so : Says::over;
}

}  // namespace watchpost::rules
