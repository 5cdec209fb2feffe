// check_attached: mistakes in an [[upstream]] whose server comes to us (url = "listener").
// Promise: nobody who cannot be told from the server is taken for it, because what it acknowledges
// counts as delivered. Pure; at start-up.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "settings/check_tls.hpp"

namespace watchpost::settings {

struct AttachedPlace {
  bool is_upstream = true;  // or a broker
  bool may_log_in = true;   // a [[listener]] asks for accounts
};
// `given`: whether the file names a key of this section.
[[nodiscard]] std::vector<KeyMistake> check_attached(
    const LinkConfig& link, const AttachedPlace& place,
    const std::function<bool(std::string_view)>& given);

}  // namespace watchpost::settings
