// outputs: the sirens and channels of the running daemon: `watchpost outputs`, `outputs test`.
// Promise: a test passes only where the output took what it was told; what it cannot say of itself,
// a person has to hear. Asks the running daemon; on the main thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/duty/act.hpp"

namespace watchpost::cli {

[[nodiscard]] int show_outputs(const AskOptions& options);
// Begins it and waits for its end.
[[nodiscard]] int test_output(const ActOptions& options);

// Of one element of `outputs` in the status.
[[nodiscard]] std::string output_line(const boost::json::object& output, Language language);

}  // namespace watchpost::cli
