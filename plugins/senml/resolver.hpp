// Resolves SenML records (RFC 8428 section 4.6): base fields, relative times.
// Promise: one record in, one resolved record out, in order, without copying values; why() says
// what breaks the format. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sdk/json.hpp"

namespace watchpost::senml {

struct Record {
  std::string_view base_name;  // resolved name = base_name + name
  std::string_view name;
  std::string_view unit;
  std::variant<std::monostate, bool, double, std::string_view> value;  // nothing: null
  std::optional<double> sum;
  std::optional<std::int64_t> time;  // unix ns; nothing: when it was received
};

class Resolver {
 public:
  explicit Resolver(std::int64_t received_unix_ns) : received_(received_unix_ns) {}
  // `partly`: resolved, but for a field that breaks the format. `refused`: nothing of the pack may
  // be believed (RFC 8428 sections 4.2 and 4.4).
  enum class Step { resolved, base_only, partly, broken, refused };
  Step resolve(const sdk::json::object& fields, Record& record);
  [[nodiscard]] std::string_view why() const { return why_; }

 private:
  bool take_field(std::string_view label, const sdk::json::value& value);
  bool take_base(std::string_view label, const sdk::json::value& value);
  bool take_value(std::string_view label, const sdk::json::value& value);
  bool broken(std::string_view why);
  bool refused(std::string_view why);
  Step finish(Record& record);

  // Kept from record to record.
  std::string_view base_name_, base_unit_;
  std::optional<double> base_value_, base_sum_;
  double base_time_ = 0;
  bool has_base_time_ = false;
  // Of the record being resolved.
  std::string_view name_, unit_;
  std::variant<std::monostate, bool, double, std::string_view> value_;
  std::optional<double> sum_, time_;
  bool has_null_ = false;
  bool is_refused_ = false;
  std::int64_t received_;
  std::string_view why_;
};

}  // namespace watchpost::senml
