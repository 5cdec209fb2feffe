// Pictures: what a camera's program has seen, or one that listens has heard, and how sure it is:
// {"class_name":"fire","confidence":0.8}, {"scores":{"smoke_alarm":0.93,"background":0.02}}.
// Promise: only what is more likely than not; a class that nobody is sure of is one of many that
// such a program weighs. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "sdk/json.hpp"

namespace watchpost::danger {

// "fire detected"; nothing where it is no such message, or about something else.
[[nodiscard]] std::optional<std::string> seen_in(const sdk::json::object& object);

}  // namespace watchpost::danger
