// object_meaning: what a JSON object says of which only the names of its members are known: a
// network server's own decoding (ChirpStack's `object`, The Things Stack's `decoded_payload`), or
// the message of a device that nobody told us of. Promise: objects and lists within are read too,
// under joined names ("room_1_smoke"), without the names that only hold others ("data", "events").
// What the grammar leaves open is read as makers' LoRaWAN decoders write it: an alarm's kind and
// its change in two members, the device's own limit. Of the numbers only those whose unit the name
// leaves no doubt about. Pure.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::danger {

struct ObjectMeaning {
  sdk::json::object flat;  // the observations point into it
  std::deque<sdk::Observation> observations;
  std::string unread;  // a sentence: what may be a danger and was not understood; empty: nothing
};

// True for the name of a member that only holds others: "data", "properties".
[[nodiscard]] bool only_holds(std::string_view key);
// Without observations nothing in it has a meaning for us.
[[nodiscard]] ObjectMeaning meaning_of_object(const sdk::json::object& object);
// True where one of them is about a danger, and not only about numbers.
[[nodiscard]] bool speaks_of_danger(const ObjectMeaning& meaning);
// True where one of them declares an alarm.
[[nodiscard]] bool raises(const ObjectMeaning& meaning);

}  // namespace watchpost::danger
