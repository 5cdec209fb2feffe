#include "spool/salvage/store_pages.hpp"

#include <algorithm>
#include <array>

namespace watchpost::spool {
namespace {

constexpr std::size_t kUserVersionAt = 60;
// Tables are created before anything is stored, so their first pages are the file's first.
constexpr std::uint64_t kBeginning = 64;

}  // namespace

Result<StorePages> StorePages::open(const std::filesystem::path& database) {
  StorePages pages;
  auto file = RawFile::open(database);
  if (!file) return file.error();
  auto wal = WalFile::open(database.string() + "-wal");
  if (!wal) return wal.error();
  pages.file_ = std::move(*file);
  pages.wal_ = std::move(*wal);
  const auto& frames = pages.wal_.frames();
  pages.by_page_.reserve(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    pages.by_page_.emplace_back(frames[i].page, static_cast<std::uint32_t>(i));
  }
  std::sort(pages.by_page_.begin(), pages.by_page_.end());
  return pages;
}

bool StorePages::misses_wal() const {
  if (!wal_.is_damaged()) return false;
  // The commits that SQLite still reads of the WAL would hide newer pages of the database.
  if (wal_.committed() > 0) return true;
  std::string logged;
  std::string stored(kPageSize, '\0');
  for (std::size_t i = 0; i < by_page_.size(); ++i) {
    const auto [page, frame] = by_page_[i];
    const bool is_newest = i + 1 == by_page_.size() || by_page_[i + 1].first != page;
    if (!is_newest) continue;
    const std::uint64_t at = (std::uint64_t{page} - 1) * kPageSize;
    const bool is_there = page > 0 && wal_.read_page(frame, logged) && file_.read(at, stored);
    if (!is_there || logged != stored) return true;
  }
  return false;
}

// First what SQLite reads, newest first; then what stands in the database; then the rest of the
// WAL, which SQLite gave up: newest first again.
void StorePages::visit_all(const Take& take, const GoesOn& goes_on) const {
  visit_wal({.first = 0, .end = wal_.committed()}, take, goes_on);
  visit_database(page_count(), take, goes_on);
  visit_wal({.first = wal_.committed(), .end = wal_.frames().size()}, take, goes_on);
}

void StorePages::visit_beginning(const Take& take) const {
  visit_wal({.first = 0, .end = wal_.committed()}, take, always);
  visit_database(std::min(page_count(), kBeginning), take, always);
  visit_wal({.first = wal_.committed(), .end = wal_.frames().size()}, take, always);
}

void StorePages::visit_wal(Frames range, const Take& take, const GoesOn& goes_on) const {
  std::string page;
  for (std::size_t i = range.end; i-- > range.first && goes_on();) {
    if (!wal_.read_page(i, page)) continue;
    const bool is_live =
        frame_of({.number = wal_.frames()[i].page, .frames = wal_.committed()}) == i;
    // The parts of a long row are on several pages, all written by one transaction in any order.
    std::size_t transaction_end = i + 1;
    while (transaction_end < range.end &&
           wal_.frames()[transaction_end - 1].pages_after_commit == 0) {
      ++transaction_end;
    }
    visit_page(page, {transaction_end, is_live, range.end == wal_.committed()}, take);
  }
}

void StorePages::visit_database(std::uint64_t most, const Take& take, const GoesOn& goes_on) const {
  std::string page(kPageSize, '\0');
  for (std::uint64_t i = 0; i < most && goes_on(); ++i) {
    if (!file_.read(i * kPageSize, page)) continue;
    const bool is_live =
        !frame_of({.number = static_cast<std::uint32_t>(i + 1), .frames = wal_.committed()});
    visit_page(page, {0, is_live, true}, take);
  }
}

void StorePages::visit_page(std::string_view page, const RowOrigin& place, const Take& take) const {
  std::string payload;
  visit_cells(page, [&](const Cell& cell) {
    if (cell.overflow == 0) return take(cell, cell.local, place);
    const std::array<std::size_t, 4> moments{place.frames, wal_.committed(), 0,
                                             wal_.frames().size()};
    for (auto moment = moments.begin(); moment != moments.end(); ++moment) {
      if (std::find(moments.begin(), moment, *moment) != moment) continue;
      if (assemble(cell, *moment, payload) && take(cell, payload, place)) return true;
    }
    return false;
  });
}

bool StorePages::assemble(const Cell& cell, std::size_t frames, std::string& payload) const {
  payload.assign(cell.local);
  // Each page once: a longer chain runs in a circle.
  auto most = page_count() + frames;
  std::string page;
  for (std::uint32_t next = cell.overflow; payload.size() < cell.payload_size;) {
    if (next == 0 || most-- == 0 || !read_page({.number = next, .frames = frames}, page))
      return false;
    const auto left = static_cast<std::size_t>(cell.payload_size - payload.size());
    payload.append(page, 4, std::min(left, kPageSize - 4));
    next = read_big_endian(page);
  }
  return true;
}

std::optional<std::size_t> StorePages::frame_of(PageThen which) const {
  auto place = std::lower_bound(by_page_.begin(), by_page_.end(),
                                std::pair{which.number, static_cast<std::uint32_t>(which.frames)});
  if (place == by_page_.begin() || (--place)->first != which.number) return std::nullopt;
  return place->second;
}

bool StorePages::read_page(PageThen which, std::string& page) const {
  if (const auto frame = frame_of(which)) return wal_.read_page(*frame, page);
  page.resize(kPageSize);
  return which.number > 0 && file_.read((std::uint64_t{which.number} - 1) * kPageSize, page);
}

std::optional<std::uint32_t> StorePages::schema_version() const {
  std::string page;
  if (!read_page({.number = 1, .frames = wal_.committed()}, page) || !page.starts_with(kFileMagic))
    return std::nullopt;
  return read_big_endian(std::string_view(page).substr(kUserVersionAt));
}

// Offsets and values: fileformat2, section 1.3.
bool StorePages::has_plausible_header() const {
  std::string page;
  if (!read_page({.number = 1, .frames = wal_.committed()}, page) || !page.starts_with(kFileMagic))
    return true;
  const std::string_view header(page);
  constexpr std::string_view kPageSizeBytes{"\x10\x00", 2};
  // Written and read as a WAL database or, for a moment at its creation, an older one; no bytes of
  // a page reserved; the payload fractions that SQLite requires.
  const auto is_wal_or_older = [](char version) { return version == 1 || version == 2; };
  constexpr std::string_view kFixed{"\x00\x40\x20\x20", 4};
  const std::uint32_t schema_format = read_big_endian(header.substr(44));
  const std::uint32_t text_encoding = read_big_endian(header.substr(56));
  return header.substr(16, 2) == kPageSizeBytes && is_wal_or_older(header[18]) &&
         is_wal_or_older(header[19]) && header.substr(20, 4) == kFixed && schema_format <= 4 &&
         text_encoding <= 1;
}

}  // namespace watchpost::spool
