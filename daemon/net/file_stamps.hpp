// FileStamps and FinishedChange: whether files changed, and are not being changed right now.
// Why: a certificate and its key are two files; whoever replaces them writes one after the other.
// Promise: each change is due once, at the first look at which the files are as they were at the
// look before. `stamp_of` asks the disk; the rest is pure.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace watchpost::net {

// What differs when a file was written, replaced or given other rights; all zero: no such file.
struct FileStamp {
  std::uint64_t file = 0;  // inode
  std::int64_t size = 0;
  std::int64_t changed_ns = 0;  // ctime, which no program can set
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
using FileStamps = std::vector<FileStamp>;
[[nodiscard]] FileStamp stamp_of(const std::string& file);

class FinishedChange {
 public:
  // From now on a change is what differs from these.
  void begin(FileStamps now) { used_ = seen_ = std::move(now); }
  [[nodiscard]] bool is_due(FileStamps now) {
    const bool stands_still = now == seen_;
    seen_ = std::move(now);
    if (!stands_still || seen_ == used_) return false;
    used_ = seen_;
    return true;
  }

 private:
  FileStamps used_;
  FileStamps seen_;
};

}  // namespace watchpost::net
