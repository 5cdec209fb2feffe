// ReadAhead: the records of one class that were read from the log and wait to be sent.
// Promise: the records come in order, each once, none left out. One read is under way at a time,
// and at most the given number of records and bytes wait (the bytes may be passed by one record).
// Pure. Used by Lane, on the I/O thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include "spool/log_reader.hpp"
#include "upstream/lane_options.hpp"

namespace watchpost::upstream {

class ReadAhead {
 public:
  // Reads what is newer than `after`.
  ReadAhead(const LaneOptions& options, Seq after);

  // The next read, if there is room for its answer; nothing is asked for past `head`.
  [[nodiscard]] std::optional<spool::ReadRequest> next_read(Seq head);
  // Takes what was read, but for records that `unwanted` names. False where the answer changes
  // nothing: it was not asked for, came too late, or is an error.
  bool take(spool::LogReader::Found answer, const std::function<bool(Seq)>& unwanted);
  // After an error nothing is read until `retry` is called.
  void retry() { failed_ = false; }
  [[nodiscard]] bool failed() const { return failed_; }

  [[nodiscard]] bool empty() const { return records_.empty(); }
  // front and pop may be called only where not empty.
  [[nodiscard]] const Record& front() const { return *records_.front(); }
  [[nodiscard]] SharedRecord pop();
  // Goes back, or on, to what is newer than `after`; an answer under way is not taken.
  void begin_after(Seq after);
  // Forgets what is not newer than `seq`.
  void skip_up_to(Seq seq);
  // Up to this number no record waits: each was popped, or does not exist.
  [[nodiscard]] Seq passed() const;

 private:
  EventClass event_class_;
  std::size_t most_records_;
  std::size_t most_bytes_;
  Seq read_to_;     // everything up to here was read or does not exist
  Seq asked_head_;  // the head when the read under way was asked for
  std::deque<SharedRecord> records_;
  std::size_t bytes_ = 0;
  bool reading_ = false;
  bool discard_answer_ = false;
  bool failed_ = false;
};

}  // namespace watchpost::upstream
