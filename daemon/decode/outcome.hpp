// Outcome: what a decoder makes of a message. Its words are those of vectors.json, of the event's
// annotation and of `watchpost decode`. A plain value.
#pragma once

#include <cstdint>
#include <string_view>

namespace watchpost::decode {

enum class Outcome : std::uint8_t {
  decoded,    // observations say what it was
  ignored,    // understood, and nothing to keep as an event (command echo, confirm): `why` says it
  malformed,  // ours, but broken: kept as received, marked, `why` says what is wrong
  not_mine,   // not this decoder's message; the next one may try
  relayed,    // another gateway's event, to be passed on unchanged: `relayed` says what it is
  own,        // under this gateway's own name, from outside: `why` says it; never to be kept
};

[[nodiscard]] constexpr std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::decoded:
      return "decoded";
    case Outcome::ignored:
      return "ignored";
    case Outcome::malformed:
      return "malformed";
    case Outcome::not_mine:
      return "not_mine";
    case Outcome::relayed:
      return "relayed";
    case Outcome::own:
      return "own";
  }
  return {};
}

}  // namespace watchpost::decode
