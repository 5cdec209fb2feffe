// envelope: what names an event, read also where the rest of it is no JSON.
// Promise: reads the members in front of `data`, as a gateway writes them, and stops at the first
// byte that JSON does not allow there; never a throw, never a read past the end. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace watchpost::receiver {

// Views into the text; what is not there is empty.
struct Envelope {
  std::string_view id;
  std::string_view source;
  std::string_view event_class;
  std::string_view sequence;
};

// Nothing where the text does not begin as an event does.
[[nodiscard]] std::optional<Envelope> envelope_of(std::string_view text);

}  // namespace watchpost::receiver
