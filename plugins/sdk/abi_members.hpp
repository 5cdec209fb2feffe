// Members of the ABI that an older host or decoder does not have.
#pragma once

#include <cstddef>
#include <string_view>

#include "abi/watchpost_decoder.h"

namespace watchpost::sdk {

inline constexpr std::string_view kFromCopy = WATCHPOST_FROM_COPY;

// False where the other side's struct ends before `Member`, which is of a later version.
template <class Struct, class Member>
[[nodiscard]] bool has_member(const Struct& object, const Member& member) {
  const auto* begin = reinterpret_cast<const unsigned char*>(&object);
  const auto* end = reinterpret_cast<const unsigned char*>(&member) + sizeof member;
  return static_cast<std::size_t>(end - begin) <= object.struct_size;
}

}  // namespace watchpost::sdk
