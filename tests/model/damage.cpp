#include "model/damage.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>

namespace watchpost::model {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4096;

struct Draw {
  const SampleStore& sample;
  const std::vector<SampleStore>& others;
  std::mt19937_64 random;
  Damage damage;

  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : random() % bound; }
  std::string noise(std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
  }
  // Position of a page: one of the database, or the one in a frame of the WAL.
  std::size_t page_in(const std::string& file) {
    const auto size = damage.image.bytes(file).size();
    if (file == kWal) return 32 + below(size / (kPage + 24)) * (kPage + 24) + 24;
    return below(size / kPage) * kPage;
  }
  // The database and its WAL are chosen most often, because they matter most.
  std::string some_file() {
    constexpr std::array kFiles{kDatabase, kDatabase, kDatabase, kWal, kWal};
    std::string file = kFiles[below(kFiles.size())];
    return damage.image.bytes(file).empty() ? kDatabase : file;
  }
  std::string any_file() {
    constexpr std::array kFiles{kDatabase, kWal, "watchpost.db-shm", kWitness, "lock"};
    return kFiles[below(kFiles.size())];
  }
  std::string& bytes(const std::string& file) { return damage.image.files[file]; }
  void overwrite(std::string& all, std::size_t at, const std::string& piece) {
    if (at >= all.size()) return;
    all.replace(at, std::min(piece.size(), all.size() - at), piece.substr(0, all.size() - at));
  }
};

using Way = std::string (*)(Draw&);

std::string truncate(Draw& draw) {
  const auto file = draw.some_file();
  auto& bytes = draw.bytes(file);
  bytes.resize(draw.below(bytes.size()));
  return fmt::format("{} truncated to {} bytes", file, bytes.size());
}

std::string zero_pages(Draw& draw) {
  const auto file = draw.some_file();
  const auto at = draw.page_in(file);
  const auto pages = 1 + draw.below(3);
  draw.overwrite(draw.bytes(file), at, std::string(pages * kPage, '\0'));
  return fmt::format("{}: {} pages zeroed at {}", file, pages, at);
}

