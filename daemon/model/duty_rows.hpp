// duty_rows: a device, a command done and the duty of the gateway as the texts in which the store
// keeps their rows, and back. Promise: as alarm_row.hpp. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/duty.hpp"

namespace watchpost {

[[nodiscard]] std::string row_text(const Device& device);
[[nodiscard]] std::optional<Device> device_from_row(std::string_view text);

// Only what was done is kept, so its result has no refusal.
[[nodiscard]] std::string row_text(const CommandDone& done);
[[nodiscard]] std::optional<CommandDone> command_from_row(std::string_view text);

[[nodiscard]] std::string row_text(const Duty& duty);
[[nodiscard]] std::optional<Duty> duty_from_row(std::string_view text);

}  // namespace watchpost
