// RawFile: reads pieces of a file that may be anything.
// Promise: never blocks on what is no regular file (a FIFO, a device) and never follows a symbolic
// link; what the disk cannot read is not there. Called at start-up, by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace watchpost::spool {

class RawFile {
 public:
  // A file that is not there, or is no regular file, counts as empty: nothing can be read from it.
  // One that is there and may not be read is a Failure: what it holds would be given up.
  [[nodiscard]] static Result<RawFile> open(const std::filesystem::path& path);
  RawFile() = default;
  RawFile(RawFile&& other) noexcept;
  RawFile& operator=(RawFile&& other) noexcept;
  ~RawFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Fills `piece` (of its present size) from `offset`, with zeros past the end of the file; false
  // where nothing is there or the disk fails.
  [[nodiscard]] bool read(std::uint64_t offset, std::string& piece) const;

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace watchpost::spool
