// Fire codes: parts and systems of a fire alarm system by the standard's numbers, as gateways write
// the frames of GB/T 26875.3-2011 in JSON: {"partType":40,"partAddr":3,"partState":2}.
// Promise: type and state are read by the same tables as the frames (gb26875/states.hpp), so that
// bit 1 is a fire and a started pump is none. A number is taken for a type only under a name that
// says so, and for a state only under the same name or beside an address of such a part or system;
// the names of types and the words of states ("火警") count as their numbers. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::danger {

struct CodedFirePart {
  sdk::Observation observation;
  std::string below;   // its device behind the gateway's: ":1.1:0.3", as of the frames
  std::string unread;  // a sentence; empty: all was understood
};
// Of this object, not of what it holds.
[[nodiscard]] std::optional<CodedFirePart> coded_fire_part(const sdk::json::object& object);

// True where something in it may be such a part.
[[nodiscard]] bool holds_coded_part(const sdk::json::value& message);

}  // namespace watchpost::danger
