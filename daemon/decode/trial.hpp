// Trial: runs something in a process of its own, to see whether it comes back.
// Promise: what aborts, exits, crashes or blocks there is a Failure that names `file`, after
// `longest` at the latest, and does not touch this process. Where no process can be made, nothing
// is tried. At start-up, on the main thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace watchpost::decode {

[[nodiscard]] Result<void> try_apart(const std::string& file, const std::function<void()>& run,
                                     std::chrono::milliseconds longest);

}  // namespace watchpost::decode
