// Language: in which language a person is spoken to.
// Promise: English and Chinese, nothing else. Used by the catalogue of troubles, by the
// configuration and by both programs, on any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost {

enum class Language : std::uint8_t { english, chinese };

inline constexpr std::array kLanguages{Language::english, Language::chinese};

// "en", "zh-CN": the names of the texts in JSON.
[[nodiscard]] std::string_view to_string(Language language);
// "zh", "zh-CN", "zh_CN.UTF-8", "en", "C", ...: anything else is nothing.
[[nodiscard]] std::optional<Language> language_from(std::string_view name);

// Of a person who runs a program: what --lang names (may be empty), else what LC_ALL, LC_MESSAGES
// or LANG says, else English.
[[nodiscard]] Language language_for(std::string_view named);

}  // namespace watchpost
