// sdk::Observation: builds one watchpost_observation.
// Promise: texts given as string_view must outlive emit; texts given to own() live as long as this.
// Used inside decode(), on the daemon's I/O thread.
#pragma once

#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abi/watchpost_decoder.h"
#include "sdk/bounds.hpp"

namespace watchpost::sdk {

[[nodiscard]] constexpr watchpost_text view(std::string_view text) {
  return watchpost_text{text.data(), text.size()};
}
[[nodiscard]] inline std::string_view view(watchpost_text text) {
  return text.size == 0 ? std::string_view{} : std::string_view(text.text, text.size);
}

// Names a quantity and its unit, so that the two are not swapped with a text value.
struct Quantity {
  std::string_view name;
  std::string_view unit = {};
};

class Observation {
 public:
  Observation() { readings_.reserve(8); }
  Observation(watchpost_kind kind, watchpost_state state) : Observation() {
    kind_ = kind;
    state_ = state;
  }
  // As new, for the next one; what was reserved for readings is kept.
  void restart(watchpost_kind kind, watchpost_state state) {
    auto readings = std::move(readings_);
    readings.clear();
    *this = Observation(kind, state, std::move(readings));
  }

  Observation& device(std::string_view id) { return device_ = cut(id, kLongestDevice), *this; }
  Observation& kind(watchpost_kind kind) { return kind_ = kind, *this; }
  Observation& state(watchpost_state state) { return state_ = state, *this; }
  Observation& quality(watchpost_quality quality) { return quality_ = quality, *this; }
  Observation& history() { return history_ = true, *this; }
  Observation& flag(std::string_view name) { return flags_.push_back(view(name)), *this; }
  Observation& observed(std::int64_t unix_ns, watchpost_time_source source) {
    return observed_ = unix_ns, time_source_ = source, *this;
  }
  Observation& observed(std::optional<std::int64_t> unix_ns, watchpost_time_source source) {
    return unix_ns ? observed(*unix_ns, source) : *this;
  }

  Observation& null(Quantity quantity) { return add(quantity, WATCHPOST_NULL, 0, {}); }
  Observation& boolean(Quantity quantity, bool value) {
    return add(quantity, WATCHPOST_BOOL, value ? 1 : 0, {});
  }
  // No value is kept as null.
  Observation& boolean(Quantity quantity, std::optional<bool> value) {
    return value ? boolean(quantity, *value) : null(quantity);
  }
  Observation& number(Quantity quantity, double value) {
    return add(quantity, WATCHPOST_NUMBER, value, {});
  }
  Observation& number(Quantity quantity, std::optional<double> value) {
    return value ? number(quantity, *value) : null(quantity);
  }
  Observation& text(Quantity quantity, std::string_view value) {
    return add(quantity, WATCHPOST_TEXT, 0, value);
  }
  // Keeps `text` for the life of this observation.
  std::string_view own(std::string text) {
    owned_.push_front(std::move(text));
    return owned_.front();
  }

  [[nodiscard]] bool has(std::string_view quantity) const {
    for (const auto& reading : readings_) {
      if (view(reading.quantity) == quantity) return true;
    }
    return false;
  }
  // The value of a quantity that is a number here.
  [[nodiscard]] std::optional<double> value_of(std::string_view quantity) const {
    for (const auto& reading : readings_) {
      const bool number = reading.value_type == static_cast<std::uint32_t>(WATCHPOST_NUMBER);
      if (number && view(reading.quantity) == quantity) return reading.number;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool empty() const { return readings_.empty(); }
  [[nodiscard]] std::string_view device() const { return device_; }
  [[nodiscard]] watchpost_kind kind() const { return kind_; }
  [[nodiscard]] watchpost_state state() const { return state_; }
  [[nodiscard]] bool has_time() const { return time_source_ != WATCHPOST_TIME_RECEIVED; }

  // Lives until this changes or ends.
  [[nodiscard]] watchpost_observation as_c() const {
    watchpost_observation c{};
    c.struct_size = sizeof c;
    c.kind = static_cast<std::uint32_t>(kind_);
    c.state = static_cast<std::uint32_t>(state_);
    c.time_source = static_cast<std::uint32_t>(time_source_);
    c.quality = static_cast<std::uint32_t>(quality_);
    c.history = history_ ? 1 : 0;
    c.observed_unix_ns = observed_;
    c.device = view(device_);
    c.readings = readings_.data();
    c.reading_count = readings_.size();
    c.flags = flags_.data();
    c.flag_count = flags_.size();
    return c;
  }

 private:
  Observation(watchpost_kind kind, watchpost_state state, std::vector<watchpost_reading> empty)
      : kind_(kind), state_(state), readings_(std::move(empty)) {}

  Observation& add(Quantity quantity, watchpost_value_type type, double number,
                   std::string_view text) {
    watchpost_reading reading{};
    reading.struct_size = sizeof reading;
    reading.value_type = static_cast<std::uint32_t>(type);
    reading.quantity = view(cut(quantity.name, kLongestName));
    reading.unit = view(cut(quantity.unit, kLongestName));
    reading.number = number;
    reading.text = view(cut(text, kLongestText));
    readings_.push_back(reading);
    return *this;
  }

  std::string_view device_;
  watchpost_kind kind_ = WATCHPOST_MEASUREMENT;
  watchpost_state state_ = WATCHPOST_INFO;
  watchpost_time_source time_source_ = WATCHPOST_TIME_RECEIVED;
  watchpost_quality quality_ = WATCHPOST_OK;
  bool history_ = false;
  std::int64_t observed_ = 0;
  std::vector<watchpost_reading> readings_;
  std::vector<watchpost_text> flags_;
  std::forward_list<std::string> owned_;
};

}  // namespace watchpost::sdk
