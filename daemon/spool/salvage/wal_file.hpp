// WalFile: the frames of an SQLite write-ahead log, also those that SQLite no longer looks at.
// Promise: tells the chain that SQLite accepts from what lies behind a break in it. SQLite ends the
// log at the first frame that does not fit, without a word; whether that was the torn end of a
// power cut or damage in the middle of acknowledged commits is what `is_damaged` says. Memory:
// 24 bytes a frame. Called at start-up, before SQLite touches the file.
// Format: sqlite.org/fileformat2.html, section 4.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "spool/salvage/raw_file.hpp"

namespace watchpost::spool {

class WalFile {
 public:
  struct Frame {
    std::uint32_t page = 0;
    std::uint32_t pages_after_commit = 0;  // 0: not the last frame of a transaction
    std::uint64_t content = 0;             // hash of the page
    bool fits = false;                     // its checksum, seeded with the frame before
    bool is_present = false;               // its salts are those of the log's present generation
  };

  [[nodiscard]] static Result<WalFile> open(const std::filesystem::path& path);

  [[nodiscard]] const std::vector<Frame>& frames() const { return frames_; }
  // Frames that SQLite reads: an unbroken chain that ends with a commit.
  [[nodiscard]] std::size_t committed() const { return committed_; }
  // Transactions of the present generation end behind the committed chain, unreadable to SQLite. A
  // power cut leaves at most one, never acknowledged: each commit is synced before the next one is
  // written. Two, or one behind a log header that is broken, are damage.
  [[nodiscard]] bool is_damaged() const;

  // The page in a frame; false where it cannot be read.
  [[nodiscard]] bool read_page(std::size_t frame, std::string& page) const;

 private:
  struct Sum {
    std::uint32_t one = 0;
    std::uint32_t two = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
    void add(std::string_view bytes, bool big_endian);
  };
  void read_header();
  void read_frames();
  void count_beyond();

  RawFile file_;
  bool header_fits_ = false;
  bool big_endian_ = false;
  std::string salts_;
  Sum header_sum_;
  std::vector<Frame> frames_;
  std::size_t committed_ = 0;
  std::size_t commits_beyond_ = 0;  // the committed chain
};

}  // namespace watchpost::spool
