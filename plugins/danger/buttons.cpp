#include <algorithm>

#include "danger/facts.hpp"
#include "danger/names.hpp"
#include "danger/phrase.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

bool has_one_of(std::string_view text, std::span<const std::string_view> words) {
  const Phrase phrase(text);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return phrase.has(word); });
}

}  // namespace

bool calls_for_help(std::string_view action) {
  // A keypad has keys for police, medical help and fire (ZCL 8.3, IAS ACE).
  if (Phrase(action).is("fire")) return true;
  const auto spoken = danger_in(action);
  return spoken && spoken->danger == Danger::sos && is_press(action);
}

bool is_press(std::string_view action) {
  const Phrase phrase(action);
  return !phrase.words().empty() && !has_one_of(action, no_presses());
}

bool calls_with_every_press(std::string_view description, const std::vector<std::string>& actions) {
  if (actions.empty() || !mentions(description, help_buttons())) return false;
  if (!mentions(description, button_words())) return false;
  return std::none_of(actions.begin(), actions.end(), [](const std::string& action) {
    return calls_for_help(action) || Phrase(action).has("disarm");
  });
}

}  // namespace watchpost::danger
