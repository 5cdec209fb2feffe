#include "upstream/read_ahead.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::upstream {
ReadAhead::ReadAhead(const LaneOptions& options, Seq after)
    : event_class_(options.event_class),
      most_records_(options.prefetch_records),
      most_bytes_(options.prefetch_bytes.value),
      read_to_(after) {}

std::optional<spool::ReadRequest> ReadAhead::next_read(Seq head) {
  // A read waits until this is half empty: one larger read costs less than many small ones.
  const bool low = records_.size() * 2 <= most_records_ && bytes_ * 2 <= most_bytes_;
  if (reading_ || failed_ || !low || read_to_ >= head) return std::nullopt;
  reading_ = true;
  asked_head_ = head;
  spool::ReadRequest request;
  request.event_class = event_class_;
  request.after = read_to_;
  request.most_records = most_records_ - records_.size();
  request.most_bytes = ByteCount{most_bytes_ - bytes_};
  return request;
}

bool ReadAhead::take(spool::LogReader::Found answer, const std::function<bool(Seq)>& unwanted) {
  if (!reading_) return false;
  reading_ = false;
  if (std::exchange(discard_answer_, false)) return false;
  if (answer.has_error()) {
    failed_ = true;
    return false;
  }
  for (SharedRecord& record : answer.value()) {
    if (record->seq <= read_to_) continue;
    read_to_ = record->seq;
    if (unwanted(record->seq)) continue;
    bytes_ += memory_of(*record);
    records_.push_back(std::move(record));
  }
  // Nothing is stored up to the head of the time of asking: those numbers do not exist.
  if (answer.value().empty()) read_to_ = std::max(read_to_, asked_head_);
  return true;
}

SharedRecord ReadAhead::pop() {
  WATCHPOST_INVARIANT(!records_.empty());
  SharedRecord record = std::move(records_.front());
  records_.pop_front();
  bytes_ -= memory_of(*record);
  return record;
}

void ReadAhead::begin_after(Seq after) {
  records_.clear();
  bytes_ = 0;
  read_to_ = after;
  discard_answer_ = reading_;
}

void ReadAhead::skip_up_to(Seq seq) {
  read_to_ = std::max(read_to_, seq);
  while (!records_.empty() && records_.front()->seq <= seq) {
    bytes_ -= memory_of(*records_.front());
    records_.pop_front();
  }
}

Seq ReadAhead::passed() const {
  return records_.empty() ? read_to_ : Seq{records_.front()->seq.value - 1};
}

}  // namespace watchpost::upstream
