// LedgerFile: one JSON line for each acknowledged message.
// Promise: a line is written only after the acknowledgement, and reaches the file with flush().
// Memory holds the messages that are sent and not acknowledged; the clients' windows bound their
// number.
// I/O thread only.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "simulator/fleet.hpp"

namespace watchpost::simulator {

class LedgerFile {
 public:
  // A file that exists is emptied.
  [[nodiscard]] static Result<LedgerFile> open(const std::string& path);

  void sent(const Sending& sending, WallTime now);
  void acknowledged(std::uint64_t tag, WallTime now);
  void flush() { file_.flush(); }
  // True after a failed write (a full disk, for example): lines are missing in the ledger.
  [[nodiscard]] bool broken() const { return !file_; }

 private:
  struct Line {
    std::string topic;
    std::string payload;
    WallTime sent{};
  };
  explicit LedgerFile(std::ofstream file) : file_(std::move(file)) {}

  std::ofstream file_;
  std::unordered_map<std::uint64_t, Line> open_;
};

}  // namespace watchpost::simulator
