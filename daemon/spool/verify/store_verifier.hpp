// StoreVerifier: reads a whole store and says what in it does not fit together.
// Promise: reads only, in steps of a few hundred rows, each a short transaction of its own, so that
// a daemon at work keeps committing and moving its WAL; what that daemon removes meanwhile is no
// finding. Memory: one step, and the first kMostFindings findings. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "spool/reader/store_view.hpp"

namespace watchpost::spool {

struct Finding {
  std::string what;
  std::string remedy;
};

struct CheckReport {
  static constexpr std::size_t kMostFindings = 200;
  PerClass<std::uint64_t> records{};
  std::uint64_t cursors = 0;
  std::uint64_t dropped_ranges = 0;
  std::uint64_t set_aside = 0;
  std::uint64_t sessions = 0;
  std::uint64_t packet_ids = 0;
  bool pages_checked = false;
  std::uint64_t finding_count = 0;
  std::vector<Finding> findings;

  [[nodiscard]] std::uint64_t rows() const;
};

class StoreVerifier {
 public:
  [[nodiscard]] static Result<StoreVerifier> open(const std::filesystem::path& database_file);
  StoreVerifier(StoreVerifier&&) noexcept;
  StoreVerifier& operator=(StoreVerifier&&) noexcept;
  ~StoreVerifier();

  // The next few rows; false: everything was looked at. What cannot be read any more for damage is
  // a finding, anything else that fails a Failure.
  [[nodiscard]] Result<bool> step();
  // SQLite's own check of every page: one long read, for when no daemon is at work.
  [[nodiscard]] Result<void> check_pages();
  [[nodiscard]] const CheckReport& report() const;

 private:
  class Work;
  explicit StoreVerifier(std::unique_ptr<Work> work);
  std::unique_ptr<Work> work_;
};

}  // namespace watchpost::spool
