// FileImage and CrashDisk: what a disk may hold after the power fails at one moment of a record.
// Promise: follows the record one operation at a time and knows, for each file of a store, what is
// certainly on the disk and which later operations may or may not be. After a failed sync a page
// that the kernel dropped comes back only where it is written again (as Linux does).
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

  // Tells of each changed range, [first, end), where `changed` is given.
  using Changed = std::function<void(std::size_t first, std::size_t end)>;
  void write(std::size_t offset, std::string_view bytes, const Changed& changed);
  void truncate(std::size_t size, const Changed& changed);
  void remove(const Changed& changed);
  void apply(const DiskOp& op, const Changed& changed);
};

// Which of the operations that are not certain had reached the disk. Each pending operation of a
// file has its place here, oldest first.
struct Outcome {
  struct Fate {
    bool kept = true;
    // Of a write that was torn: 1 for each sector of 512 bytes that did reach the disk.
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
  // Operations done so far: the crash is after this many.
  [[nodiscard]] std::size_t done() const { return done_; }
  // Does the next operation; tells which ranges of what is certain changed.
  using Certain = std::function<void(StoreFile file, std::size_t first, std::size_t end)>;
  void advance(const Certain& changed);

  [[nodiscard]] const FileImage& certain(StoreFile file) const { return at(file).certain; }
  [[nodiscard]] const std::deque<DiskOp>& pending(StoreFile file) const { return at(file).pending; }
  [[nodiscard]] bool has_pending() const;
  // The file that the last operation wrote to, where it was a write.
  [[nodiscard]] std::optional<StoreFile> last_write() const;
  // Brings the pending operations of a file, as the outcome has them, into an image of it.
  void settle(StoreFile file, const std::vector<Outcome::Fate>& fates, FileImage& image,
              const FileImage::Changed& changed) const;

 private:
  struct File {
    FileImage certain;
    FileImage cache;  // what reading sees
    std::deque<DiskOp> pending;
    std::set<std::size_t> dropped;  // kernel pages whose content in the cache is not on the disk
  };
  [[nodiscard]] const File& at(StoreFile file) const {
    return files_[static_cast<std::size_t>(file)];
  }
  void sync_folder(const Certain& changed);
  void fail_sync(File& file, const FileImage::Changed& changed);
  // A write as the kernel will make it: whole pages where parts of them were dropped before.
  [[nodiscard]] static DiskOp with_dropped_pages(File& file, const DiskOp& op);

  const std::vector<DiskOp>* ops_;
  std::uint64_t seed_;
  std::size_t done_ = 0;
  std::array<File, support::kStoreFiles.size()> files_;
};

// The same 64 bits for the same numbers: choices that can be made again one at a time.
[[nodiscard]] std::uint64_t mix(std::uint64_t a, std::uint64_t b);

}  // namespace watchpost::model
