// LedgerCheck: every message that a simulated village had acknowledged, against the events that
// carry them. Needs raw = "always" in the gateway's [[upstream]].
// Promise: compares topic and payload byte for byte, as often as each was acknowledged. Memory for
// 16 bytes and a counter for each different message of the ledger. Pure but for the file it reads.
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
  // A file of `watchpost simulate --ledger`.
  [[nodiscard]] static Result<LedgerCheck> read(const std::string& file);

  void arrived(std::string_view event);
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::uint64_t missing() const { return missing_; }
  // Topics and payloads of the first missing ones, as the ledger has them.
  [[nodiscard]] Result<std::vector<std::string>> missing_lines(std::size_t most) const;

 private:
  explicit LedgerCheck(std::string file) : file_(std::move(file)) {}

  std::string file_;
  std::unordered_map<std::string, std::uint32_t> open_;  // digest of topic and payload
  std::uint64_t acknowledged_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace watchpost::cli
