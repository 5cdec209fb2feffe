// TempDirectory: a folder for one test, removed with all it contains.
// Promise: a folder in memory costs no disk when a test writes and syncs there, however busy that
// is; where the system has no /dev/shm, or no room in it, the folder is an ordinary temporary one,
// slower but as good. A test of what a disk does asks for one.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace watchpost::support {

class TempDirectory {
 public:
  enum class Place { disk, memory };

  explicit TempDirectory(Place place = Place::memory) {
    std::string pattern = (parent_in(place) / "watchpost-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp: " + pattern);
    path_ = pattern;
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  static std::filesystem::path parent_in(Place place) {
    constexpr const char* kMemory = "/dev/shm";
    constexpr std::uintmax_t kRoom = 128UL << 20U;  // far more than any test writes
    std::error_code error;
    const bool has_memory = ::access(kMemory, W_OK | X_OK) == 0 &&
                            std::filesystem::space(kMemory, error).available >= kRoom && !error;
    if (place == Place::memory && has_memory) return kMemory;
    return std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

}  // namespace watchpost::support
