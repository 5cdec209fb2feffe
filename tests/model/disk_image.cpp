#include "model/disk_image.hpp"

#include <algorithm>

#include "base/invariant.hpp"

namespace watchpost::model {
namespace {

constexpr std::size_t kKernelPage = 4096;

void tell(const FileImage::Changed& changed, std::size_t first, std::size_t end) {
  if (changed && first < end) changed(first, end);
}

std::size_t place(const DiskOp& op) {
  return static_cast<std::size_t>(op.offset);
}

}  // namespace

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a + 0x9E3779B97F4A7C15ULL * (b + 1);
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

void FileImage::write(std::size_t offset, std::string_view from, const Changed& changed) {
  exists = true;
  const std::size_t end = offset + from.size();
  const std::size_t hole = std::min(offset, bytes.size());
  if (bytes.size() < end) bytes.resize(end, '\0');
  std::copy(from.begin(), from.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  tell(changed, hole, end);
}

void FileImage::truncate(std::size_t size, const Changed& changed) {
  const std::size_t before = bytes.size();
  exists = true;
  bytes.resize(size, '\0');
  tell(changed, std::min(before, size), std::max(before, size));
}

void FileImage::remove(const Changed& changed) {
  const std::size_t before = bytes.size();
  exists = false;
  bytes.clear();
  tell(changed, 0, before);
}

void FileImage::apply(const DiskOp& op, const Changed& changed) {
  switch (op.kind) {
    case DiskOp::Kind::write:
      return write(place(op), op.bytes, changed);
    case DiskOp::Kind::truncate:
      return truncate(place(op), changed);
    case DiskOp::Kind::remove:
      return remove(changed);
    case DiskOp::Kind::power_cut:
      remove(changed);
      if (op.offset >= 0) write(0, op.bytes, changed);
      return;
    case DiskOp::Kind::sync:
    case DiskOp::Kind::sync_folder:
    case DiskOp::Kind::failed_sync:
      return;
  }
}

bool CrashDisk::has_pending() const {
  return std::any_of(files_.begin(), files_.end(),
                     [](const File& file) { return !file.pending.empty(); });
}

std::optional<StoreFile> CrashDisk::last_write() const {
  if (done_ == 0 || (*ops_)[done_ - 1].kind != DiskOp::Kind::write) return std::nullopt;
  return (*ops_)[done_ - 1].file;
}

void CrashDisk::advance(const Certain& changed) {
  WATCHPOST_INVARIANT(!at_end());
  const DiskOp& op = (*ops_)[done_];
  File& file = files_[static_cast<std::size_t>(op.file)];
  const auto tell_file = [&](std::size_t first, std::size_t end) {
    if (changed) changed(op.file, first, end);
  };
  switch (op.kind) {
    case DiskOp::Kind::sync:
      for (const DiskOp& held : file.pending) file.certain.apply(held, tell_file);
      file.pending.clear();
      break;
    case DiskOp::Kind::sync_folder:
      sync_folder(changed);
      break;
    case DiskOp::Kind::failed_sync:
      fail_sync(file, tell_file);
      break;
    case DiskOp::Kind::power_cut:
      file.certain.apply(op, tell_file);
      file.cache = file.certain;
      file.pending.clear();
      file.dropped.clear();
      break;
    case DiskOp::Kind::write:
      file.cache.apply(op, {});
      file.pending.push_back(with_dropped_pages(file, op));
      break;
    case DiskOp::Kind::truncate:
      file.cache.apply(op, {});
      file.dropped.erase(file.dropped.lower_bound(place(op) / kKernelPage), file.dropped.end());
      file.pending.push_back(op);
      break;
    case DiskOp::Kind::remove:
      file.cache.apply(op, {});
      file.dropped.clear();
      file.pending.push_back(op);
      break;
  }
  ++done_;
}

// A removed file is gone for good; writes under its name after the removal are as uncertain as
// before.
void CrashDisk::sync_folder(const Certain& changed) {
  for (const auto which : support::kStoreFiles) {
    File& file = files_[static_cast<std::size_t>(which)];
    const auto last =
        std::find_if(file.pending.rbegin(), file.pending.rend(),
                     [](const DiskOp& op) { return op.kind == DiskOp::Kind::remove; });
    if (last == file.pending.rend()) continue;
    file.certain.remove([&](std::size_t first, std::size_t end) {
      if (changed) changed(which, first, end);
    });
    file.pending.erase(file.pending.begin(), last.base());
  }
}

// Each write reached the disk or not by its own luck. Sizes and names are in the file system's
// journal, so those changes stay.
void CrashDisk::fail_sync(File& file, const FileImage::Changed& changed) {
  std::uint64_t luck = mix(seed_, done_);
  for (const DiskOp& op : file.pending) {
    luck = mix(luck, 1);
    if (op.kind != DiskOp::Kind::write) {
      file.certain.apply(op, changed);
    } else if ((luck & 1U) != 0) {
      file.certain.apply(op, changed);
    } else {
      const std::size_t end = place(op) + op.bytes.size();
      for (std::size_t page = place(op) / kKernelPage; page * kKernelPage < end; ++page) {
        file.dropped.insert(page);
      }
    }
  }
  file.pending.clear();
}

DiskOp CrashDisk::with_dropped_pages(File& file, const DiskOp& op) {
  if (file.dropped.empty()) return op;
  std::size_t first = place(op);
  std::size_t end = first + op.bytes.size();
  const std::size_t last_page = (end - 1) / kKernelPage;
  if (file.dropped.count(first / kKernelPage) != 0) first = first / kKernelPage * kKernelPage;
  if (file.dropped.count(last_page) != 0) {
    end = std::min((last_page + 1) * kKernelPage, file.cache.bytes.size());
  }
  for (std::size_t page = place(op) / kKernelPage; page <= last_page; ++page) {
    file.dropped.erase(page);
  }
  return {op.kind, op.file, static_cast<std::int64_t>(first),
          file.cache.bytes.substr(first, end - first)};
}

void CrashDisk::decide(StoreFile which, const std::vector<Outcome::Fate>& fates, FileImage& image,
                       const FileImage::Changed& changed) const {
  const auto& pending = at(which).pending;
  WATCHPOST_INVARIANT(fates.size() == pending.size());
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const DiskOp& op = pending[i];
    if (!fates[i].kept) continue;
    if (fates[i].sectors.empty()) {
      image.apply(op, changed);
      continue;
    }
    const std::size_t end = place(op) + op.bytes.size();
    std::size_t sector = place(op) / kSector;
    for (const bool reached : fates[i].sectors) {
      const std::size_t from = std::max(sector * kSector, place(op));
      const std::size_t to = std::min((sector + 1) * kSector, end);
      if (reached) {
        image.write(from, std::string_view(op.bytes).substr(from - place(op), to - from), changed);
      }
      ++sector;
    }
  }
}

}  // namespace watchpost::model
