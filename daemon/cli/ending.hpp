// How a command ends: the sentence of its failure, and its exit code.
// Promise: every command fails in one form; an answer that could not be written is no success. Used
// by every command and by main, on the main thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost::cli {

// Exit codes that several commands share; the guide's table has all.
constexpr int kFindings = 1;       // the command looked, and something is wrong
constexpr int kCouldNotLook = 2;   // the command could not begin, or there was nothing to look at
constexpr int kStatusUnknown = 3;  // the code that monitoring plug-ins use for "unknown"

// Writes "watchpost COMMAND: ..." to standard error and returns `code`.
[[nodiscard]] int fail(std::string_view command, const Failure& failure, int code);

struct ExitCodes {
  int told;         // the answer is written
  int not_written;  // standard output took not all of it (a full disk, a closed pipe)
};
// Returns the code that applies; where the answer could not be written, a sentence on standard
// error says so.
[[nodiscard]] int ended(std::string_view command, ExitCodes codes);

}  // namespace watchpost::cli
