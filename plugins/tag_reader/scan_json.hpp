// The JSON forms in which readers report a tag.
// Promise: each form is told by the names of its members; what has none of them is no scan. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::tag_reader {

struct Scan {
  const sdk::json::value* uid = nullptr;  // as written: text, number or list of bytes
  std::string link{};            // of the tag, or its members in the form of a query; else empty
  std::string_view reader = {};  // where the payload names it
  std::string_view type = {};
  std::string_view content = {};  // what is written on the tag
  std::string_view patroller = {};
  std::optional<bool> known = {};  // esp-rfid: is the card on its list
  std::optional<std::int64_t> time = {};
};

enum class Form {
  scan,          // `scan` is set
  echo,          // a reader's answer to a command
  housekeeping,  // a reader about itself (boot, heartbeat)
  key,           // a key of the reader's keypad
  other,         // no tag reader's message
};

struct Reading {
  Form form = Form::other;
  Scan scan = {};
};

[[nodiscard]] Reading read_scan(const sdk::json::object& message, int zone_minutes);

}  // namespace watchpost::tag_reader
