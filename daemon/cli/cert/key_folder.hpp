// KeyFolder: the folder in which `watchpost cert` keeps an authority and what it signed.
// Promise: a file is written whole or not at all, and none that is there is overwritten, but by
// `replace`, which keeps the old one. Keys have mode 0600. One process at a time is assumed.
// Called by `watchpost cert`, on the main thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace watchpost::cli {

enum class FileUse : bool { open_to_all, secret };

class KeyFolder {
 public:
  explicit KeyFolder(std::filesystem::path path) : path_(std::move(path)) {}

  // Makes the folder, with mode 0755, if there is none.
  [[nodiscard]] Result<void> prepare() const;
  [[nodiscard]] bool has(const std::string& name) const;
  [[nodiscard]] Result<std::string> read(const std::string& name) const;
  struct NewFile {
    std::string name;
    std::string_view text;
  };
  [[nodiscard]] Result<void> write(const NewFile& file, FileUse use) const;
  // The file of that name becomes `kept_as`, and the text takes its place, in one step each.
  struct Replacement {
    std::string name;
    std::string text;
    std::string kept_as;
  };
  [[nodiscard]] Result<void> replace(const Replacement& replacement) const;
  struct Ownership {
    std::string name;  // of the file
    std::string user;
  };
  // Makes the user the owner of a secret, so that the service can read it. False: there is no such
  // user, or this process may not do so.
  [[nodiscard]] bool give(const Ownership& ownership) const;
  [[nodiscard]] std::string path_of(const std::string& name) const {
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace watchpost::cli
