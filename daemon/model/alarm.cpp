#include "model/alarm.hpp"

#include <algorithm>
#include <charconv>

#include "model/event_id.hpp"
#include "model/record.hpp"

namespace watchpost {
namespace {

std::optional<AlarmSerial> serial_from(std::string_view digits) {
  AlarmSerial serial;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, serial.value);
  if (error != std::errc{} || stop != end || serial.value == 0) return std::nullopt;
  return serial;
}

}  // namespace

std::string to_string(AlarmNumber number) {
  return epoch_from(number.epoch) + "-" + std::to_string(number.serial.value);
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
  const auto serial = serial_from(text);
  if (!serial) return std::nullopt;
  number.serial = *serial;
  return number;
}

void keep_told(Alarm& alarm, const Telling& told) {
  std::erase_if(alarm.told, [&told](const Telling& one) { return one.output == told.output; });
  if (alarm.told.size() == kMostTold) alarm.told.erase(alarm.told.begin());
  alarm.told.push_back(told);
}

bool is_known(const Alarm& alarm, const Telling& told) {
  return std::any_of(alarm.told.begin(), alarm.told.end(), [&told](const Telling& one) {
    return one.output == told.output && one.how == told.how && one.detail == told.detail &&
           one.waiting_since == told.waiting_since;
  });
}

std::size_t memory_of(const Alarm& alarm) {
  return sizeof alarm + alarm.source.device.size() + alarm.source.rule.size() + alarm.owner.size() +
         alarm.cause.size() + alarm.text.size() + alarm.text_zh.size() +
         alarm.evidence.size() * sizeof(Evidence) +
         (alarm.times.absence ? alarm.times.absence->devices.size() * sizeof(std::string) : 0) +
         alarm.told.size() * (sizeof(Telling) + Telling::kMostDetail);
}

}  // namespace watchpost
