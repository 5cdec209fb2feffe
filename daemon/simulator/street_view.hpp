// StreetView: shows arriving events as lines for a person.
// Promise: of several waiting lines alarms come first, then patrols; at most kMostWaiting lines
// wait, and further events are only counted; measurements are summed up. Pure.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>

#include "model/event_class.hpp"

namespace watchpost::simulator {

// "19:41:07  ALARM   fire  smoke-03  smoke: alarm raised"
[[nodiscard]] std::string plain_line(std::string_view event);

class StreetView {
 public:
  static constexpr std::size_t kMostWaiting = 500;

  explicit StreetView(bool colours) : colours_(colours) {}
  void add(std::string_view event);
  // The text to show now: every waiting line, and a summary of the rest. Called about once a
  // second.
  [[nodiscard]] std::string take();

 private:
  bool colours_;
  PerClass<std::deque<std::string>> waiting_;
  PerClass<std::size_t> counted_{};  // events without a line of their own
};

}  // namespace watchpost::simulator
