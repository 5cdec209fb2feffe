// Code words: a message in which codes of published standards stand, with the words that they mean
// in their place, so that the grammar reads them: panels' codes (panel_codes.hpp), devices' codes
// (device_codes.hpp).
// Promise: nothing for a message without such codes, at the price of one look at its names; nothing
// else is changed. Bounded; pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/json.hpp"

namespace watchpost::danger {

struct InWords {
  sdk::json::value message;
  std::string unread{};  // a sentence about a danger that nothing names; empty: none
};
[[nodiscard]] std::optional<InWords> in_words(const sdk::json::value& message,
                                              std::string_view topic);

}  // namespace watchpost::danger
