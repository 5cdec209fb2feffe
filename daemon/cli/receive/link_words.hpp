// What the log of `watchpost receive` says of its link and of signals.
// Promise: a failure keeps the next step that it came with, in the names of this command's options.
// Pure.
#pragma once

#include <string>

#include "client/link_diagnosis.hpp"
#include "net/harmless_signals.hpp"

namespace watchpost::cli::receive {

inline constexpr net::SignalAdvice kSignalAdvice{
    .program = "watchpost receive",
    .hangup =
        "the options and the files that they name are read at the start only. To use a "
        "change, start it again",
    .stop = "systemctl stop, or SIGTERM"};

// Why there is no connection, or none that holds, and what to do.
[[nodiscard]] std::string words_of(const client::LinkReason& reason, const std::string& client_id);

}  // namespace watchpost::cli::receive
