// Milesight's TLV: channel, type, value, little endian, item after item; what an item means is a
// table of each model (milesight_models.cpp).
// Promise: an item that is not in the table ends the reading there: what was read stays, flagged
// "partly_read", and Decoded::unread names the item. Answers to commands are skipped by their
// length (milesight_answers.cpp). A cut item is malformed, unless an alarm was read before it. An
// error code is no value. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "lorawan/codec.hpp"

namespace watchpost::lorawan::milesight {

enum class Form : std::uint8_t { u8, i8, u16, i16, u24, u32, i32, f32 };

enum class Role : std::uint8_t {
  number,          // a reading
  measure,         // a reading, and what the item is about: an error code is a fault
  flag,            // true unless 0
  inverse,         // false unless 0
  danger,          // 0 calm, 1 alarm, else not understood
  limit,           // 0 released, 1 over the threshold
  threshold,       // as limit, and 2 sudden change
  threshold_swap,  // 0 over the threshold, 1 released, 2 sudden change
  events,          // of a stored record, bits: 0 threshold, 4 sudden change
  tilt,            // 1: the head does not look down, so the distance is not to be trusted
};

struct Piece {
  std::uint8_t at = 0;
  Form form = Form::u8;
  Role role = Role::number;
  sdk::Quantity quantity{};
  double per = 1;           // so many units of the number are one of the quantity's
  std::uint8_t errors = 0;  // so many of the highest codes are no value: 3 are 0xFFFD to 0xFFFF
};

// Where the reader puts what it finds.
struct Findings {
  sdk::Observation& current;
  Decoded& decoded;
};
using Hook = void (*)(std::string_view value, Findings& findings);

struct Item {
  unsigned id = 0;  // channel and type
  std::size_t length = 0;
  watchpost_kind kind = WATCHPOST_DEVICE_STATUS;
  std::array<Piece, 4> pieces{};  // the rest is empty
  Hook hook = nullptr;            // before the pieces: what a table cannot say
};

// A record that is sent again later: four bytes of time before the pieces.
inline constexpr unsigned kStored = 0x20CE;
inline constexpr unsigned kStoredAlarm = 0x21CE;

// The observation of now comes first, stored records after it.
bool read_items(const Uplink& uplink, std::span<const Item> items, Decoded& decoded);

// Sets kind and state, unless what was read before says more.
void settle(sdk::Observation& observation, watchpost_kind kind, watchpost_state state);
// Adds the pieces of `item` to `observation`; `value` has the length that the item says.
void add_pieces(const Item& item, std::string_view value, sdk::Observation& observation);

// How many bytes an answer to a command has behind its type; nothing where it is not known.
// `rest`: what follows the type.
[[nodiscard]] std::optional<std::size_t> answer_length(unsigned id, std::string_view rest);

}  // namespace watchpost::lorawan::milesight
