#include "spool/room/disk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "spool/spool_defaults.hpp"

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

constexpr ByteCount kFloor{4ULL << 20U};
constexpr std::uint64_t kKiB = 1ULL << 10U;
constexpr std::uint64_t kMiB = 1ULL << 20U;
constexpr std::uint64_t kGiB = 1ULL << 30U;

fs::path nearest_existing(fs::path folder) {
  std::error_code error;
  folder = fs::absolute(folder, error);
  while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

}  // namespace

bool Disk::is_low() const {
  return free < std::min(kFloor, ByteCount{size.value / 16});
}

Disk disk_of(const fs::path& folder) {
  std::error_code error;
  const auto space = fs::space(nearest_existing(folder), error);
  if (error) return Disk{ByteCount{std::numeric_limits<std::uint64_t>::max()}, ByteCount{0}};
  return Disk{ByteCount{space.available}, ByteCount{space.capacity}};
}

std::string text_of(ByteCount bytes) {
  if (bytes.value >= kGiB) {
    return fmt::format("{:.1f} GiB", static_cast<double>(bytes.value) / static_cast<double>(kGiB));
  }
  if (bytes.value >= kMiB) return fmt::format("{} MiB", bytes.value / kMiB);
  return fmt::format("{} KiB", bytes.value / kKiB);
}

std::optional<ByteCount> quota_for(ByteCount disk_size) {
  // In whole MiB, because watchpost.toml takes no fractions.
  const ByteCount most{disk_size.value / 10 * 8 / kMiB * kMiB};
  return most < kLeastQuota ? std::nullopt : std::optional(most);
}

std::string advice_on_quota(ByteCount disk_size) {
  const auto most = quota_for(disk_size);
  if (!most) {
    return fmt::format("The least quota is {}: put the store on a larger disk",
                       text_of(kLeastQuota));
  }
  return fmt::format("Set store.quota to at most {} MiB", most->value / kMiB);
}

std::optional<std::string> remark_on_quota(const fs::path& folder, ByteCount quota) {
  const Disk disk = disk_of(folder);
  if (disk.size == ByteCount{} || quota <= disk.size) return std::nullopt;
  return fmt::format(
      "store.quota is {}, but the disk of {} has only {} in all: the disk will be full first, and "
      "then new telemetry is refused instead of the oldest being dropped. {}",
      text_of(quota), folder.string(), text_of(disk.size), advice_on_quota(disk.size));
}

}  // namespace watchpost::spool
