// LedgerCheck: compares every acknowledged message of a simulated village with the events that
// carry the messages. Needs raw = "always" in the gateway's [[upstream]].
// Promise: compares topic and payload byte for byte, and counts how often each was acknowledged.
// Memory holds 16 bytes and a counter for each different message of the ledger. Pure, except that
// it reads the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace watchpost::cli {

class LedgerCheck {
 public:
  // `file`: written by `watchpost simulate --ledger`.
  [[nodiscard]] static Result<LedgerCheck> read(const std::string& file);

  void arrived(std::string_view event);
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::uint64_t missing() const { return missing_; }
  // Topics and payloads of at most `most` missing messages, as the ledger has them.
  [[nodiscard]] Result<std::vector<std::string>> missing_lines(std::size_t most) const;

 private:
  explicit LedgerCheck(std::string file) : file_(std::move(file)) {}

  std::string file_;
  std::unordered_map<std::string, std::uint32_t> open_;  // digest -> how many are missing
  std::uint64_t acknowledged_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace watchpost::cli
