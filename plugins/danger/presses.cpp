#include "danger/presses.hpp"

#include <algorithm>
#include <array>

#include "danger/facts.hpp"
#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"
#include "danger/values.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr double kMostPresses = 10;  // a greater number is a code

constexpr std::array<std::string_view, 18> kNamesOfThing{
    "device", "name", "friendly", "label",  "alias",  "title", "type",   "model",   "description",
    "desc",   "id",   "sensor",   "source", "entity", "node",  "button", "profile", "kind"};
constexpr std::array<std::string_view, 16> kNamesOfPress{
    "activated", "action", "press", "pressed", "click",   "clicked", "button", "key",
    "event",     "type",   "state", "status",  "gesture", "trigger", "touch",  "call"};
// Buttons beside these call nobody.
constexpr std::array<std::string_view, 9> kOtherButtons{
    "stop", "exit", "light", "door", "lift", "elevator", "doorbell", "intercom", "reset"};
// Names that say only how it is: a press where they say one in words.
constexpr std::array<std::string_view, 2> kOnlyState{"state", "status"};

bool tells_press(std::string_view key, const json::value& value) {
  if (!holds_press(key) && part_of(key) != MemberPart::value) return false;
  if (value.is_string()) return says_press(value.get_string());
  if (!tells_a_press(key)) return false;
  if (value.is_bool()) return value.get_bool();
  const auto number = sdk::number_of(value);
  return number && *number >= 1 && *number <= kMostPresses;
}

}  // namespace

bool is_button_for_help(std::string_view text) {
  if (is_prose(text) || mentions(text, kOtherButtons)) return false;
  const auto meaning = meaning_of_name(text);
  const bool named = meaning.danger == Danger::sos && meaning.role != Role::none;
  const bool described = mentions(text, help_buttons()) && mentions(text, button_words());
  return (named && !meaning.weak) || described;
}

bool says_press(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  return phrase.has_one_of(presses()) && std::all_of(words.begin(), words.end(), [](auto word) {
           return is_one_of(word, presses()) || is_one_of(word, beside_presses());
         });
}

bool holds_press(std::string_view key) {
  const Phrase phrase(key);
  return phrase.is_all_of(kNamesOfPress) && !phrase.is_all_of(kOnlyState) && !phrase.is("type");
}

bool is_pressed_for_help(const json::object& object, std::string_view about) {
  bool for_help = !about.empty() && is_button_for_help(about);
  bool pressed = false;
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const auto& value = member.value();
    pressed |= tells_press(key, value);
    const auto* text = value.if_string();
    if (text == nullptr) continue;
    for_help |= Phrase(key).is_all_of(kNamesOfThing) && is_button_for_help(*text);
  }
  return for_help && pressed;
}

std::optional<std::string> told_by_worn(const json::object& object) {
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || is_prose(*text) || !Phrase(member.key()).is_all_of(worn_things()))
      continue;
    const auto said = meaning_of_text({.name = "event", .text = *text});
    const bool for_person = said.danger == Danger::sos || said.danger == Danger::fall;
    if (for_person && !said.weak && said.saying == Saying::alarm) return std::string(*text);
  }
  return std::nullopt;
}

}  // namespace watchpost::danger
