// FileImage and CrashDisk: what a disk may hold when the power fails at one moment of a record.
// Promise: follows the record one operation at a time and knows, for each file of a store, what is
// certain on the disk, and which later operations may be there or not. After a failed sync a page
// that the kernel dropped comes back only where it is written again (as on Linux).
// One thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/recording_vfs.hpp"

namespace watchpost::model {

using support::DiskOp;
using support::StoreFile;

struct FileImage {
  bool exists = false;
  std::string bytes;

  // Called for each changed range, [first, end), where it is given.
  using Changed = std::function<void(std::size_t first, std::size_t end)>;
  void write(std::size_t offset, std::string_view bytes, const Changed& changed);
  void truncate(std::size_t size, const Changed& changed);
  void remove(const Changed& changed);
  void apply(const DiskOp& op, const Changed& changed);
};

// Which of the uncertain operations had reached the disk. Each pending operation of a file has its
// place in this list, oldest first.
struct Outcome {
  struct Fate {
    bool kept = true;
    // For a torn write: true for each sector of 512 bytes that reached the disk.
    std::vector<bool> sectors{};
  };
  std::array<std::vector<Fate>, support::kStoreFiles.size()> fates;
};

class CrashDisk {
 public:
  static constexpr std::size_t kSector = 512;

  // `seed` decides which pages a failed sync left on the disk. The record must outlive the disk.
  CrashDisk(const std::vector<DiskOp>& ops, std::uint64_t seed) : ops_(&ops), seed_(seed) {}

  [[nodiscard]] bool at_end() const { return done_ == ops_->size(); }
  // Number of operations done so far: the crash comes after them.
  [[nodiscard]] std::size_t done() const { return done_; }
  // Does the next operation and reports which ranges of the certain bytes it changed.
  using Certain = std::function<void(StoreFile file, std::size_t first, std::size_t end)>;
  void advance(const Certain& changed);

  [[nodiscard]] const FileImage& certain(StoreFile file) const { return at(file).certain; }
  [[nodiscard]] const std::deque<DiskOp>& pending(StoreFile file) const { return at(file).pending; }
  [[nodiscard]] bool has_pending() const;
  // The file of the last operation, where that operation was a write.
  [[nodiscard]] std::optional<StoreFile> last_write() const;
  // Applies the pending operations of a file to an image of it, as the outcome says.
  void decide(StoreFile file, const std::vector<Outcome::Fate>& fates, FileImage& image,
              const FileImage::Changed& changed) const;

 private:
  struct File {
    FileImage certain;
    FileImage cache;  // what a read sees
    std::deque<DiskOp> pending;
    std::set<std::size_t> dropped;  // kernel pages whose content in the cache is not on the disk
  };
  [[nodiscard]] const File& at(StoreFile file) const {
    return files_[static_cast<std::size_t>(file)];
  }
  void sync_folder(const Certain& changed);
  void fail_sync(File& file, const FileImage::Changed& changed);
  // A write as the kernel makes it: the whole page where a part of it was dropped before.
  [[nodiscard]] static DiskOp with_dropped_pages(File& file, const DiskOp& op);

  const std::vector<DiskOp>* ops_;
  std::uint64_t seed_;
  std::size_t done_ = 0;
  std::array<File, support::kStoreFiles.size()> files_;
};

// Returns the same 64 bits for the same numbers, so that one choice can be repeated without the
// others.
[[nodiscard]] std::uint64_t mix(std::uint64_t a, std::uint64_t b);

}  // namespace watchpost::model
