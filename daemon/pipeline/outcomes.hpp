// Outcomes: what became of the appends that the pipeline made.
// Promise: only what is committed counts as recorded; whoever submitted is told after this. What
// the pipeline remembers of a message beyond its records (alarms, later) is to be believed, or
// taken back, here. I/O thread only; the spool keeps it alive until the last append is settled.
#pragma once

#include <cstdint>

#include "spool/spool.hpp"

namespace watchpost::pipeline {

class Outcomes final : public spool::AppendAuthor {
 public:
  void settled(const spool::Append& append, const Result<void>& outcome) override {
    if (outcome) {
      for (const Record& record : append.records) ++recorded_[index_of(record.event_class)];
    } else if (!append.records.empty() || !append.facts.empty()) {
      ++not_kept_;
    }
  }

  [[nodiscard]] const PerClass<std::uint64_t>& recorded() const { return recorded_; }
  // Appends that failed or were refused, each time they were handed over.
  [[nodiscard]] std::uint64_t not_kept() const { return not_kept_; }

 private:
  PerClass<std::uint64_t> recorded_{};
  std::uint64_t not_kept_ = 0;
};

}  // namespace watchpost::pipeline
