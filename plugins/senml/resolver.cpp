#include "senml/resolver.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace watchpost::senml {
namespace {

constexpr double kRelative =
    268'435'456;                       // 2^28: smaller times are relative to now (section 4.5.3)
constexpr std::int64_t kVersion = 10;  // RFC 8428 itself

bool take_text(const sdk::json::value& value, std::string_view& text) {
  if (!value.is_string()) return false;
  text = value.get_string();
  return true;
}

bool take_number(const sdk::json::value& value, std::optional<double>& number) {
  if (!value.is_number()) return false;
  number = sdk::number_of(value);
  return number.has_value();
}

// RFC 8428 section 4.5.1: what a name may begin with, and what it may go on with.
enum class NameByte : std::uint8_t { refused, later, anywhere };
constexpr auto kNameBytes = [] {
  std::array<NameByte, 256> bytes{};
  const auto allow = [&bytes](std::string_view set, NameByte as) {
    for (const char c : set) bytes[static_cast<std::uint8_t>(c)] = as;
  };
  allow("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", NameByte::anywhere);
  allow("-:./_", NameByte::later);
  return bytes;
}();

bool is_name(std::string_view base, std::string_view rest) {
  const auto kind_of = [](char c) { return kNameBytes[static_cast<std::uint8_t>(c)]; };
  const auto fits = [&kind_of](char c) { return kind_of(c) != NameByte::refused; };
  const std::string_view first = base.empty() ? rest : base;
  return !first.empty() && kind_of(first.front()) == NameByte::anywhere &&
         std::all_of(base.begin(), base.end(), fits) && std::all_of(rest.begin(), rest.end(), fits);
}

}  // namespace

bool Resolver::broken(std::string_view why) {
  why_ = why;
  return false;
}

bool Resolver::refused(std::string_view why) {
  is_refused_ = true;
  return broken(why);
}

bool Resolver::take_base(std::string_view label, const sdk::json::value& value) {
  if (label == "bn") return take_text(value, base_name_) || broken("bn is not a text");
  if (label == "bu") return take_text(value, base_unit_) || broken("bu is not a text");
  if (label == "bv") return take_number(value, base_value_) || broken("bv is not a number");
  if (label == "bs") return take_number(value, base_sum_) || broken("bs is not a number");
  if (label == "bt") {
    std::optional<double> time;
    if (!take_number(value, time)) return broken("bt is not a number");
    base_time_ = *time;
    has_base_time_ = true;
    return true;
  }
  if (label == "bver") {
    const bool known = value.is_int64() && value.get_int64() >= 1 && value.get_int64() <= kVersion;
    return known || refused("bver asks for a newer SenML than RFC 8428");
  }
  return !label.ends_with('_') || refused("a field that must be understood, and is not");
}

bool Resolver::take_value(std::string_view label, const sdk::json::value& value) {
  // {"v":null,"vb":true}: what is not there says nothing against what is.
  if (value.is_null()) return has_null_ = true;
  if (!std::holds_alternative<std::monostate>(value_)) return refused("two values in one record");
  if (label == "v") {
    std::optional<double> number;
    if (!take_number(value, number)) return broken("v is not a number");
    value_ = *number;
  } else if (label == "vb") {
    if (!value.is_bool()) return broken("vb is neither true nor false");
    value_ = value.get_bool();
  } else {
    std::string_view text;
    if (!take_text(value, text)) return broken("vs or vd is not a text");
    value_ = text;
  }
  return true;
}

bool Resolver::take_field(std::string_view label, const sdk::json::value& value) {
  if (label == "n") return take_text(value, name_) || broken("n is not a text");
  if (label == "u") return take_text(value, unit_) || broken("u is not a text");
  if (label == "t") return take_number(value, time_) || broken("t is not a number");
  if (label == "s") return take_number(value, sum_) || broken("s is not a number");
  if (label == "ut") return value.is_number() || broken("ut is not a number");
  if (label == "v" || label == "vb" || label == "vs" || label == "vd") {
    return take_value(label, value);
  }
  return take_base(label, value);
}

Resolver::Step Resolver::resolve(const sdk::json::object& fields, Record& record) {
  name_ = unit_ = {};
  value_ = std::monostate{};
  sum_.reset();
  time_.reset();
  has_null_ = is_refused_ = false;
  bool is_whole = true;
  for (const auto& field : fields) is_whole &= take_field(field.key(), field.value());
  if (is_refused_) return Step::refused;
  const Step step = finish(record);
  if (is_whole) return step;
  return step == Step::resolved ? Step::partly : Step::broken;
}

Resolver::Step Resolver::finish(Record& record) {
  if (auto* number = std::get_if<double>(&value_); number && base_value_) *number += *base_value_;
  if (sum_ || base_sum_) sum_ = sum_.value_or(0) + base_sum_.value_or(0);
  const bool valued = !std::holds_alternative<std::monostate>(value_);
  if (!valued && !sum_ && !has_null_) {
    // Section 4.2: without v, a base value alone is the value, if the record names something.
    if (!base_value_ || name_.empty()) return Step::base_only;
    value_ = *base_value_;
  }
  if (!is_name(base_name_, name_)) return broken("a name that SenML does not allow"), Step::broken;
  record.base_name = base_name_;
  record.name = name_;
  record.unit = unit_.empty() ? base_unit_ : unit_;
  record.value = value_;
  record.sum = sum_;
  record.time.reset();
  if (!has_base_time_ && !time_) return Step::resolved;
  const double time = base_time_ + time_.value_or(0);
  if (time < kRelative) {
    // Past or future of "now"; zero is now itself.
    if (std::abs(time) >= kRelative) return broken("a time out of range"), Step::broken;
    if (time != 0)
      record.time = received_ + static_cast<std::int64_t>(std::round(time * 1e3)) * 1'000'000;
    return Step::resolved;
  }
  record.time = sdk::time_from_epoch(time);
  if (time >= 1e11 || !record.time) return broken("a time out of range"), Step::broken;
  return Step::resolved;
}

}  // namespace watchpost::senml
