// KeptFor: the upstreams for which records stay in the store.
// Promise: a record may go once each upstream that is required has it. Where none is required for
// its class, one upstream must have it first: an alarm that nobody has is never removed as history.
// Where no upstream gets the class at all, a record is history from the start. Plain values.
#pragma once

#include <string>
#include <vector>

#include "model/event_class.hpp"

namespace watchpost::spool {

struct KeptFor {
  // By name. One that does not get a class passes its records at once.
  std::vector<std::string> required;
  // By name: those that get the class, where none that is required does. One of them must have it.
  PerClass<std::vector<std::string>> one_of{};
};

}  // namespace watchpost::spool
