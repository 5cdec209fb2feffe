#include "cli/time_range.hpp"

#include <fmt/format.h>

namespace watchpost::cli {
namespace {

Result<WallTime> time_from(std::string_view option, const std::string& text) {
  const auto time = from_rfc3339(text, std::chrono::minutes{0});
  if (time) return *time;
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("{} \"{}\" is no time", option, text),
              "Write it as 2026-11-23T08:00:00+08:00"},
      Chinese{fmt::format("{} “{}” 不是时间", option, text), "请写成 2026-11-23T08:00:00+08:00"});
}

}  // namespace

Result<TimeRange> time_range(const RangeTexts& texts) {
  const auto from = time_from("--from", texts.from);
  if (!from) return from.error();
  const auto to = time_from("--to", texts.to);
  if (!to) return to.error();
  if (*from < *to) return TimeRange{*from, *to};
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("--from {} is not before --to {}, so no event can be in between",
                          texts.from, texts.to),
              "The first is the earlier one; --to itself is not included"},
      Chinese{fmt::format("--from {} 不早于 --to {}，中间不可能有事件", texts.from, texts.to),
              "前一个应较早；不包括 --to 本身"});
}

}  // namespace watchpost::cli
