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

struct ExitCodes {
  int told;         // the answer is written
  int not_written;  // standard output took not all of it (a full disk, a closed pipe)
};
// The one that applies, with a word on standard error where the answer could not be written.
[[nodiscard]] int ended(std::string_view command, ExitCodes codes);

// "1 event", "2 events".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace watchpost::cli
