// What a long run of a test is told by variables of its environment.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

namespace watchpost::support {

// Nothing where it is not set, or empty.
inline std::optional<std::string> from_environment(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  return text;
}

// What is no number ends the test.
inline std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const auto text = from_environment(name);
  return text ? std::stoull(*text) : otherwise;
}

}  // namespace watchpost::support
