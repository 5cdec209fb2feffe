// CompactOptional: an optional that takes no more room than its value, for what is kept of tens of
// thousands: one value that never occurs stands for nothing.
// Promise: used like std::optional, and converts to and from it. A plain value; any thread.
#pragma once

#include <concepts>
#include <optional>

namespace watchpost {

// What stands for nothing: of a time or a duration the least of all.
template <class T>
struct NothingOf {
  static constexpr T value() { return T::min(); }
  static constexpr bool is(const T& value) { return value == T::min(); }
};

template <class T>
class CompactOptional {
 public:
  constexpr CompactOptional() = default;
  constexpr CompactOptional(std::nullopt_t /*nothing*/) {}
  template <class U>
  requires std::convertible_to<U, T>
  constexpr CompactOptional(const U& value) : value_(value) {}
  constexpr CompactOptional(const std::optional<T>& value)
      : value_(value.value_or(NothingOf<T>::value())) {}
  constexpr operator std::optional<T>() const {
    return has_value() ? std::optional<T>(value_) : std::nullopt;
  }

  [[nodiscard]] constexpr bool has_value() const { return !NothingOf<T>::is(value_); }
  constexpr explicit operator bool() const { return has_value(); }
  // Where there is one.
  [[nodiscard]] constexpr const T& operator*() const { return value_; }
  [[nodiscard]] constexpr const T* operator->() const { return &value_; }
  [[nodiscard]] constexpr T value_or(const T& other) const { return has_value() ? value_ : other; }
  constexpr void reset() { value_ = NothingOf<T>::value(); }

  friend constexpr bool operator==(const CompactOptional& a, const CompactOptional& b) {
    return a.has_value() == b.has_value() && (!a.has_value() || a.value_ == b.value_);
  }
  friend constexpr bool operator==(const CompactOptional& a, const std::optional<T>& b) {
    return a == CompactOptional(b);
  }
  // With a value, or std::nullopt.
  template <std::convertible_to<CompactOptional> Other>
  friend constexpr bool operator==(const CompactOptional& a, const Other& b) {
    return a == CompactOptional(b);
  }

 private:
  T value_ = NothingOf<T>::value();
};

}  // namespace watchpost
