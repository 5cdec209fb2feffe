// Parts of a fire alarm system by their names, as platforms write them (GB/T 26875.3-2011 table 5):
// {"部件类型":"手动火灾报警按钮","部件状态":"启动"}.
// Promise: the same parts tell of a fire when they start, answer or are supervised as in the frames
// of the standard (decision 0029): somebody pressed, or something puts out a fire. A pump that runs
// and a door that closes do not. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "danger/words.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

// The danger that the part tells of; nothing for other parts.
[[nodiscard]] std::optional<Danger> part_telling_of_fire(std::string_view name);
// "启动", "feedback", "动作".
[[nodiscard]] bool says_started(std::string_view text);
// Of an object that names such a part and says that it started; of a text that says both.
[[nodiscard]] std::optional<Danger> started_part_in(const sdk::json::object& object);
[[nodiscard]] std::optional<Danger> started_part_in(std::string_view text);

}  // namespace watchpost::danger
