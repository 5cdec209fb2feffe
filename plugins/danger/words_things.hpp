// words_things: the words of what stands around a danger and is none, or of what says it in a word
// of its own: sirens, buttons, appliances, machines, and what holds water.
// Promise: the part of the table of words.hpp that words_things.cpp holds; constant; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "danger/words.hpp"

namespace watchpost::danger {

// Words in the description of a device that make a bare "alarm" something that is no danger of
// ours: a siren that sounds, a door that is open.
[[nodiscard]] std::span<const std::string_view> harmless_devices();
// Names whose presence tells that a bare "alarm" beside them is a siren or a setting.
[[nodiscard]] std::span<const std::string_view> siren_companions();
// In the description of a button that calls for help with every press: one word of each list.
[[nodiscard]] std::span<const std::string_view> help_buttons();
[[nodiscard]] std::span<const std::string_view> button_words();
// Words in the description of a member or device that say that "water" is wanted, not feared.
[[nodiscard]] std::span<const std::string_view> water_wanted();
// What works with heat, water, a flame, gas or smoke: on its topic a mere yes under "heat", "water"
// or "flame" says that it runs, a 1 under "gas" is a count, and one under "smoke" may be either.
[[nodiscard]] std::span<const std::string_view> appliances_with(Danger danger);
// Actions that are no press.
[[nodiscard]] std::span<const std::string_view> no_presses();
// How a press is said ("single", "long"), and what may stand beside it ("button").
[[nodiscard]] std::span<const std::string_view> presses();
[[nodiscard]] std::span<const std::string_view> beside_presses();

// The last word of a name under which a value stands; words of a name under which a title does.
[[nodiscard]] std::span<const std::string_view> value_names();
[[nodiscard]] std::span<const std::string_view> title_words();
// Of a name under which stands what a thing is, and not how it is.
[[nodiscard]] std::span<const std::string_view> description_words();

// What somebody wears, who falls or calls: "wristband".
[[nodiscard]] std::span<const std::string_view> worn_things();
// Of what is written about alarms and detectors, where none has gone off: "Fire alarm prices rise".
[[nodiscard]] std::span<const std::string_view> news_words();

// Words about the level of what holds water.
enum class LevelPart : std::uint8_t {
  over,       // it is passed: overflow, exceeded
  high,       // alone a doubt, twice an alarm: high, full
  too,        // beside "high" an alarm
  vessel,     // tank, river
  drain,      // must never be full: sump, sewer
  question,   // the name asks how it is: status, alarm
  beside,     // may stand beside those of a value: level, limit
  elsewhere,  // a level of something else: buffer, log
  grade,      // in front of "level" it is how bad an alarm is
};
[[nodiscard]] std::span<const std::string_view> level_words(LevelPart part);

// Those of them that burn gas and say so by themselves.
[[nodiscard]] std::span<const std::string_view> boilers();
// Machines whose bare alarm is a fault of their own, and no danger to people.
[[nodiscard]] std::span<const std::string_view> machines();
// Where "panic" says that a program or its kernel died; where "help" is asked for in words.
[[nodiscard]] std::span<const std::string_view> computers();
[[nodiscard]] std::span<const std::string_view> chats();

}  // namespace watchpost::danger
