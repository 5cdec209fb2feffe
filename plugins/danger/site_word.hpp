// site_word: what a site says that a contact, a code or a switch is. A radio code, an input of a
// relay, a button have no meaning of their own; the site writes one as the profile of [[device]].
// Promise: nothing where the profile is none of site_profiles(). Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "danger/words.hpp"
#include "sdk/json.hpp"
#include "sdk/observation.hpp"
#include "sdk/options.hpp"

namespace watchpost::danger {

struct SiteWord {
  Danger danger = Danger::none;
  bool inverted = false;  // options = { inverted = true }: the contact opens when there is danger
};

// `device`: of the site's table; null where it does not list the contact.
[[nodiscard]] std::optional<SiteWord> site_word(const sdk::Device* device);
// As the documents write them: "smoke-alarm".
[[nodiscard]] std::span<const std::string_view> site_profiles();
[[nodiscard]] bool is_sos_button(const sdk::Device* device);

// What a contact says: on and off, or nothing where it cannot be told.
[[nodiscard]] sdk::Observation contact_of(const SiteWord& word, std::optional<bool> active);
// The same of a value as it came: what is neither null nor one of the two is flagged
// "not_understood", with a sentence about it.
struct ContactSaid {
  sdk::Observation observation;
  std::string unread{};
};
[[nodiscard]] ContactSaid contact_said(const SiteWord& word, const sdk::json::value& value);
// "ON", true, 1, "open", "pressed" as a contact that is active; "OFF", false, 0 as one that is not.
[[nodiscard]] std::optional<bool> contact_value(const sdk::json::value& value);

}  // namespace watchpost::danger
