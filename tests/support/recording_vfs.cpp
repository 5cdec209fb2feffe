#include "support/recording_vfs.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "base/invariant.hpp"
#include "support/recording_file.hpp"

namespace watchpost::support {
namespace {

RecordingVfs& recording(sqlite3_vfs* vfs) {
  return *static_cast<RecordingVfs*>(vfs->pAppData);
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  auto& self = recording(vfs);
  if (self.powerless()) return SQLITE_OK;
  const auto which = self.which(name);
  if (which && self.strike({Fault::Kind::read_only}) != nullptr) return SQLITE_IOERR_DELETE;
  const int code = self.system()->xDelete(self.system(), name, 0);
  if (which && code == SQLITE_OK) {
    self.note({DiskOp::Kind::remove, *which, 0, {}});
    if (sync_directory != 0) self.note({DiskOp::Kind::sync_folder, *which, 0, {}});
  }
  return code;
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  return recording(vfs).system()->xAccess(recording(vfs).system(), name, flags, result);
}

int full_path(sqlite3_vfs* vfs, const char* name, int size, char* into) {
  return recording(vfs).system()->xFullPathname(recording(vfs).system(), name, size, into);
}

int random_bytes(sqlite3_vfs* vfs, int count, char* into) {
  recording(vfs).fill_random(into, count);
  return count;
}

// SQLite would sleep to wait for a lock that nobody else can release; no test should spend time on
// that.
int no_sleep(sqlite3_vfs*, int microseconds) {
  return microseconds;
}

int now(sqlite3_vfs* vfs, sqlite3_int64* time) {
  return recording(vfs).system()->xCurrentTimeInt64(recording(vfs).system(), time);
}

int last_error(sqlite3_vfs*, int, char*) {
  return 0;
}

int open_file(RecordingVfs& vfs, const char* name, RecordingFile& file, int* flags) {
  const auto which = vfs.which(name);
  file.vfs = &vfs;
  file.is_watched = which.has_value();
  // The system's file layer syncs the folder for a WAL or a journal that opening may have made.
  file.syncs_folder = (*flags & SQLITE_OPEN_CREATE) != 0 &&
                      (*flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  if (which) file.which = *which;
  if (which == StoreFile::database && (*flags & SQLITE_OPEN_READWRITE) != 0) vfs.note_open();
  if (which && vfs.strike({Fault::Kind::read_only}) != nullptr) {
    *flags &= ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    *flags |= SQLITE_OPEN_READONLY;
  }
  file.system()->pMethods = nullptr;
  const int code = vfs.system()->xOpen(vfs.system(), name, file.system(), *flags, flags);
  // SQLite closes every file that has methods, also where opening failed.
  file.base.pMethods = code == SQLITE_OK ? recording_methods() : nullptr;
  return code;
}

}  // namespace

const char* suffix_of(StoreFile file) {
  constexpr std::array kSuffixes{"", "-wal", "-journal"};
  return kSuffixes[static_cast<std::size_t>(file)];
}

RecordingVfs::RecordingVfs(const std::filesystem::path& database_file)
    : system_(sqlite3_vfs_find("unix")),
      vfs_(std::make_unique<sqlite3_vfs>()),
      name_(fmt::format("recording-{}", database_file.string())),
      database_file_(database_file) {
  vfs_->iVersion = 2;
  vfs_->szOsFile = static_cast<int>(sizeof(RecordingFile)) + system_->szOsFile;
  vfs_->mxPathname = system_->mxPathname;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->xOpen = [](sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    const int code =
        open_file(recording(vfs), name, *reinterpret_cast<RecordingFile*>(file), &flags);
    if (out != nullptr) *out = flags;
    return code;
  };
  vfs_->xDelete = remove;
  vfs_->xAccess = access;
  vfs_->xFullPathname = full_path;
  vfs_->xRandomness = random_bytes;
  vfs_->xSleep = no_sleep;
  vfs_->xGetLastError = last_error;
  vfs_->xCurrentTimeInt64 = now;
}

RecordingVfs::~RecordingVfs() {
  sqlite3_vfs_unregister(vfs_.get());
  sqlite3_vfs_register(system_, 1);
}

void RecordingVfs::make_default(std::uint64_t seed) {
  random_.seed(seed);
  WATCHPOST_INVARIANT(sqlite3_vfs_register(vfs_.get(), 1) == SQLITE_OK);
  sqlite3_randomness(0, nullptr);  // makes SQLite draw its seed anew, from fill_random
}

void RecordingVfs::note(DiskOp op) {
  look_at_witness();
  ops_.push_back(std::move(op));
  if (ops_until_call_ > 0 && --ops_until_call_ == 0) std::exchange(call_, {})();
}

void RecordingVfs::call_after(std::size_t ops, std::function<void()> call) {
  ops_until_call_ = ops;
  call_ = std::move(call);
}

void RecordingVfs::arm(const Fault& fault) {
  fault_ = fault;
  hittable_ = 0;
  struck_ = 0;
}

const Fault* RecordingVfs::strike(std::initializer_list<Fault::Kind> kinds) {
  if (powerless_ || !fault_) return nullptr;
  if (std::find(kinds.begin(), kinds.end(), fault_->kind) == kinds.end()) return nullptr;
  if (hittable_++ < fault_->first || struck_ >= fault_->count) return nullptr;
  ++struck_;
  opened_before_strike_ = opened_;
  return &*fault_;
}

std::optional<StoreFile> RecordingVfs::which(const char* name) const {
  if (name == nullptr) return std::nullopt;
  for (const auto file : kStoreFiles) {
    if (database_file_.string() + suffix_of(file) == name) return file;
  }
  return std::nullopt;
}

void RecordingVfs::fill_random(char* bytes, int count) {
  for (int i = 0; i < count; ++i) bytes[i] = static_cast<char>(random_() & 0xFFU);
}

void RecordingVfs::look_at_witness() {
  if (!watches_witness_) return;
  std::ifstream file(database_file_.parent_path() / "witness", std::ios::binary);
  if (!file) return;
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (witness_versions_.empty() || witness_versions_.back().bytes != bytes) {
    witness_versions_.push_back({ops_.size(), std::move(bytes)});
  }
}

}  // namespace watchpost::support
