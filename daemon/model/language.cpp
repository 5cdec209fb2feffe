#include "model/language.hpp"

#include <cstdlib>

namespace watchpost {
namespace {

// "zh_CN.UTF-8" and "zh-CN" begin with the language; "zhuang" does not.
bool is_language(std::string_view name, std::string_view language) {
  if (!name.starts_with(language)) return false;
  name.remove_prefix(language.size());
  return name.empty() || name.front() == '_' || name.front() == '-' || name.front() == '.';
}

}  // namespace

std::string_view to_string(Language language) {
  switch (language) {
    case Language::english:
      return "en";
    case Language::chinese:
      return "zh-CN";
  }
  return {};
}

std::optional<Language> language_from(std::string_view name) {
  if (is_language(name, "zh")) return Language::chinese;
  if (is_language(name, "en") || is_language(name, "C") || name == "POSIX") {
    return Language::english;
  }
  return std::nullopt;
}

Language language_for(std::string_view named) {
  if (const auto language = language_from(named)) return *language;
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    // The first that is set decides, whatever it says (POSIX).
    if (value != nullptr && *value != '\0') {
      return language_from(value).value_or(Language::english);
    }
  }
  return Language::english;
}

}  // namespace watchpost
