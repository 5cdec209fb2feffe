#include "danger/failures.hpp"

#include <algorithm>
#include <array>

#include "danger/levels.hpp"
#include "danger/lexicon.hpp"
#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::array<std::string_view, 8> kFailed{"failure", "failed", "fault",  "faulty",
                                                  "defect",  "broken", "faults", "malfunction"};
constexpr std::array<std::string_view, 4> kOfWater{"pump", "pumps", "sump", "float"};

}  // namespace

bool tells_failure(std::string_view text) {
  if (is_prose(text)) return false;
  const Phrase phrase(text);
  const auto words = phrase.words();
  const bool is_over = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    const auto part = value_part(word);
    return part == ValuePart::calm || part == ValuePart::test;
  });
  if (is_over || !phrase.has_one_of(kFailed)) return false;
  const auto spoken = danger_in(text);
  return (spoken && !spoken->weak) || speaks_of_level(text) || phrase.has_one_of(kOfWater);
}

std::optional<std::string> failure_in(const json::object& object) {
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr) continue;
    const auto part = part_of(member.key());
    const bool tells = part == MemberPart::event || part == MemberPart::value ||
                       part == MemberPart::in_words || Phrase(member.key()).is("event");
    if (tells && tells_failure(*text)) return std::string(*text);
  }
  return std::nullopt;
}

}  // namespace watchpost::danger
