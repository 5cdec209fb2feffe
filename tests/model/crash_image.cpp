#include "model/crash_image.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/invariant.hpp"

namespace watchpost::model {

void CrashImage::Blocks::add(std::size_t first, std::size_t end) {
  if (first >= end) return;
  const std::size_t last = (end - 1) / kBlock;
  if (has_.size() <= last) has_.resize(last + 1, false);
  for (std::size_t block = first / kBlock; block <= last; ++block) {
    if (has_[block]) continue;
    has_[block] = true;
    list_.push_back(block);
  }
}

void CrashImage::Blocks::clear() {
  for (const std::size_t block : list_) has_[block] = false;
  list_.clear();
}

CrashImage::CrashImage(std::filesystem::path database_file) {
  for (const auto which : support::kStoreFiles) {
    files_[static_cast<std::size_t>(which)].name =
        database_file.string() + support::suffix_of(which);
  }
}

CrashImage::~CrashImage() {
  for (const File& file : files_) {
    if (file.descriptor >= 0) ::close(file.descriptor);
  }
}

void CrashImage::changed(StoreFile which, std::size_t first, std::size_t end) {
  files_[static_cast<std::size_t>(which)].differing.add(first, end);
}

void CrashImage::note(const DiskOp& op) {
  File& file = files_[static_cast<std::size_t>(op.file)];
  const auto mark = [&](std::size_t first, std::size_t end) { file.differing.add(first, end); };
  if (op.kind == DiskOp::Kind::write) {
    const auto first = static_cast<std::size_t>(op.offset);
    // The range begins at the end of the image, where a write past the end leaves a hole that the
    // system fills with zeros.
    mark(std::min(first, file.image.bytes.size()), first + op.bytes.size());
  } else if (op.kind == DiskOp::Kind::truncate) {
    mark(std::min(static_cast<std::size_t>(op.offset), file.image.bytes.size()),
         std::max(static_cast<std::size_t>(op.offset), file.image.bytes.size()));
  } else if (op.kind == DiskOp::Kind::remove) {
    mark(0, file.image.bytes.size());
    if (file.descriptor >= 0) ::close(file.descriptor);
    file.descriptor = -1;
  }
}

void CrashImage::bring_back(const FileImage& certain, File& file) {
  FileImage& image = file.image;
  const std::size_t before = image.bytes.size();
  image.exists = certain.exists;
  image.bytes.resize(certain.bytes.size(), '\0');
  file.differing.add(before, certain.bytes.size());
  for (const std::size_t block : file.differing.list()) {
    const std::size_t first = block * kBlock;
    const std::size_t end = std::min(first + kBlock, certain.bytes.size());
    if (first >= end) continue;
    std::copy(certain.bytes.begin() + static_cast<std::ptrdiff_t>(first),
              certain.bytes.begin() + static_cast<std::ptrdiff_t>(end),
              image.bytes.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void CrashImage::write_out(File& file) {
  if (!file.image.exists) {
    if (file.descriptor >= 0) ::close(file.descriptor);
    file.descriptor = -1;
    ::unlink(file.name.c_str());
    return;
  }
  if (file.descriptor < 0) {
    file.descriptor = ::open(file.name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    WATCHPOST_INVARIANT(file.descriptor >= 0);
    file.differing.add(0, file.image.bytes.size());
  }
  const auto& bytes = file.image.bytes;
  WATCHPOST_INVARIANT(::ftruncate(file.descriptor, static_cast<off_t>(bytes.size())) == 0);
  for (const std::size_t block : file.differing.list()) {
    const std::size_t first = block * kBlock;
    if (first >= bytes.size()) continue;
    const std::size_t count = std::min(kBlock, bytes.size() - first);
    const auto written =
        ::pwrite(file.descriptor, bytes.data() + first, count, static_cast<off_t>(first));
    WATCHPOST_INVARIANT(written == static_cast<ssize_t>(count));
  }
}

void CrashImage::build(const CrashDisk& disk, const Outcome& outcome) {
  for (const auto which : support::kStoreFiles) {
    File& file = files_[static_cast<std::size_t>(which)];
    bring_back(disk.certain(which), file);
    std::vector<std::pair<std::size_t, std::size_t>> decided;
    disk.decide(which, outcome.fates[static_cast<std::size_t>(which)], file.image,
                [&](std::size_t first, std::size_t end) {
                  decided.emplace_back(first, end);
                  file.differing.add(first, end);
                });
    write_out(file);
    // Only the decided ranges stay marked as differing, because the next image begins with what is
    // certain.
    file.differing.clear();
    for (const auto& [first, end] : decided) file.differing.add(first, end);
  }
}

}  // namespace watchpost::model
