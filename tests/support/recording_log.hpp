// RecordingLog: keeps every line, so that tests can read what the operator would read.
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/log.hpp"

namespace watchpost::support {

class RecordingLog final : public Log {
 public:
  void write(LogLevel level, std::string_view line) override {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(level, std::string(line));
  }
  [[nodiscard]] bool wants(LogLevel) const override { return true; }
  [[nodiscard]] bool says(LogLevel level, std::string_view part) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(lines_.begin(), lines_.end(), [&](const auto& line) {
      return line.first == level && line.second.find(part) != std::string::npos;
    });
  }
  [[nodiscard]] std::size_t count(std::string_view part) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(),
        [&](const auto& line) { return line.second.find(part) != std::string::npos; }));
  }

  // The first line that contains `part`; empty where there is none.
  [[nodiscard]] std::string line_with(std::string_view part) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const auto& line) {
      return line.second.find(part) != std::string::npos;
    });
    return found == lines_.end() ? std::string{} : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<LogLevel, std::string>> lines_;
};

}  // namespace watchpost::support
