// The ways in which a power cut may leave what was not yet certain, chosen by numbers.
// Promise: the same disk, variant and seed give the same outcome.
// Pure.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "model/disk_image.hpp"

namespace watchpost::model {

enum class CrashVariant : std::uint8_t {
  kept,       // all of it reached the disk
  lost,       // nothing of it
  torn,       // all but the last write, of which only some sectors did
  reordered,  // any of it, in any order, some torn
};
inline constexpr std::array kCrashVariants{CrashVariant::kept, CrashVariant::lost,
                                           CrashVariant::torn, CrashVariant::reordered};
[[nodiscard]] std::string_view to_string(CrashVariant variant);

// Nothing where this disk has no such outcome that differs from those before it in the list.
[[nodiscard]] std::optional<Outcome> choose_outcome(const CrashDisk& disk, CrashVariant variant,
                                                    std::uint64_t seed);

}  // namespace watchpost::model
