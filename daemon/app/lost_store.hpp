// LostStore: what waited to be sent when the store was removed or replaced under a running daemon.
// Promise: as much as was not delivered to every upstream then; some of it may be in the store that
// is there now. Handed from one Daemon to the next in the same process, and by a file in the
// runtime directory to the next process, which begins where the folder of the store itself is gone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace watchpost::app {

struct LostStore {
  std::uint64_t events = 0;
  std::uint64_t alarms = 0;  // of the events
};

// The file by which the next process of the service learns of a loss. A loss that cannot be written
// is in the log only.
class LostStoreFile {
 public:
  // Without a runtime directory nothing is kept.
  explicit LostStoreFile(const std::optional<std::filesystem::path>& runtime_directory);

  [[nodiscard]] std::optional<LostStore> read() const;
  void write(const LostStore& lost) const;
  void remove() const;

 private:
  std::filesystem::path file_;
};

}  // namespace watchpost::app
