// Language: in which language a person is spoken to.
// Promise: English and Chinese, nothing else. Used by the catalogue of troubles and by the
// watchpost command, on any thread.
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

}  // namespace watchpost
