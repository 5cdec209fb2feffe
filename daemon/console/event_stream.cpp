#include "console/event_stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "console/event_merge.hpp"
#include "net/await.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;

using net::kAwait;
constexpr std::size_t kRecordsPerRead = 256;
// Bytes of the log in one read; as events with their raw bytes escaped they may become several
// times as many.
constexpr ByteCount kBytesPerRead{128U << 10U};
// A page is sent when it has so many bytes, or when no more records are ready.
constexpr std::size_t kPage = 256UL << 10U;
constexpr std::chrono::seconds kReadRetry{1};

// The answer to one awaited read of the log. It arrives on the I/O thread.
using ReadAnswer = std::shared_ptr<spool::LogReader::Found>;

asio::awaitable<ReadAnswer> read_log(spool::LogReader& reader, spool::ReadRequest request) {
  auto executor = co_await asio::this_coro::executor;
  // The timer never expires by itself: the reader answers every question, unless the daemon is
  // gone.
  auto answered =
      std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  auto answer = std::make_shared<ReadAnswer>();
  spool::LogReader::Answer keep = [answered, answer](spool::LogReader::Found records) {
    *answer = std::make_shared<spool::LogReader::Found>(std::move(records));
    answered->cancel();
  };
  reader.read(request, std::move(keep));
  if (!*answer) co_await answered->async_wait(kAwait);
  co_return *answer;
}

}  // namespace

asio::awaitable<void> stream_events(EventSource source, std::shared_ptr<Exchange> exchange,
                                    EventQuery query) {
  std::string text(Exchange::kStreamBegins);
  exchange->begin_stream();
  const PerClass<Seq> end = source.spool.heads().newest;
  EventMerge merge(query, query.begin(end));
  ExportCount count;
  while (exchange->is_open()) {
    const PerClass<Seq> newest = query.ends ? end : source.spool.heads().newest;
    bool has_failed = false;
    if (const auto wanted = merge.next_read(newest)) {
      const spool::ReadRequest request{wanted->event_class, wanted->after, kRecordsPerRead,
                                       kBytesPerRead};
      const ReadAnswer answer = co_await read_log(source.reader, request);
      if (*answer) {
        merge.answered(wanted->event_class, **answer, newest[index_of(wanted->event_class)]);
        continue;
      }
      has_failed = true;
    } else if (const SharedRecord record = merge.next()) {
      const bool is_wanted = query.wants(*record);
      count.add(*record, is_wanted);
      if (is_wanted) text += source.render(*record) + "\n";
      if (text.size() < kPage) continue;
    }
    const bool is_end = query.ends && !has_failed && !merge.next_read(newest) && merge.is_empty();
    // The count tells the client that the export is whole, and was not cut off by the daemon's end.
    if (is_end && query.counts) text += count.line();
    if (!text.empty()) {
      std::string page = std::exchange(text, {});
      const bool sent = co_await Exchange::send(exchange, std::move(page));
      if (!sent) co_return;
      if (!is_end) continue;
    }
    if (is_end) co_return;
    // The wait also has an end of its own, so that a read that failed is tried again.
    co_await Exchange::wait_for_news(exchange, kReadRetry);
  }
}

}  // namespace watchpost::console
