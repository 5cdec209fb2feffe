// CheckReport: what a look at a whole store has found so far; filled table by table.
// Promise: memory is bounded: the first kMostFindings findings, and how many there were.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace watchpost::spool {

inline constexpr std::int64_t kRowsPerCheckStep = 256;
inline constexpr const char* kCheckDisk =
    "Check the disk or SD card (dmesg shows its errors) and replace it if they repeat";

struct Finding {
  std::string what;
  std::string remedy;
  std::string what_zh{};  // empty where there is only English
  std::string remedy_zh{};
};

struct CheckReport {
  static constexpr std::size_t kMostFindings = 200;
  std::map<std::string, std::uint64_t> rows;  // looked at, by table
  bool pages_checked = false;
  std::uint64_t finding_count = 0;
  std::vector<Finding> findings;

  void found(Finding finding) {
    ++finding_count;
    if (findings.size() < kMostFindings) findings.push_back(std::move(finding));
  }
  // Messages and events. A store that was ever used has one at least: the newest of a class stays.
  [[nodiscard]] std::uint64_t records() const {
    std::uint64_t all = 0;
    for (const auto& [table, count] : rows) all += table.starts_with("log_") ? count : 0;
    return all;
  }
  [[nodiscard]] std::uint64_t all_rows() const {
    std::uint64_t all = 0;
    for (const auto& [table, count] : rows) all += count;
    return all;
  }
};

struct StoreView;

// One table, in steps of a few hundred rows, each a short transaction of its own.
class TableCheck {
 public:
  virtual ~TableCheck() = default;
  // False once all of it was looked at.
  [[nodiscard]] virtual Result<bool> step(CheckReport& report) = 0;
};

}  // namespace watchpost::spool
