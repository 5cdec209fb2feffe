#include "spool/room/disk_reserve.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace watchpost::spool {
namespace {

constexpr std::uint64_t kShareOfDisk = 16;
constexpr std::uint64_t kParts = 8;

// Freed blocks can be used by others (ext4) only once the truncation itself is on disk.
bool resize(const std::filesystem::path& file, std::uint64_t size) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return false;
  const auto length = static_cast<off_t>(size);
  const bool done = ::ftruncate(descriptor, length) == 0 &&
                    (size == 0 || ::posix_fallocate(descriptor, 0, length) == 0) &&
                    ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done;
}

}  // namespace

DiskReserve::DiskReserve(std::filesystem::path file, std::uint64_t most) : file_(std::move(file)) {
  std::error_code error;
  const auto disk = std::filesystem::space(file_.parent_path(), error);
  if (!error) wanted_ = std::min(most, disk.capacity / kShareOfDisk);
  const auto size = std::filesystem::file_size(file_, error);
  if (!error) size_ = size;
  refill();
}

bool DiskReserve::release() {
  if (size_ == 0) return false;
  const auto part = std::max<std::uint64_t>(wanted_ / kParts, 1);
  size_ -= std::min(size_, part);
  return resize(file_, size_);
}

void DiskReserve::refill() {
  if (size_ >= wanted_) return;
  std::error_code error;
  const auto disk = std::filesystem::space(file_.parent_path(), error);
  // After the reserve is filled again, as many bytes must still be free: otherwise the next write
  // of any program would find the disk full.
  if (error || disk.available < 2 * wanted_) return;
  if (resize(file_, wanted_)) size_ = wanted_;
}

}  // namespace watchpost::spool
