// Relay: an event that another gateway made and this one passes on unchanged, as a Record.
// Promise: the payload is the message, byte for byte, and the topic is where it goes; what else
// belongs to it stands in the annotation, in one fixed form, so that the store needs no columns for
// it and rows of earlier versions are none of these. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/record.hpp"

namespace watchpost {

struct RelayMark {
  std::string content_type;      // as the message had it, MQTT 5.0 section 3.3.2.3.9
  std::string content_encoding;  // its User Property `content-encoding`
  // The first of the relayed records that stand in a row up to this one: numbers of this store that
  // no event of its own has. 0 until the store has given it a number.
  Seq run;
  friend bool operator==(const RelayMark&, const RelayMark&) = default;
};

[[nodiscard]] bool is_relayed(const Record& record);
// Nothing where the record is no relayed one, or its annotation is damaged.
[[nodiscard]] std::optional<RelayMark> relay_mark_of(const Record& record);
[[nodiscard]] std::string annotation_of(const RelayMark& mark);
// What both texts of a mark must be: a media type or the name of an encoding, or empty.
[[nodiscard]] bool is_relay_text(std::string_view text);

// The retained state of a gateway's link, which an upstream keeps as such.
[[nodiscard]] bool is_link_state_topic(std::string_view topic);

}  // namespace watchpost
