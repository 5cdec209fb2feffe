// whole_file: writes a file whole or not at all.
// Promise: what was there stays until the new text is on the disk; a crash leaves the one or the
// other. Called by commands that keep files of the service, on the main thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace watchpost {

// Absolute, also of a file that is named without one: its folder is where the process runs.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& file);

// To whom a file is to belong; -1 leaves it with the process's.
struct Owner {
  uid_t user = static_cast<uid_t>(-1);
  gid_t group = static_cast<gid_t>(-1);
};
// The owner and mode that the new file is to have.
struct Belonging {
  uid_t owner = static_cast<uid_t>(-1);  // the process's
  gid_t group = static_cast<gid_t>(-1);
  mode_t mode = 0640;
};
// The group to which a file belongs where root makes it.
struct FileGroup {
  std::string name;
};
// As the file that is there, or of a new one.
[[nodiscard]] Belonging belonging_of(const std::filesystem::path& file, const FileGroup& group);

struct WholeFile {
  std::filesystem::path file;
  std::string_view text;
  Belonging belonging;
};
[[nodiscard]] Result<void> write_whole(const WholeFile& whole);

struct FailedStep {
  std::filesystem::path file;
  std::string_view step;
};
// With the words of errno.
[[nodiscard]] Failure step_failure(const FailedStep& failed);

class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

}  // namespace watchpost
