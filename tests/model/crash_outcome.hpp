// Chooses by numbers in which way a power cut leaves the writes that were not yet certain.
// Promise: the same disk, variant and seed give the same outcome.
// Pure.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "model/disk_image.hpp"

namespace watchpost::model {

enum class CrashVariant : std::uint8_t {
  kept,       // all pending operations reached the disk
  lost,       // none of them did
  torn,       // all but the last write, of which some sectors did
  reordered,  // any of them, in any order, some of them torn
};
inline constexpr std::array kCrashVariants{CrashVariant::kept, CrashVariant::lost,
                                           CrashVariant::torn, CrashVariant::reordered};
[[nodiscard]] std::string_view to_string(CrashVariant variant);

// Nothing where this disk has no such outcome, or only one that equals an earlier variant of the
// list.
[[nodiscard]] std::optional<Outcome> choose_outcome(const CrashDisk& disk, CrashVariant variant,
                                                    std::uint64_t seed);

}  // namespace watchpost::model
