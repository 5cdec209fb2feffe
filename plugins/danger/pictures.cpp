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

// "fire detected" of "fire"; nothing for what is no danger.
std::optional<std::string> seen_as(std::string_view name) {
  const auto said = meaning_of_text({.name = "event", .text = name});
  if (!said.danger || said.weak || said.saying != Saying::alarm) return std::nullopt;
  return std::string(name) + " detected";
}

// {"smoke_alarm":0.93,"background":0.02}: of the classes the one that is likely.
std::optional<std::string> likely_in(const json::object& scores) {
  for (const auto& member : scores) {
    const auto& value = member.value();
    if (!value.is_double()) return std::nullopt;
    if (!is_likely(value.get_double())) continue;
    if (auto seen = seen_as(member.key())) return seen;
  }
  return std::nullopt;
}

std::optional<std::string> scored_in(const json::object& object) {
  constexpr std::array<std::string_view, 8> kScores{
      "scores",      "score",       "probabilities",  "confidences",
      "predictions", "probability", "classification", "classes"};
  for (const auto& member : object) {
    const auto* scores = member.value().if_object();
    if (scores == nullptr || !is_one_of(member.key(), kScores)) continue;
    if (auto seen = likely_in(*scores)) return seen;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> seen_in(const json::object& object) {
  const bool is_sure = std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto number = member.value().is_bool() ? std::nullopt : sdk::number_of(member.value());
    return number && tells_how_sure(member.key()) && is_likely(*number);
  });
  if (!is_sure) return scored_in(object);
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    if (text == nullptr || is_prose(*text) || !Phrase(member.key()).is_all_of(kOfClass)) continue;
    if (auto seen = seen_as(*text)) return seen;
  }
  return std::nullopt;
}

}  // namespace watchpost::danger
