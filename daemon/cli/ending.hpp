// How a command ends: what it says when it fails, and its exit code.
// Promise: one form for every command; an answer that could not be written is no success. Used by
// every command and by main, on the main thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::cli {

// Exit codes that several commands share; the guide's table has all.
constexpr int kFindings = 1;       // it looked, and something is wrong
constexpr int kCouldNotLook = 2;   // it could not begin, or there was nothing to look at
constexpr int kStatusUnknown = 3;  // as monitoring plug-ins say it

// Tells standard error "watchpost COMMAND: ..." and gives `code`.
[[nodiscard]] int fail(std::string_view command, const Failure& failure, int code);

// `code`, or `not_written` with a word on standard error where standard output took not all of it
// (a full disk, a closed pipe).
[[nodiscard]] int ended(std::string_view command, int code, int not_written);

// "1 event", "2 events".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace watchpost::cli
