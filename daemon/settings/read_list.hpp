// Reads a value that is a list: of Topic Filters, of names, of classes, of what a street may do.
// Promise: as read_value.hpp; one wrong element refuses the list, and is named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "settings/read_value.hpp"

namespace watchpost::settings {

[[nodiscard]] std::optional<Unacceptable> read_list(const toml::node& node, const Key& key,
                                                    std::vector<TopicFilter>& value);
[[nodiscard]] std::optional<Unacceptable> read_list(const toml::node& node, const Key& key,
                                                    std::vector<std::string>& value);
[[nodiscard]] std::optional<Unacceptable> read_list(const toml::node& node, const Key& key,
                                                    PerClass<bool>& value);
[[nodiscard]] std::optional<Unacceptable> read_list(const toml::node& node, const Key& key,
                                                    DutyActionSet& value);

}  // namespace watchpost::settings
