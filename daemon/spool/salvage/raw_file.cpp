#include "spool/salvage/raw_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace watchpost::spool {

Result<RawFile> RawFile::open(const std::filesystem::path& path) {
  RawFile file;
  file.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file.descriptor_ < 0) {
    // ELOOP: a symbolic link; ENXIO: a socket.
    if (errno == ENOENT || errno == ELOOP || errno == ENXIO || errno == ENOTDIR) return file;
    const std::string why = std::strerror(errno);
    return in_both(
        Failure::Kind::environment,
        English{fmt::format("The file {} cannot be read: {}", path.string(), why),
                "Make it and its folder belong to the user the daemon runs as (chown -R)"},
        Chinese{fmt::format("读不到文件 {}（系统信息：{}）", path.string(), why),
                "请让它和所在目录属于运行本程序的用户（chown -R）"});
  }
  struct stat status {};
  if (::fstat(file.descriptor_, &status) == 0 && S_ISREG(status.st_mode)) {
    file.size_ = static_cast<std::uint64_t>(status.st_size);
  }
  return file;
}

RawFile::RawFile(RawFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(std::exchange(other.size_, 0)) {}

RawFile& RawFile::operator=(RawFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

RawFile::~RawFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool RawFile::read(std::uint64_t offset, std::string& piece) const {
  if (offset >= size_) return false;
  const auto there =
      static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), size_ - offset));
  std::size_t done = 0;
  while (done < there) {
    const auto got =
        ::pread(descriptor_, piece.data() + done, there - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  std::fill(piece.begin() + static_cast<std::ptrdiff_t>(there), piece.end(), '\0');
  return true;
}

}  // namespace watchpost::spool
