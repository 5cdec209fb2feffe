// Card text: what is known of a household (model/device_card.hpp), in the words of pages and lists.
// Promise: absent fields read as empty, so a newer or older daemon still gives words. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "cli/status_text.hpp"
#include "model/language.hpp"

namespace watchpost::cli {

// The household and whom to call, of a device or an alarm; nothing where neither is known.
void add_call(StatusText& page, const boost::json::object& about, std::string_view indent);
// Each text that is known of a device.
void add_card(StatusText& page, const boost::json::object& device, std::string_view indent);
// "; contact: Li, 138 → Li, 139" for each text that an entry changes.
[[nodiscard]] std::string card_changes(const boost::json::object& entry, Language language);
// "name, contact": what the configuration fixes and an entry has otherwise.
[[nodiscard]] std::string fixed_texts(const boost::json::object& entry, Language language);

}  // namespace watchpost::cli
