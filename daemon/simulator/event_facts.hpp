// EventFacts: the members of a CloudEvent that the street needs for its accounts, read in one pass.
// Promise: `raw` is the text of the value exactly as it came, so that it can be compared with what
// was published (`as_in_event`). The views point into the event. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::simulator {

struct EventFacts {
  std::string_view id;
  std::string_view source;
  std::string_view event_class;
  std::string_view subject;
  std::optional<std::uint64_t> sequence;
  std::string topic;  // the topic of the message at the gateway; empty when the event names none
  // Of the change of an alarm; empty where the event tells of none.
  std::string_view alarm_event;    // "raised", "taken", ...
  std::string_view alarm_state;    // the state that it has now
  std::string_view alarm_changes;  // how many changes it had, this one included
  std::string_view raw;            // the JSON value of the payload; empty when there is none
};

// Nothing for a text that is no JSON object.
[[nodiscard]] std::optional<EventFacts> read_event(std::string_view event);

// The form in which an event carries a published payload: JSON without the white space around its
// values, any other payload unchanged.
[[nodiscard]] std::string as_in_event(std::string_view payload);

// The text of a JSON string; nothing for any other value.
[[nodiscard]] std::optional<std::string> text_of(std::string_view json_string);

}  // namespace watchpost::simulator
