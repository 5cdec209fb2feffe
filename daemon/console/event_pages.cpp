#include "console/event_pages.hpp"

#include <utility>

namespace watchpost::console {
namespace {

constexpr std::size_t kRecordsPerRead = 256;
// Bytes of the log in one read; as events with their raw bytes escaped they may become several
// times as many.
constexpr ByteCount kBytesPerRead{128U << 10U};

}  // namespace

EventPages::EventPages(const EventQuery& query, const PerClass<Seq>& newest, std::string opening)
    : query_(query), end_(newest), merge_(query, query.begin(newest)), text_(std::move(opening)) {}

EventPages::Step EventPages::next(const PerClass<Seq>& newest, const Render& render) {
  const PerClass<Seq>& until = query_.ends ? end_ : newest;
  while (!has_failed_) {
    if (const auto wanted = merge_.next_read(until)) {
      const auto event_class = wanted->event_class;
      return Read{{event_class, wanted->after, kRecordsPerRead, kBytesPerRead},
                  until[index_of(event_class)]};
    }
    const SharedRecord record = merge_.next();
    if (!record) break;
    const bool is_wanted = query_.wants(*record);
    count_.add(*record, is_wanted);
    if (is_wanted) text_ += render(*record) + "\n";
    if (text_.size() >= kPage) return send();
  }
  const bool is_end = query_.ends && !has_failed_;
  // The count tells the client that the export is whole, and was not cut off by the daemon's end.
  if (is_end && std::exchange(query_.counts, false)) text_ += count_.line();
  if (!text_.empty()) return send();
  if (is_end) return End{};
  has_failed_ = false;
  return Wait{};
}

EventPages::Step EventPages::send() {
  return Send{std::exchange(text_, {})};
}

void EventPages::answered(const Read& read, const spool::LogReader::Found& found) {
  has_failed_ = !found;
  if (found) merge_.answered(read.request.event_class, *found, read.newest);
}

}  // namespace watchpost::console