std::string random_bytes(Draw& draw) {
  const auto file = draw.some_file();
  const auto at = draw.below(draw.bytes(file).size());
  const auto size = 1 + draw.below(draw.below(2) == 0 ? 40 : 9'000);
  draw.overwrite(draw.bytes(file), at, draw.noise(size));
  return fmt::format("{}: {} random bytes at {}", file, size, at);
}

std::string bit_flips(Draw& draw) {
  const auto file = draw.some_file();
  auto& bytes = draw.bytes(file);
  const auto count = 1 + draw.below(20);
  for (std::uint64_t i = 0; i < count && !bytes.empty(); ++i) {
    char& byte = bytes[draw.below(bytes.size())];
    byte = static_cast<char>(byte ^ (1 << draw.below(8)));
  }
  return fmt::format("{}: {} bits flipped", file, count);
}

std::string swap_pages(Draw& draw) {
  const auto file = draw.some_file();
  auto& bytes = draw.bytes(file);
  const auto one = draw.page_in(file);
  const auto two = draw.page_in(file);
  if (bytes.size() < std::max(one, two) + kPage) return "nothing to swap";
  const auto piece = bytes.substr(one, kPage);
  draw.overwrite(bytes, one, bytes.substr(two, kPage));
  draw.overwrite(bytes, two, piece);
  return fmt::format("{}: pages at {} and {} swapped", file, one, two);
}

std::string duplicate_page(Draw& draw) {
  const auto file = draw.some_file();
  auto& bytes = draw.bytes(file);
  const auto from = draw.page_in(file);
  const auto to = draw.page_in(file);
  if (bytes.size() < std::max(from, to) + kPage) return "nothing to copy";
  draw.overwrite(bytes, to, bytes.substr(from, kPage));
  return fmt::format("{}: page at {} over the one at {}", file, from, to);
}

std::string stale_page(Draw& draw) {
  const auto file = draw.some_file();
  const auto& old = draw.sample.earlier.bytes(file);
  const auto at = draw.page_in(file);
  if (old.size() < at + kPage) return "no older page";
  draw.overwrite(draw.bytes(file), at, old.substr(at, kPage));
  draw.damage.has_older_page = true;
  return fmt::format("{}: an older page at {}", file, at);
}

std::string header_bytes(Draw& draw) {
  const auto file = draw.some_file();
  const auto at = draw.below(file == kWal ? 32 : 100);
  draw.overwrite(draw.bytes(file), at, draw.noise(1 + draw.below(4)));
  return fmt::format("{}: header at {}", file, at);
}

std::string page_header(Draw& draw) {
  const auto file = draw.some_file();
  const auto at = draw.page_in(file) + draw.below(40);
  draw.overwrite(draw.bytes(file), at, draw.noise(1 + draw.below(8)));
  return fmt::format("{}: the header of a page at {}", file, at);
}

// A page whose list names fewer rows than it has, or another number of them.
std::string count_of_cells(Draw& draw) {
  const auto file = draw.some_file();
  const auto page = draw.page_in(file);
  const auto at = page + (file == kDatabase && page == 0 ? 100 : 0) + 4;  // the count's low byte
  auto& bytes = draw.bytes(file);
  if (at >= bytes.size()) return "nothing to count";
  const auto count = static_cast<std::uint8_t>(bytes[at]);
  const auto now = static_cast<std::uint8_t>(draw.below(count + 2U));
  bytes[at] = static_cast<char>(now);
  draw.damage.hides_rows = draw.damage.hides_rows || now < count;
  return fmt::format("{}: {} cells at {}, were {}", file, int{bytes[at]}, page, count);
}

std::string remove_file(Draw& draw) {
  const auto file = draw.any_file();
  draw.damage.image.files.erase(file);
  return file + " removed";
}

std::string garbage_file(Draw& draw) {
  const auto file = draw.any_file();
  draw.bytes(file) = draw.noise(draw.below(20'000));
  return file + " is garbage";
}

std::string empty_file(Draw& draw) {
  const auto file = draw.any_file();
  draw.bytes(file).clear();
  return file + " is empty";
}

std::string appended(Draw& draw) {
  const auto file = draw.some_file();
  draw.bytes(file) += draw.noise(1 + draw.below(9'000));
  return file + " has garbage at its end";
}

std::string old_database(Draw& draw) {
  draw.bytes(kDatabase) = draw.sample.earlier.bytes(kDatabase);
  return "an old copy of the database";
}

std::string old_store(Draw& draw) {
  const auto witness = draw.bytes(kWitness);
  draw.damage.image = draw.sample.earlier;
  draw.bytes(kWitness) = witness;
  return "an old copy of everything but the witness";
}

std::string foreign_file(Draw& draw) {
  const auto& other = draw.others[draw.below(draw.others.size())];
  const auto file = draw.any_file();
  draw.bytes(file) = other.image.bytes(file);
  draw.damage.is_foreign = &other != &draw.sample;
  return fmt::format("{} of the store '{}'", file, other.name);
}

std::string odd_file(Draw& draw) {
  constexpr std::array kKinds{Damage::Odd::folder, Damage::Odd::link, Damage::Odd::fifo,
                              Damage::Odd::no_mode};
  draw.damage.odd = kKinds[draw.below(kKinds.size())];
  draw.damage.odd_file = draw.any_file();
  if (draw.damage.odd != Damage::Odd::no_mode) draw.damage.image.files.erase(draw.damage.odd_file);
  return fmt::format("{} is no file (kind {})", draw.damage.odd_file,
                     static_cast<int>(draw.damage.odd));
}

constexpr std::array<Way, 18> kWays{
    truncate,   zero_pages,   random_bytes, bit_flips,      swap_pages,   duplicate_page,
    stale_page, header_bytes, page_header,  count_of_cells, remove_file,  garbage_file,
    empty_file, appended,     old_database, old_store,      foreign_file, odd_file};
// The first ways leave the witness alone. Only these may be combined: two damages at once may leave
// nothing that knows the last number.
constexpr std::size_t kWaysThatCombine = 10;

}  // namespace

void Damage::put(const fs::path& directory) const {
  image.put(directory);
  const fs::path file = directory / odd_file;
  switch (odd) {
    case Odd::none:
      return;
    case Odd::folder:
      fs::create_directories(file / "with a folder in it");
      return;
    case Odd::link:
      fs::create_symlink("leads/nowhere", file);
      return;
    case Odd::fifo:
      (void)::mkfifo(file.c_str(), 0600);
      return;
    case Odd::no_mode:
      if (fs::exists(file)) fs::permissions(file, fs::perms::none);
      return;
  }
}

Damage draw_damage(const SampleStore& sample, const std::vector<SampleStore>& others,
                   std::uint64_t seed) {
  Draw draw{sample, others, std::mt19937_64(seed), {}};
  draw.damage.image = sample.image;
  draw.damage.what = kWays[seed % kWays.size()](draw);
  if (seed % kWays.size() < kWaysThatCombine && draw.below(3) == 0) {
    draw.damage.what += "; " + kWays[draw.below(kWaysThatCombine)](draw);
  }
  return std::move(draw.damage);
}

}  // namespace watchpost::model
