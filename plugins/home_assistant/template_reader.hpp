// template_reader: the parser of ValueTemplate. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "home_assistant/value_template.hpp"

namespace watchpost::home_assistant {

[[nodiscard]] std::optional<ValueTemplate::Parts> parts_of_template(std::string_view text);

}  // namespace watchpost::home_assistant
