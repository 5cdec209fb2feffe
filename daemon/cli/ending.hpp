// How a command of watchpost ends when something failed.
// Promise: every command fails in one form, in the language of the person; an answer that could not
// be written is no success. Used by every command and by main, on the main thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

// Exit codes that several commands share; the guide's table has all.
constexpr int kFindings = 1;       // the command looked, and something is wrong
constexpr int kCouldNotLook = 2;   // the command could not begin, or there was nothing to look at
constexpr int kStatusUnknown = 3;  // the code that monitoring plug-ins use for "unknown"

// Who speaks, and how.
struct Voice {
  std::string_view command;
  Language language = Language::english;
};

// Writes "watchpost COMMAND: ..." to standard error and returns `code`.
[[nodiscard]] int fail(const Voice& voice, const Failure& failure, int code);

struct ExitCodes {
  int told;         // the answer is written
  int not_written;  // standard output took not all of it (a full disk, a closed pipe)
};
// Returns the code that applies; where the answer could not be written, a sentence on standard
// error says so.
[[nodiscard]] int ended(const Voice& voice, ExitCodes codes);

}  // namespace watchpost::cli
