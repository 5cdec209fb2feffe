// Outcomes: what became of the appends that the pipeline made.
// Promise: only what is committed counts as recorded; whoever submitted is told after this, and
// after judgement. What the pipeline remembers of a message beyond its records (taps, dangers
// proved) is taken back here where it was not kept. I/O thread only; the spool keeps it alive until
// the last append is settled.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "model/relay.hpp"
#include "spool/spool.hpp"

namespace watchpost::pipeline {

class Outcomes final : public spool::AppendAuthor {
 public:
  void settled(const spool::Append& append, const Result<void>& outcome) override {
    if (append.steps && tell_judgement_) tell_judgement_(append, outcome.has_value());
    if (outcome) {
      for (const Record& record : append.records) {
        ++recorded_[index_of(record.event_class)];
        if (relayed_ && is_relayed(record)) relayed_(record);
      }
    } else if (!append.records.empty() || !append.facts.empty()) {
      ++not_kept_;
      for (const Fact& fact : append.facts) take_back(fact);
    }
  }

  // `take_back`: what was to be remembered and was not kept. May outlive who set it: see detach().
  void on_not_kept(std::function<void(const Remembered&)> take_back) {
    take_back_ = std::move(take_back);
  }
  // `tell`: what became of an append with steps of judgement. As the one before.
  void on_judged(std::function<void(const spool::Append&, bool is_kept)> tell) {
    tell_judgement_ = std::move(tell);
  }
  // `tell`: an event of another gateway is on disk. As the first one.
  void on_relayed(std::function<void(const Record&)> tell) { relayed_ = std::move(tell); }
  void detach() { take_back_ = nullptr, tell_judgement_ = nullptr, relayed_ = nullptr; }

  [[nodiscard]] const PerClass<std::uint64_t>& recorded() const { return recorded_; }
  // Appends that failed or were refused, each time they were handed over.
  [[nodiscard]] std::uint64_t not_kept() const { return not_kept_; }

 private:
  void take_back(const Fact& fact) const {
    const auto* remembered = std::get_if<Remembered>(&fact);
    if (remembered != nullptr && take_back_) take_back_(*remembered);
  }

  std::function<void(const Remembered&)> take_back_;
  std::function<void(const spool::Append&, bool is_kept)> tell_judgement_;
  std::function<void(const Record&)> relayed_;
  PerClass<std::uint64_t> recorded_{};
  std::uint64_t not_kept_ = 0;
};

}  // namespace watchpost::pipeline
