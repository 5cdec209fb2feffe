// StoreMeter: what the status tells of the store: how large it is, what its commits amount to, and
// how long its room will last. Promise: decides nothing about a commit. Used by Committer, on the
// spool thread, and once before that thread begins.
#pragma once

#include "base/clock.hpp"
#include "spool/queue/commit_group.hpp"
#include "spool/room/forecast.hpp"
#include "spool/spool.hpp"
#include "spool/writer/writer.hpp"

namespace watchpost::spool {

class StoreMeter {
 public:
  // A commit begins.
  void begin(const Writer& writer);
  void end(const Writer& writer, const CommitGroup& group, const Result<void>& outcome);
  [[nodiscard]] SpoolStatus status_of(const Writer& writer) const;

 private:
  SpoolStatus totals_;  // what is counted over all commits
  Forecast forecast_;
  SteadyTime begun_{};
  std::uint64_t written_before_ = 0;  // bytes
};

}  // namespace watchpost::spool
