#include "danger/gas_names.hpp"

#include <algorithm>
#include <array>

#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::array<std::string_view, 7> kNamesOfGas{
    "gas", "gas type", "gas name", "target gas", "type gas", "gas kind", "gastype"};
constexpr std::array<std::string_view, 9> kSteps{
    "low alarm", "low low alarm", "alarm low", "high alarm", "high high alarm", "a1",
    "a2",        "al1",           "al2"};
constexpr std::array<std::string_view, 7> kMeasured{"conc",    "concentration", "ppm",    "lel",
                                                    "reading", "measured",      "density"};

}  // namespace

std::string gas_named(std::string_view key, const json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr || is_prose(*text)) return {};
  const Phrase name(key);
  const bool is_of_gas = std::any_of(kNamesOfGas.begin(), kNamesOfGas.end(),
                                     [&](std::string_view words) { return name.is(words); });
  const auto spoken = is_of_gas ? danger_in(*text) : std::nullopt;
  if (!spoken || says_alarm_in_words(*text)) return {};
  if (spoken->danger != Danger::gas && spoken->danger != Danger::co) return {};
  return std::string(*text) + (spoken->weak ? " alarm" : "");
}

bool says_more_than_gas(const json::object& object) {
  return !value_in(object).empty() ||
         std::any_of(object.begin(), object.end(),
                     [](const auto& member) { return Phrase(member.key()).has_one_of(kMeasured); });
}

bool is_step_of_alarm(Danger danger, std::string_view text) {
  if (danger != Danger::gas && danger != Danger::co && danger != Danger::smoke) return false;
  const Phrase phrase(text);
  return std::any_of(kSteps.begin(), kSteps.end(),
                     [&](std::string_view words) { return phrase.is(words); });
}

}  // namespace watchpost::danger
