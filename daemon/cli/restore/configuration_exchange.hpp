// ConfigurationExchange: the configuration of a backup takes the place of this box's.
// Promise: all of it is copied beside and synced before anything is moved; what was there goes into
// a folder aside, and undo() puts it back, as a step that fails does by itself. Called by restore,
// main thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/whole_file.hpp"

namespace watchpost::cli {

// The beginning of the names of folders in which lies what a restore put aside.
inline constexpr const char* kPutAside = "before-restore-";

class ConfigurationExchange {
 public:
  struct Places {
    std::filesystem::path folder;  // /etc/watchpost
    std::string aside;             // the name of the folder in it for what was there
    std::filesystem::path store;   // the folder of the store: stays, should it be in `folder`
  };
  explicit ConfigurationExchange(const Places& places);

  // The service reads by the owner's group, and only root writes.
  [[nodiscard]] Result<void> put(const std::filesystem::path& from, const Owner& owner);
  // What could not be moved back stays aside: false.
  bool undo();
  // Where what was there is; empty where there was nothing, or nothing was put.
  [[nodiscard]] std::filesystem::path aside() const { return old_.empty() ? "" : aside_; }

 private:
  [[nodiscard]] Result<void> copy_beside(const std::filesystem::path& from, const Owner& owner);
  [[nodiscard]] Result<void> move_all();
  // The names in a folder that are part of a configuration.
  [[nodiscard]] std::vector<std::filesystem::path> names_of(
      const std::filesystem::path& folder) const;
  [[nodiscard]] std::filesystem::path beside() const { return folder_ / ".restoring"; }
  std::filesystem::path folder_;
  std::filesystem::path aside_;
  std::filesystem::path store_;  // the name in `folder_` that leads to it; ".." where none does
  std::vector<std::filesystem::path> old_;    // names that were moved aside
  std::vector<std::filesystem::path> fresh_;  // names that were put in their place
};

}  // namespace watchpost::cli
