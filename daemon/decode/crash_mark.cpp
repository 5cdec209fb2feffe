#include "decode/crash_mark.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <utility>

namespace watchpost::decode {
namespace {

constexpr std::uint64_t kMagic = 0x315f6b72616d7077;  // "wpmark_1"
constexpr unsigned kMostTimes = 2;
constexpr std::size_t kLongest = 512;  // of a path or topic; what is longer is cut
constexpr std::size_t kMostPlugins = 16;

using Text = std::array<char, kLongest>;

void copy(std::string_view from, Text& to) {
  const auto size = std::min(from.size(), to.size() - 1);
  std::memcpy(to.data(), from.data(), size);
  to[size] = '\0';
}

// Also of a page that somebody damaged.
std::string stored_text(const Text& text) {
  return {text.data(), ::strnlen(text.data(), text.size())};
}

// Tells one build of a plugin from the next.
struct FileState {
  std::int64_t changed_ns = 0;
  std::int64_t size = 0;
  bool operator==(const FileState&) const = default;
};

FileState state_of(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return {};
  return {std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec,
          facts.st_size};
}

}  // namespace

struct CrashMark::Entry {
  Text plugin;
  Text topic;
  FileState state;
  std::uint32_t times;
};

struct CrashMark::Page {
  std::uint64_t magic;
  volatile std::uint32_t is_at_work;
  Text plugin;
  Text topic;
  std::array<Entry, kMostPlugins> entries;
};

CrashMark::CrashMark(std::filesystem::path file) : file_(std::move(file)) {}

CrashMark::~CrashMark() {
  if (page_ != nullptr) ::munmap(page_, sizeof(Page));
}

void CrashMark::open() {
  if (page_ != nullptr) return;
  const int file = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return;
  // Room is taken now: a full disk must not end the process when the page is written.
  if (::posix_fallocate(file, 0, sizeof(Page)) == 0) {
    void* memory = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) page_ = static_cast<Page*>(memory);
  }
  ::close(file);
  if (page_ == nullptr) return;
  if (page_->magic != kMagic) {
    std::memset(static_cast<void*>(page_), 0, sizeof(Page));
    page_->magic = kMagic;
  }
  if (page_->is_at_work != 0) note_what_was_left();
  page_->is_at_work = 0;
}

void CrashMark::note_what_was_left() {
  const std::string plugin = stored_text(page_->plugin);
  const FileState state = state_of(plugin);
  auto& entries = page_->entries;
  auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return stored_text(entry.plugin) == plugin;
  });
  if (found == entries.end()) {
    found = std::find_if(entries.begin(), entries.end(),
                         [](const Entry& entry) { return entry.plugin[0] == '\0'; });
  }
  if (found == entries.end()) found = entries.begin();
  const bool again = stored_text(found->plugin) == plugin && found->state == state;
  found->times = again ? found->times + 1 : 1;
  found->state = state;
  found->plugin = page_->plugin;
  found->topic = page_->topic;
  ::msync(page_, sizeof(Page), MS_SYNC);
}

const CrashMark::Entry* CrashMark::entry_of(const std::string& plugin) const {
  if (page_ == nullptr) return nullptr;
  for (const Entry& entry : page_->entries) {
    if (stored_text(entry.plugin) == plugin && entry.state == state_of(plugin)) return &entry;
  }
  return nullptr;
}

bool CrashMark::rests(const std::string& plugin) const {
  const auto* entry = entry_of(plugin);
  return entry != nullptr && entry->times >= kMostTimes;
}

std::vector<CrashMark::Crashed> CrashMark::crashed() const {
  std::vector<Crashed> all;
  if (page_ == nullptr) return all;
  for (const Entry& entry : page_->entries) {
    std::string plugin = stored_text(entry.plugin);
    if (plugin.empty() || entry_of(plugin) != &entry) continue;
    all.push_back(
        {std::move(plugin), stored_text(entry.topic), entry.times, entry.times >= kMostTimes});
  }
  return all;
}

CrashMark::AtWork::AtWork(CrashMark* mark, const Task& task)
    : mark_(mark != nullptr && mark->page_ != nullptr ? mark : nullptr) {
  if (mark_ == nullptr) return;
  copy(task.plugin, mark_->page_->plugin);
  copy(task.topic, mark_->page_->topic);
  // The compiler must not move what the plugin does in front of this, or behind the end.
  std::atomic_signal_fence(std::memory_order_seq_cst);
  mark_->page_->is_at_work = 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

CrashMark::AtWork::~AtWork() {
  if (mark_ == nullptr) return;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  mark_->page_->is_at_work = 0;
}

}  // namespace watchpost::decode
