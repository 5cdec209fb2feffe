// ReadRetry: a backlog that cannot be read is read again every second while the disk fails; each
// cause is logged once. Pure but for its log lines: the caller brings the time. Used by Uplink, on
// the I/O thread.
#pragma once

#include <optional>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class ReadRetry {
 public:
  static constexpr std::chrono::seconds kWait{1};

  explicit ReadRetry(UplinkBasis& basis) : basis_(basis) {}

  void answered(const spool::LogReader::Found& answer) {
    auto trouble = answer.has_error() ? std::optional(cause_of(answer.error())) : std::nullopt;
    if (std::exchange(trouble_, std::move(trouble)) == trouble_) return;
    if (!trouble_) {
      basis_.log.info("Upstream {}: its backlog can be read again", basis_.options.name);
    } else {
      basis_.log.error("Upstream {}: its backlog cannot be read: {}", basis_.options.name,
                       answer.error().sentence());
    }
  }
  void look(SteadyTime now) {
    if (due_at_ && *due_at_ <= now) {
      due_at_.reset();
      basis_.forwarder.retry_reads();
    }
    if (basis_.forwarder.has_failed_read() && !due_at_) due_at_ = now + kWait;
  }
  [[nodiscard]] std::optional<SteadyTime> due_at() const { return due_at_; }
  void tell(UplinkStatus& status) const {
    if (status.failure || !trouble_) return;
    status.failure = trouble_;
    status.backlog_not_readable = true;
  }

 private:
  UplinkBasis& basis_;
  std::optional<SteadyTime> due_at_;
  std::optional<Trouble> trouble_;
};

}  // namespace watchpost::upstream
