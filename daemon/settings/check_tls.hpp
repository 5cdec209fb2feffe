// check_listener_tls: mistakes among the keys of a [[listener]] that are about TLS.
// Promise: a key that promises protection and gives none is a mistake, never a remark. Pure; used
// by the configuration only, at start-up.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "settings/config.hpp"

namespace watchpost::settings {

struct KeyMistake {
  std::string_view key;
  Words what;
  Words next;
};
// `given`: whether the file names a key of this [[listener]].
[[nodiscard]] std::vector<KeyMistake> check_listener_tls(
    const ListenerConfig& listener, const std::function<bool(std::string_view)>& given);

// Certificate and key belong together.
[[nodiscard]] std::vector<KeyMistake> check_key_pair(
    const std::function<bool(std::string_view)>& given);

}  // namespace watchpost::settings
