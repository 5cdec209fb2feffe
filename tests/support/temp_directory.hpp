// TempDirectory: a folder for one test, removed with all it contains.
// Promise: a folder in memory costs no disk when a test writes and syncs there; where the system
// has no /dev/shm the folder is an ordinary temporary one, slower but as good.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace watchpost::support {

class TempDirectory {
 public:
  enum class Place { disk, memory };

  explicit TempDirectory(Place place = Place::disk) {
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
    const bool has_memory = ::access("/dev/shm", W_OK | X_OK) == 0;
    if (place == Place::memory && has_memory) return "/dev/shm";
    return std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

}  // namespace watchpost::support
