// CompactText: a text that takes 8 bytes beside its characters, where a std::string takes 32, and
// nothing more where it is empty: for what is kept of tens of thousands and seldom changed.
// Promise: reads as a std::string_view, is made from what does. A plain value; any thread.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace watchpost {

class CompactText {
 public:
  CompactText() = default;
  template <std::convertible_to<std::string_view> Text>
  CompactText(const Text& text) : held_(held_of(text)) {}
  CompactText(const CompactText& other) : held_(held_of(other)) {}
  CompactText(CompactText&&) noexcept = default;
  CompactText& operator=(const CompactText& other) {
    held_ = held_of(other);
    return *this;
  }
  CompactText& operator=(CompactText&&) noexcept = default;
  ~CompactText() = default;

  [[nodiscard]] std::string_view view() const {
    if (!held_) return {};
    std::size_t size = 0;
    const char* at = held_.get();
    for (unsigned shift = 0;; shift += kBits) {
      const auto part = static_cast<unsigned char>(*at++);
      size |= static_cast<std::size_t>(part % kMore) << shift;
      if (part < kMore) return {at, size};
    }
  }
  operator std::string_view() const { return view(); }
  [[nodiscard]] bool empty() const { return !held_; }
  [[nodiscard]] std::size_t size() const { return view().size(); }

  template <std::convertible_to<std::string_view> Text>
  friend bool operator==(const CompactText& a, const Text& b) {
    return a.view() == std::string_view(b);
  }

 private:
  // How many characters there are stands before them, 7 bits in a byte, the lowest first; another
  // one follows where it is kMore or greater.
  static constexpr unsigned kBits = 7;
  static constexpr unsigned char kMore = 1U << kBits;

  static std::unique_ptr<char[]> held_of(std::string_view text) {
    if (text.empty()) return nullptr;
    std::size_t head = 1;
    for (std::size_t rest = text.size(); rest >= kMore; rest /= kMore) ++head;
    std::unique_ptr<char[]> held(new char[head + text.size()]);
    std::size_t rest = text.size();
    for (std::size_t i = 0; i < head; ++i, rest /= kMore)
      held[i] = static_cast<char>(rest % kMore + (i + 1 < head ? kMore : 0));
    std::copy(text.begin(), text.end(), held.get() + head);
    return held;
  }

  std::unique_ptr<char[]> held_;  // null: empty
};

}  // namespace watchpost
