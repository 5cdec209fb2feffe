#include "model/alarm.hpp"

#include <charconv>

#include "model/event_id.hpp"
#include "model/record.hpp"

namespace watchpost {
namespace {

std::optional<std::uint64_t> count_from(std::string_view digits) {
  std::uint64_t count = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, count);
  if (error != std::errc{} || stop != end || count == 0) return std::nullopt;
  return count;
}

}  // namespace

std::string to_string(AlarmNumber number) {
  return epoch_from(number.epoch) + "-" + std::to_string(number.count);
}

std::optional<AlarmNumber> alarm_number_from(std::string_view text) {
  AlarmNumber number;
  const auto dash = text.find('-');
  if (dash != std::string_view::npos) {
    const auto epoch = text.substr(0, dash);
    if (!is_epoch(epoch)) return std::nullopt;
    number.epoch = number_of(Epoch(epoch));
    text.remove_prefix(dash + 1);
  }
  const auto count = count_from(text);
  if (!count) return std::nullopt;
  number.count = *count;
  return number;
}

std::size_t memory_of(const Alarm& alarm) {
  return sizeof alarm + alarm.source.device.size() + alarm.source.rule.size() + alarm.owner.size() +
         alarm.cause.size() + alarm.evidence.size() * sizeof(Evidence);
}

}  // namespace watchpost
