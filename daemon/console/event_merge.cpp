#include "console/event_merge.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::console {

std::optional<EventMerge::Read> EventMerge::next_read(const PerClass<Seq>& newest) const {
  for (const EventClass event_class : kEventClasses) {
    const auto i = index_of(event_class);
    if (!query_.wants(event_class) || !pages_[i].empty() || read_to_[i] >= newest[i]) continue;
    return Read{event_class, read_to_[i]};
  }
  return std::nullopt;
}

void EventMerge::answered(EventClass event_class, const std::vector<SharedRecord>& records,
                          Seq newest) {
  const auto i = index_of(event_class);
  for (const SharedRecord& record : records) {
    if (record->seq > newest) break;
    pages_[i].push_back(record);
  }
  read_to_[i] = pages_[i].empty() ? newest : pages_[i].back()->seq;
}

bool EventMerge::is_empty() const {
  return std::all_of(pages_.begin(), pages_.end(), [](const auto& page) { return page.empty(); });
}

SharedRecord EventMerge::next() {
  std::deque<SharedRecord>* earliest = nullptr;
  for (auto& page : pages_) {
    if (page.empty()) continue;
    if (earliest != nullptr && query_.by_class) break;
    if (earliest == nullptr || page.front()->received_at < earliest->front()->received_at) {
      earliest = &page;
    }
  }
  if (earliest == nullptr) return nullptr;
  SharedRecord record = std::move(earliest->front());
  earliest->pop_front();
  return record;
}

}  // namespace watchpost::console
