// Ids, sequences and types of events: what tells two events apart and what an event is about,
// written and read here and nowhere else.
// Promise: what is written here is read back here as the same; what anybody else wrote gives
// nothing instead of a wrong id. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/event_class.hpp"
#include "model/record.hpp"

namespace watchpost {

// "<epoch>.<class letter>.<sequence>", with the source the key by which repeats are told.
struct EventKey {
  Epoch epoch;
  EventClass event_class = EventClass::telemetry;
  Seq sequence;
  friend bool operator==(const EventKey&, const EventKey&) = default;
};
[[nodiscard]] std::optional<EventKey> event_key_from(std::string_view id);
[[nodiscard]] std::string event_id(const EventKey& key);
void append_event_id(std::string& out, const Record& record);

// The id of what is said about a link: numbers tell connections, and the words on one, apart.
struct LinkEventKey {
  Epoch epoch;
  std::uint64_t link = 0;
  std::string_view state;
  std::uint64_t number = 0;
};
[[nodiscard]] std::string link_event_id(const LinkEventKey& key);

// The `sequence` attribute: 16 decimal digits, so that texts sort as the numbers do.
void append_sequence(std::string& out, Seq sequence);
// Any number of digits; nothing for 0, for what does not fit a signed 64-bit number (as SQLite's
// are), and for anything else.
[[nodiscard]] std::optional<Seq> sequence_from(std::string_view digits);
[[nodiscard]] std::optional<Seq> sequence_from(std::uint64_t number);

// Eight lower-case hexadecimal digits.
[[nodiscard]] bool is_epoch(std::string_view text);

// "cn.watchpost.<domain>.<what>.v1"; `what` is the class, or for the gateway's own events what they
// are about.
void append_event_type(std::string& out, const Record& record);
// The device, or for the gateway's own events what they are about; empty where neither is known.
[[nodiscard]] std::string_view event_subject(const Record& record);
inline constexpr std::string_view kGapEventType = "cn.watchpost.gateway.gap.v1";
inline constexpr std::string_view kStoreEventType = "cn.watchpost.gateway.store.v1";
inline constexpr std::string_view kLinkEventType = "cn.watchpost.gateway.online.v1";
// The word for the domain in a type; empty for what is no type of ours.
[[nodiscard]] std::string_view domain_in_event_type(std::string_view type);

// MQTT's Content Type of one event and of several (CloudEvents 1.0, MQTT and JSON bindings).
inline constexpr std::string_view kEventContentType = "application/cloudevents+json";
inline constexpr std::string_view kBatchContentType = "application/cloudevents-batch+json";

}  // namespace watchpost
