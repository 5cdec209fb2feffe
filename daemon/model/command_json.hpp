// command_json: a command and its answer as JSON: the one form in which the command line, the local
// API and an upstream send a command.
// Promise: what cannot be read gives a reason in both languages, and nothing is guessed: a member
// that is not known, or is of the wrong type, is refused. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/command.hpp"

namespace watchpost {

// {"action":"close","alarm":37,"by":"Wang","from":"desk","key":"…","seen_revision":3,
//  "outcome":"true", …}; who may do what is not looked at. `origin` is not read: the way in knows.
[[nodiscard]] Result<Command> command_from_json(std::string_view text);
[[nodiscard]] std::string command_json(const Command& command);
// {"done":true,"repeat":false,"alarm":{…}} or {"done":false,"reason":"alarm_changed",
//  "text":{"en":"…","zh-CN":"…"}, …}.
[[nodiscard]] std::string result_json(const CommandResult& result);
// The same with {"key":"…","action":"take"} in front, for a sender that may wait for several.
[[nodiscard]] std::string answer_json(const Command& command, const CommandResult& result);
// What such an answer says; nothing where it is none. A reason that is not known here is
// Refusal::refused_there.
struct CommandAnswer {
  std::string key;
  CommandResult result;
};
[[nodiscard]] std::optional<CommandAnswer> answer_from_json(std::string_view text);
// Of what is no command: {"done":false,"reason":"unreadable","text":{…}}.
[[nodiscard]] std::string unreadable_json(const Failure& why);

}  // namespace watchpost
