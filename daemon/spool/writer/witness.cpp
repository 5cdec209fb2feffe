#include "spool/writer/witness.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <cstring>
#include <utility>

namespace watchpost::spool {
namespace {

// The file, in the byte order of the machine: it never leaves it.
struct Page {
  std::array<char, 8> magic{'w', 'p', 'w', 'i', 't', 'n', '0', '1'};
  std::uint64_t epoch = 0;
  std::array<std::uint64_t, kEventClassCount> newest{};
  std::uint64_t sum = 0;
};

std::uint64_t sum_of(const Page& page) {
  return XXH3_64bits(&page, offsetof(Page, sum));
}

}  // namespace

Witness::Witness(const std::filesystem::path& file)
    : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)) {}

Witness::Witness(Witness&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Witness& Witness::operator=(Witness&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Witness::~Witness() {
  if (file_ >= 0) ::close(file_);
}

std::optional<Testimony> Witness::recall() const {
  Page page;
  if (file_ < 0 || ::pread(file_, &page, sizeof page, 0) != sizeof page) return std::nullopt;
  if (page.magic != Page{}.magic || page.sum != sum_of(page)) return std::nullopt;
  Testimony testimony{epoch_from(static_cast<std::uint32_t>(page.epoch)), {}};
  for (std::size_t i = 0; i < kEventClassCount; ++i) testimony.newest[i] = Seq{page.newest[i]};
  return testimony;
}

void Witness::note(const Testimony& testimony) {
  if (file_ < 0) return;
  Page page;
  page.epoch = number_of(testimony.epoch);
  for (std::size_t i = 0; i < kEventClassCount; ++i) page.newest[i] = testimony.newest[i].value;
  page.sum = sum_of(page);
  // A witness that could not be written says nothing, which is no reason to refuse a message.
  [[maybe_unused]] const auto written = ::pwrite(file_, &page, sizeof page, 0);
}

}  // namespace watchpost::spool
