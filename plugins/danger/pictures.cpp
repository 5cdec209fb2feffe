#include "danger/pictures.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"
#include "danger/values.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::array<std::string_view, 9> kOfClass{
    "class", "label", "name", "object", "category", "detected", "type", "tag", "target"};
constexpr std::array<std::string_view, 7> kHowSure{"confidence", "conf", "score", "probability",
                                                   "prob",       "top",  "max"};
constexpr std::array<std::string_view, 5> kConfidence{"confidence", "conf", "score", "probability",
                                                      "prob"};

// More likely than not, of one or of a hundred.
bool is_likely(double number) {
  constexpr double kWhole = 1;
  constexpr double kHundred = 100;
  if (number > kHundred || number < 0) return false;
  return number > (number > kWhole ? kHundred : kWhole) / 2;
}

bool tells_how_sure(std::string_view key) {
  const Phrase name(key);
  return name.has_one_of(kConfidence) && name.is_all_of(kHowSure);
}

}  // namespace

std::optional<std::string> seen_in(const json::object& object) {
  const bool is_sure = std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto number = member.value().is_bool() ? std::nullopt : sdk::number_of(member.value());
    return number && tells_how_sure(member.key()) && is_likely(*number);
  });
  if (!is_sure) return std::nullopt;
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || is_prose(*text) || !Phrase(member.key()).is_all_of(kOfClass)) continue;
    const auto said = meaning_of_text({.name = "event", .text = *text});
    if (said.danger && !said.weak && said.saying == Saying::alarm) {
      return std::string(*text) + " detected";
    }
  }
  return std::nullopt;
}

}  // namespace watchpost::danger
