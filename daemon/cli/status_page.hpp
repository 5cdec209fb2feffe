// The status of the daemon as a page of text for a person.
// Promise: troubles stand first, each with what to do; then alarms, devices, ways in and out, and
// the store last. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

// Which devices are shown.
struct DeviceFilter {
  std::string device;  // id or name, or a part of it; empty: all
  bool unread = false;
  std::optional<std::chrono::seconds> silent;  // the shortest silence of a device that is shown
  [[nodiscard]] bool is_set() const { return !device.empty() || unread || silent; }
};

struct PageOptions {
  Language language = Language::english;
  std::size_t width = 0;  // of the terminal; 0: lines are not broken
  DeviceFilter devices{};
};

// `status`: the body of GET /v1/status. With a filter, the page has only the devices that pass it.
[[nodiscard]] Result<std::string> status_page(std::string_view status, const PageOptions& options);

// Reads "1d", "12h", "30min", "90s"; nothing for any other text.
[[nodiscard]] std::optional<std::chrono::seconds> span_from(std::string_view text);

}  // namespace watchpost::cli
