#include "danger/panels.hpp"

#include <algorithm>
#include <array>

#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

constexpr std::array<std::string_view, 7> kPanels{
    "alarmo",     "alarm control panel", "alarm panel", "partition",
    "partitions", "alarmpanel",          "alarm system"};
constexpr std::array<std::string_view, 4> kTriggered{"triggered", "trigger", "alarm triggered",
                                                     "in alarm"};

}  // namespace

bool is_of_panel(std::string_view topic) {
  const Phrase phrase(topic);
  const auto words = phrase.words();
  for (std::size_t at = 0; at < words.size(); ++at) {
    const bool found = std::any_of(kPanels.begin(), kPanels.end(), [&](std::string_view panel) {
      return matches(words, at, panel) > 0 || without_number(words[at]) == panel;
    });
    if (found) return true;
  }
  return false;
}

bool says_triggered(std::string_view text) {
  const Phrase phrase(text);
  return std::any_of(kTriggered.begin(), kTriggered.end(),
                     [&](std::string_view words) { return phrase.is(words); });
}

}  // namespace watchpost::danger
