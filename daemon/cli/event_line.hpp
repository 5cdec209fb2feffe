// One event as one line for a person. Pure.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::cli {

// `event`: a CloudEvent as the daemon forwards it. What cannot be read is given back as it is.
[[nodiscard]] std::string event_line(std::string_view event);

}  // namespace watchpost::cli
