// fold: a text as it is spelled without marks: "Überflutung" is "Uberflutung", "fumée" is "fumee",
// "ДЫМ" is "дым".
// Promise: Latin letters lose their marks and keep their case, Cyrillic ones become small; all else
// is as it was. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::danger {

[[nodiscard]] std::string folded(std::string_view text);

}  // namespace watchpost::danger
