// Report: what the body of one message of SL 651-2014 says, whichever form it came in; and
// ReportBuilder, which both readers of bodies fill it with.
// Promise: a value that is missing on the line (all F, "M") is a null here, never a number; so is
// one that cannot be read, which is counted apart. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/observation.hpp"
#include "sl651/elements.hpp"

namespace watchpost::sl651 {

struct Value {
  enum class What : std::uint8_t { number, missing, illegal };
  What what = What::missing;
  double number = 0;
};
// Digits in BCD, with the sign of section 6.6.3.3: a leading FF is a minus, all F is missing.
[[nodiscard]] Value from_bcd(std::string_view bytes, unsigned decimals);
[[nodiscard]] Value from_decimal(std::string_view text);
// YYMMDDHHmm or YYMMDDHHmmSS; nothing where it is no time. Years are 2000 to 2099.
[[nodiscard]] std::optional<std::int64_t> time_from_digits(std::string_view digits,
                                                           int zone_minutes);

struct Quantity {
  std::string name;
  std::string_view unit;  // of the table
  std::optional<double> number;
  std::string text;  // in place of a number
};
// What one station measured at one time.
struct Moment {
  std::string station;
  std::string station_class;  // two hexadecimal digits (appendix A); empty: the message has none
  std::optional<std::int64_t> at;
  std::vector<Quantity> quantities;
  bool has_level = false;
  bool has_rain = false;
};
// One value of a series.
struct SeriesValue {
  std::string station;
  std::string station_class;
  std::optional<std::int64_t> at;
  const Element* element = nullptr;
  std::optional<double> number;
};
struct StatusWord {
  std::string station;
  std::uint32_t bits = 0;
};

struct Report {
  std::vector<Moment> moments;
  std::vector<SeriesValue> series;
  std::vector<StatusWord> status;
  std::string others;  // elements that the standard does not name: "FF01=12.3 80=0a1b"
  std::string unread;  // why the rest was not read; empty: all of it was
  int illegal = 0;     // values that cannot be read
};

class ReportBuilder {
 public:
  ReportBuilder(std::string station, int zone_minutes)
      : station_(std::move(station)), zone_minutes_(zone_minutes) {}

  void set_station(std::string_view address) {
    station_ = address;
    station_class_.clear();
    at_.reset();
  }
  void set_station_class(std::string_view hex) { station_class_ = hex; }
  void set_time(std::string_view digits);
  // The station's clock when it sent this, for what has no time of its own.
  void set_time(std::optional<std::int64_t> at) { at_ = at; }
  void value(const Element& element, const Value& value);
  void text(sdk::Quantity quantity, std::string text);
  void number(std::string_view name, double value);  // without a unit
  void status(std::uint32_t bits) { report_.status.push_back({station_, bits}); }
  void status_missing() { ++report_.illegal; }
  struct Other {
    std::string_view id;
    std::string_view text;
  };
  void other(const Other& other);
  void unread(std::string why);
  // The time that `minutes` after the present one is.
  void series_value(const Element& element, std::int64_t minutes, const Value& value);
  // A row of 12 values of 5 minutes; `bytes` has 12 or 24.
  void row(const Element& element, std::int64_t minutes, std::string_view bytes);

  [[nodiscard]] Report take() { return std::move(report_); }
  [[nodiscard]] bool empty() const {
    return report_.moments.empty() && report_.series.empty() && report_.status.empty();
  }

 private:
  Moment& moment();
  std::optional<double> number_of(const Element& element, const Value& value);

  Report report_;
  std::string station_;
  std::string station_class_;
  std::optional<std::int64_t> at_;
  int zone_minutes_;
};

}  // namespace watchpost::sl651
