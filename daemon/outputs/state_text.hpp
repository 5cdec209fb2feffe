// state_text: what a siren says of its state, compared with what the configuration says it means.
// Promise: a text is itself, without the white space around it; a JSON object says what stands in
// it, wherever and with whatever white space ("output":false). Pure; any thread.
#pragma once

#include <string_view>

namespace watchpost::outputs {

struct StateText {
  std::string_view text;  // of the configuration
};
[[nodiscard]] bool says_so(std::string_view payload, StateText wanted);

}  // namespace watchpost::outputs
