#include "sl651/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "sdk/text.hpp"

namespace watchpost::sl651 {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;
constexpr std::int64_t kRowStep = 5;  // minutes
// The ABI takes 256 readings, with those about the message itself.
constexpr std::size_t kMostQuantities = 200;

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// States that stand in place of the height of a gate (E.3.2.2).
std::string_view gate_state(double height) {
  if (height == 444) return "closed";
  if (height == 555) return "no gate";
  if (height == 888) return "above the water";
  if (height == 999) return "open";
  return {};
}

double in_our_unit(Sort sort, double number) {
  if (sort == Sort::direction) return (number - 1) * 22.5;
  if (sort == Sort::ten_kilo) return number * 10'000;
  if (sort != Sort::duration) return number;
  const auto hundredths = static_cast<std::int64_t>(number * 100 + 0.5);
  return static_cast<double>(hundredths / 100 * 60 + hundredths % 100);
}

bool is_possible(Sort sort, double number) {
  if (sort == Sort::direction) return number >= 1 && number <= 16;
  if (sort == Sort::duration) return number >= 0 && number < 1e6;
  return true;
}

}  // namespace

Value from_decimal(std::string_view text) {
  const auto number = sdk::number_from(text);
  if (!number) return {Value::What::illegal, 0};
  return {Value::What::number, *number};
}

Value from_bcd(std::string_view bytes, unsigned decimals) {
  if (bytes.empty()) return {};
  if (bytes.find_first_not_of('\xff') == std::string_view::npos) return {};
  const bool negative = bytes.front() == '\xff';
  if (negative) bytes.remove_prefix(1);
  auto digits = to_hex(bytes);
  if (!all_digits(digits)) return {Value::What::illegal, 0};
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - decimals, decimals > 0 ? "." : "");
  const auto value = from_decimal(digits);
  return {value.what, negative ? -value.number : value.number};
}

std::optional<std::int64_t> time_from_digits(std::string_view digits, int zone_minutes) {
  if ((digits.size() != 10 && digits.size() != 12) || !all_digits(digits)) return std::nullopt;
  const auto two = [digits](std::size_t at) { return std::string(digits.substr(at, 2)); };
  const auto seconds = digits.size() == 12 ? two(10) : "00";
  return sdk::time_from_text(
      "20" + two(0) + "-" + two(2) + "-" + two(4) + "T" + two(6) + ":" + two(8) + ":" + seconds,
      zone_minutes);
}

void ReportBuilder::set_time(std::string_view digits) {
  at_ = time_from_digits(digits, zone_minutes_);
  if (!at_) ++report_.illegal;
}

Moment& ReportBuilder::moment() {
  auto& all = report_.moments;
  const auto found = std::find_if(all.begin(), all.end(), [this](const Moment& other) {
    return other.station == station_ && other.at == at_;
  });
  if (found != all.end()) return *found;
  Moment fresh;
  fresh.station = station_;
  fresh.station_class = station_class_;
  fresh.at = at_;
  all.push_back(std::move(fresh));
  return all.back();
}

std::optional<double> ReportBuilder::number_of(const Element& element, const Value& value) {
  if (value.what == Value::What::missing) return std::nullopt;
  const bool legal = value.what == Value::What::number && is_possible(element.sort, value.number);
  if (legal) return in_our_unit(element.sort, value.number);
  ++report_.illegal;
  return std::nullopt;
}

void ReportBuilder::value(const Element& element, const Value& value) {
  auto& here = moment();
  if (here.quantities.size() >= kMostQuantities) {
    return unread(fmt::format("more than {} values of one time", kMostQuantities));
  }
  here.has_level = here.has_level || element.sort == Sort::level;
  here.has_rain = here.has_rain || element.sort == Sort::rain;
  // The same element twice, as the groups of gates have it, is numbered.
  std::string name(element.quantity);
  for (int n = 2; std::any_of(here.quantities.begin(), here.quantities.end(),
                              [&name](const Quantity& other) { return other.name == name; });
       ++n) {
    name = std::string(element.quantity) + "_" + std::to_string(n);
  }
  Quantity quantity{name, element.unit, {}, {}};
  const bool number = value.what == Value::What::number;
  if (number && element.sort == Sort::opening) quantity.text = gate_state(value.number);
  if (quantity.text.empty()) quantity.number = number_of(element, value);
  here.quantities.push_back(std::move(quantity));
}

void ReportBuilder::text(sdk::Quantity quantity, std::string text) {
  moment().quantities.push_back({std::string(quantity.name), {}, {}, std::move(text)});
}

void ReportBuilder::number(std::string_view name, double value) {
  moment().quantities.push_back({std::string(name), {}, value, {}});
}

void ReportBuilder::other(const Other& other) {
  if (!report_.others.empty()) report_.others += ' ';
  report_.others.append(other.id).append("=").append(other.text);
}

void ReportBuilder::unread(std::string why) {
  if (report_.unread.empty()) report_.unread = std::move(why);
}

void ReportBuilder::series_value(const Element& element, std::int64_t minutes, const Value& value) {
  SeriesValue entry{station_, station_class_, {}, &element, number_of(element, value)};
  if (at_) entry.at = *at_ + minutes * kMinute;
  report_.series.push_back(std::move(entry));
}

void ReportBuilder::row(const Element& element, std::int64_t minutes, std::string_view bytes) {
  const bool level = element.sort == Sort::level_row;
  const std::size_t width = level ? 2 : 1;
  for (std::size_t i = 0; (i + 1) * width <= bytes.size(); ++i) {
    const auto high = static_cast<std::uint8_t>(bytes[i * width]);
    const auto low = static_cast<std::uint8_t>(bytes[i * width + width - 1]);
    const unsigned raw = level ? high * 256U + low : low;
    const bool missing = raw == (level ? 0xffffU : 0xffU);
    const double number = raw / (level ? 100.0 : 10.0);
    series_value(element, minutes + static_cast<std::int64_t>(i) * kRowStep,
                 {missing ? Value::What::missing : Value::What::number, number});
  }
}

}  // namespace watchpost::sl651
