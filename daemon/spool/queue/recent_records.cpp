#include "spool/queue/recent_records.hpp"

#include <utility>

namespace watchpost::spool {
void RecentRecords::Class::pop_front() {
  bytes -= memory_of(*records.front());
  records.pop_front();
}

void RecentRecords::add(Record record) {
  Class& recent = classes_[index_of(record.event_class)];
  // Events of the store itself (gaps) are written beside the groups: a hole is for the log.
  if (!recent.records.empty() && recent.records.back()->seq.next() != record.seq) recent = {};
  recent.bytes += memory_of(record);
  recent.records.push_back(std::make_shared<const Record>(std::move(record)));
  while (recent.bytes > kMostBytes.value) recent.pop_front();
}

void RecentRecords::forget_before(EventClass event_class, Seq oldest) {
  Class& recent = classes_[index_of(event_class)];
  while (!recent.records.empty() && recent.records.front()->seq < oldest) recent.pop_front();
}

std::optional<std::vector<SharedRecord>> RecentRecords::read(const ReadRequest& request) const {
  const std::deque<SharedRecord>& records = classes_[index_of(request.event_class)].records;
  const Seq first = request.after.next();
  if (records.empty() || first < records.front()->seq || first > records.back()->seq) {
    return std::nullopt;
  }
  std::vector<SharedRecord> found;
  std::uint64_t bytes = 0;
  for (auto at = first.value - records.front()->seq.value;
       at < records.size() && found.size() < request.most_records &&
       bytes < request.most_bytes.value;
       ++at) {
    found.push_back(records[at]);
    bytes += memory_of(*found.back());
  }
  return found;
}

void RecentFirstReader::read(const ReadRequest& request, Answer answer) {
  if (auto found = recent_.read(request)) return answer(std::move(*found));
  log_.read(request, std::move(answer));
}

}  // namespace watchpost::spool
