// CrashImage: the files of a store as one crash left them, on a memory file system.
// Promise: build() costs in proportion to what differs from the last image, not to the store's
// size. The caller must report by note() every later write to the files.
// One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/disk_image.hpp"

namespace watchpost::model {

class CrashImage {
 public:
  // The files lie beside `database_file`, which must not exist yet.
  explicit CrashImage(std::filesystem::path database_file);
  ~CrashImage();
  CrashImage(const CrashImage&) = delete;
  CrashImage& operator=(const CrashImage&) = delete;

  // The bytes [first, end) that are certain on the disk have changed.
  void changed(StoreFile file, std::size_t first, std::size_t end);
  // The files themselves were written to.
  void note(const DiskOp& op);
  void build(const CrashDisk& disk, const Outcome& outcome);

 private:
  static constexpr std::size_t kBlock = 4096;
  // Blocks of a file that differ, or may differ, from what is certain on the disk.
  class Blocks {
   public:
    void add(std::size_t first, std::size_t end);
    [[nodiscard]] const std::vector<std::size_t>& list() const { return list_; }
    void clear();

   private:
    std::vector<bool> has_;
    std::vector<std::size_t> list_;
  };
  struct File {
    std::string name;
    FileImage image;
    Blocks differing;
    int descriptor = -1;  // open while the file exists
  };
  void bring_back(const FileImage& certain, File& file);
  static void write_out(File& file);

  std::array<File, support::kStoreFiles.size()> files_;
};

}  // namespace watchpost::model
