// MemoryDirectory: a folder of the test's own in memory, removed with all it holds.
// Promise: writing and syncing there costs no disk; where the system has no /dev/shm it is an
// ordinary temporary folder, slower but as good.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace watchpost::support {

class MemoryDirectory {
 public:
  MemoryDirectory() {
    const bool has_memory = ::access("/dev/shm", W_OK | X_OK) == 0;
    const std::filesystem::path parent =
        has_memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "watchpost-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp: " + pattern);
    path_ = pattern;
  }
  MemoryDirectory(const MemoryDirectory&) = delete;
  MemoryDirectory& operator=(const MemoryDirectory&) = delete;
  ~MemoryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace watchpost::support
