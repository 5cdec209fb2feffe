// DiskReserve: a file that holds room on the disk, so that alarms are kept when others fill it.
// Promise: what it gives up is free on the disk when `release` returns; it takes nothing back while
// the disk is low. Without it a full disk has no page for an alarm, whatever the quota says.
// Called by the writer's thread.
#pragma once

#include <cstdint>
#include <filesystem>

namespace watchpost::spool {

class DiskReserve {
 public:
  DiskReserve() = default;
  // At most `most` bytes, and a sixteenth of the disk; none where `most` is 0.
  DiskReserve(std::filesystem::path file, std::uint64_t most);

  // Gives a part back to the disk; false when nothing is left.
  bool release();
  // Takes again what was given up, where the disk has plenty. Cheap while it has all.
  void refill();

 private:
  std::filesystem::path file_;
  std::uint64_t size_ = 0;    // as it is
  std::uint64_t wanted_ = 0;  // for this disk
};

}  // namespace watchpost::spool
