// Rare: an optional that takes 8 bytes where there is nothing, for something large that few have.
// Promise: a copy has its own; equal by what is in it. A plain value; any thread.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace watchpost {

template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(T value) : held_(std::make_unique<T>(std::move(value))) {}
  Rare(std::optional<T> value) : held_(value ? std::make_unique<T>(*std::move(value)) : nullptr) {}
  Rare(const Rare& other) : held_(other ? std::make_unique<T>(*other) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }
  ~Rare() = default;

  [[nodiscard]] bool has_value() const { return held_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  // Where there is one.
  [[nodiscard]] const T& operator*() const { return *held_; }
  [[nodiscard]] const T* operator->() const { return held_.get(); }

  friend bool operator==(const Rare& a, const Rare& b) {
    return a.has_value() && b.has_value() ? *a == *b : a.has_value() == b.has_value();
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace watchpost
