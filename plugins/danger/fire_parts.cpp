#include "danger/fire_parts.hpp"

#include <algorithm>
#include <array>

#include "danger/lexicon.hpp"
#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

// `weak`: pumps and heatings have it too, so that it counts only where it is said to be a part.
struct Part {
  std::string_view words;
  Danger danger;
  bool weak = false;
};
// The words of Chinese names are those of words_chinese.cpp.
constexpr std::array kParts{
    Part{"manual call point", Danger::manual_call},
    Part{"call point", Danger::manual_call},
    Part{"manual call", Danger::manual_call},
    Part{"hydrant button", Danger::manual_call},
    Part{"water flow indicator", Danger::fire},
    Part{"flow indicator", Danger::fire, true},
    Part{"waterflow switch", Danger::fire},
    Part{"alarm valve", Danger::fire},
    Part{"pressure switch", Danger::fire, true},
    Part{"gas extinguishing", Danger::fire},
    Part{"foam extinguishing", Danger::fire},
    Part{"powder extinguishing", Danger::fire},
    Part{"extinguishing controller", Danger::fire},
    Part{"gas extinguishing system", Danger::fire},
    Part{"foam system", Danger::fire, true},
    Part{"powder system", Danger::fire, true},
    Part{"water spray system pressure vessel", Danger::fire},
};
constexpr std::array<std::string_view, 14> kStarted{
    "start",    "started",     "starting",  "startup",    "feedback",  "activated", "activate",
    "operated", "supervisory", "discharge", "discharged", "triggered", "pressed",   "actuated"};
// Neither started nor a doubt about it.
constexpr std::array<std::string_view, 14> kNot{"not",     "no",       "fault",  "failure", "test",
                                                "drill",   "cleared",  "normal", "restore", "stop",
                                                "stopped", "disabled", "reset",  "cancel"};
constexpr std::array<std::string_view, 13> kOfPart{
    "part",   "component", "device", "type",   "name",   "sensor", "equipment",
    "system", "detector",  "desc",   "source", "module", "unit"};
// A key with one of these is of a fire alarm system.
constexpr std::array<std::string_view, 3> kSure{"part", "component", "system"};
constexpr std::array<std::string_view, 12> kOfState{"state",  "status",    "action", "event",
                                                    "value",  "alarm",     "signal", "part",
                                                    "device", "component", "system", "result"};

const Part* part_in(const Phrase& phrase) {
  const auto words = phrase.words();
  const Part* found = nullptr;
  for (std::size_t at = 0; at < words.size(); ++at) {
    for (const auto& part : kParts) {
      const bool better = found == nullptr || (found->weak && !part.weak);
      if (better && matches(words, at, part.words) > 0) found = &part;
    }
  }
  return found;
}

bool started(const Phrase& phrase) {
  if (phrase.has_one_of(kNot)) return false;
  const auto words = phrase.words();
  return std::any_of(words.begin(), words.end(), [](auto word) {
    return is_one_of(word, kStarted) || value_part(word) == ValuePart::alarm;
  });
}

}  // namespace

std::optional<Danger> part_telling_of_fire(std::string_view name) {
  const Part* part = part_in(Phrase(name));
  return part == nullptr ? std::nullopt : std::optional(part->danger);
}

bool says_started(std::string_view text) {
  return started(Phrase(text));
}

std::optional<Danger> started_part_in(const sdk::json::object& object) {
  std::optional<Danger> told;
  bool is_started = false;
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || text->size() > Phrase::kLongest) continue;
    const Phrase key(member.key());
    if (key.is_all_of(kOfState)) is_started |= says_started(*text);
    if (told || !key.is_all_of(kOfPart)) continue;
    const Part* part = part_in(Phrase(*text));
    const bool is_of_fire = key.has_one_of(kSure);
    if (part != nullptr && (!part->weak || is_of_fire)) told = part->danger;
  }
  return is_started ? told : std::nullopt;
}

std::optional<Danger> started_part_in(std::string_view text) {
  const Phrase phrase(text);
  if (!started(phrase)) return std::nullopt;
  const Part* part = part_in(phrase);
  return part == nullptr || part->weak ? std::nullopt : std::optional(part->danger);
}

}  // namespace watchpost::danger
