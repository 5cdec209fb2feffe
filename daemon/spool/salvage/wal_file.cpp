#include "spool/salvage/wal_file.hpp"

#include <xxhash.h>

#include "spool/salvage/page_cells.hpp"

namespace watchpost::spool {
namespace {

constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::size_t kFrame = kFrameHeader + kPageSize;
constexpr std::uint32_t kMagic = 0x377F0682;  // its lowest bit: checksums of big-endian words

std::uint32_t word(std::string_view bytes, bool big_endian) {
  if (big_endian) return read_big_endian(bytes);
  return __builtin_bswap32(read_big_endian(bytes));
}

}  // namespace

void WalFile::Sum::add(std::string_view bytes, bool big_endian) {
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    one += word(bytes.substr(at), big_endian) + two;
    two += word(bytes.substr(at + 4), big_endian) + one;
  }
}

Result<WalFile> WalFile::open(const std::filesystem::path& path) {
  auto file = RawFile::open(path);
  if (!file) return file.error();
  WalFile wal;
  wal.file_ = std::move(*file);
  if (wal.file_.size() <= kHeader) return wal;
  wal.read_header();
  wal.read_frames();
  wal.count_beyond();
  return wal;
}

void WalFile::read_header() {
  std::string header(kHeader, '\0');
  if (!file_.read(0, header)) return;
  const std::string_view view(header);
  big_endian_ = (read_big_endian(view) & 1U) != 0;
  Sum sum;
  sum.add(view.substr(0, 24), big_endian_);
  header_sum_ = {read_big_endian(view.substr(24)), read_big_endian(view.substr(28))};
  header_fits_ = (read_big_endian(view) & ~1U) == kMagic && sum == header_sum_ &&
                 read_big_endian(view.substr(8)) == kPageSize;
  salts_ = header.substr(16, 8);
  if (header_fits_) return;
  // The first frame stands in for a broken header: little-endian sums, as all our machines write.
  big_endian_ = false;
  std::string frame(kFrameHeader, '\0');
  if (file_.read(kHeader, frame)) salts_ = frame.substr(8, 8);
}

void WalFile::read_frames() {
  std::string bytes(kFrame, '\0');
  Sum before = header_sum_;
  bool chain = header_fits_;
  // SQLite does not look at a last frame that is not whole. It is read as if zeros followed, which
  // may even be what stood there: rows on it may be whole.
  for (std::uint64_t at = kHeader; file_.read(at, bytes); at += kFrame) {
    const std::string_view view(bytes);
    Frame frame;
    frame.page = read_big_endian(view);
    frame.pages_after_commit = read_big_endian(view.substr(4));
    frame.content = XXH3_64bits(bytes.data() + kFrameHeader, kPageSize);
    frame.is_present = view.substr(8, 8) == salts_;
    Sum sum = before;
    sum.add(view.substr(0, 8), big_endian_);
    sum.add(view.substr(kFrameHeader), big_endian_);
    before = {read_big_endian(view.substr(16)), read_big_endian(view.substr(20))};
    const bool is_whole = at + kFrame <= file_.size();
    frame.fits = is_whole && sum == before && frame.page != 0;
    frames_.push_back(frame);
    chain = chain && frame.fits && frame.is_present;
    if (chain && frame.pages_after_commit != 0) committed_ = frames_.size();
  }
}

// A commit may be written several times to fill a sector: the same page once more.
void WalFile::count_beyond() {
  const Frame* last = nullptr;
  bool is_broken = false;
  for (std::size_t i = committed_; i < frames_.size(); ++i) {
    const Frame& frame = frames_[i];
    // The frame at the break does not fit; what its salts and numbers say must do.
    const bool is_break = !is_broken && !(frame.fits && frame.is_present);
    is_broken = is_broken || is_break;
    const bool counts =
        frame.is_present && frame.pages_after_commit != 0 && (frame.fits || is_break);
    const bool is_repeat =
        counts && last != nullptr && last->page == frame.page && last->content == frame.content;
    if (counts && !is_repeat) ++commits_beyond_;
    last = counts ? &frame : nullptr;
  }
}

bool WalFile::is_damaged() const {
  return commits_beyond_ >= 2 || (commits_beyond_ == 1 && !header_fits_);
}

bool WalFile::read_page(std::size_t frame, std::string& page) const {
  page.resize(kPageSize);
  return file_.read(kHeader + frame * kFrame + kFrameHeader, page);
}

}  // namespace watchpost::spool
