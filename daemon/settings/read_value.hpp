// Reads the value of one key into its slot.
// Promise: the slot is written only when the value is acceptable; otherwise the answer says what
// was found and, where the meaning can be guessed, what to write instead. Used by the configuration
// only, at start-up.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "settings/keys.hpp"

namespace toml {
inline namespace v3 {
class node;
}
}  // namespace toml

namespace watchpost::settings {

struct Unacceptable {
  Words found;
  Words advice;
};

struct ReadingPlace {
  std::filesystem::path config;    // relative paths start in this folder
  std::filesystem::path mappings;  // installed mappings, found by their bare name; empty: none
  std::string user_name;           // the user who must be able to read the files
};

[[nodiscard]] std::optional<Unacceptable> read_value(const toml::node& node, const Key& key,
                                                     Slot slot, const ReadingPlace& place);

// The value as it stands in the file, shortened for a message.
[[nodiscard]] std::string shown(const toml::node& node);

}  // namespace watchpost::settings
