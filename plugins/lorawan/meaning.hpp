// meaning: what a network server's own decoding (ChirpStack's `object`, The Things Stack's
// `decoded_payload`) says, read by the names of its members (plugins/danger).
// Promise: objects and lists within are read too, under joined names ("room_1_smoke"), without the
// names that only hold others ("data", "events"). What the grammar leaves open is read as makers'
// LoRaWAN decoders write it: an alarm's kind and its change in two members, the device's own limit.
// Of the numbers only those whose unit the name leaves no doubt about. Pure.
#pragma once

#include <deque>
#include <string>

#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::lorawan {

struct Meaning {
  sdk::json::object flat;  // the observations point into it
  std::deque<sdk::Observation> observations;
  std::string unread;  // a sentence: what may be a danger and was not understood; empty: nothing
};

// Without observations nothing in it has a meaning for us.
[[nodiscard]] Meaning meaning_of(const sdk::json::object& decoded);
// True where one of them declares an alarm.
[[nodiscard]] bool raises(const Meaning& meaning);

}  // namespace watchpost::lorawan
