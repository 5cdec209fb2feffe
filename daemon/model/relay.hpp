// Relay: an event that another gateway made and this one passes on unchanged, as a Record.
// Promise: the record's payload is the event, byte for byte, and its topic is the topic the event
// goes up on; the content type and encoding that came with the event stand in the annotation, in
// one fixed form. Pure; any thread.
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

[[nodiscard]] inline bool is_relayed(const Record& record) {
  return record.type == RecordType::relayed;
}
// Nothing where the record is no relayed one, or its annotation is damaged.
[[nodiscard]] std::optional<RelayMark> relay_mark_of(const Record& record);
[[nodiscard]] std::string annotation_of(const RelayMark& mark);
// What both texts of a mark must be: a media type or the name of an encoding, or empty.
[[nodiscard]] bool is_relay_text(std::string_view text);

// How the annotation of a relayed record begins, and of no other.
[[nodiscard]] bool begins_as_relay_mark(std::string_view annotation);

}  // namespace watchpost
