// Gst9000Line: the printer port of a GST9000 fire panel behind a serial server.
// Promise: every record is handed over, and after a pause again until it is kept: a printer is
// silent, so nothing can be asked for again. While records wait, the panel's bytes stay in the
// connection (may_read). Nothing is ever sent. Pure; one thread.
#pragma once

#include <map>

#include "wired/gst9000_records.hpp"
#include "wired/line.hpp"

namespace watchpost::wired {

class Gst9000Line final : public Line {
 public:
  explicit Gst9000Line(LineOptions options) : options_(std::move(options)) {}

  [[nodiscard]] Steps received(std::string_view bytes) override;
  [[nodiscard]] Steps settled(TicketNumber ticket, const Result<void>& outcome,
                              const ClockReading& now) override;
  [[nodiscard]] Steps paused() override;
  [[nodiscard]] std::size_t under_way() const override { return records_.size(); }
  // A panel may print nothing for months.
  [[nodiscard]] bool is_mute() const override { return true; }
  [[nodiscard]] std::size_t unfinished() const override { return cutter_.unfinished() + unkept_; }

 private:
  struct Record {
    std::string bytes;
    bool is_unkept = false;  // it came back, and waits for the next pause
  };
  void hand_over(std::string record, Steps& steps);

  LineOptions options_;
  Gst9000Records cutter_;
  std::map<TicketNumber, Record> records_;  // by ticket
  std::size_t unkept_ = 0;
  TicketNumber last_ticket_;
};

}  // namespace watchpost::wired
