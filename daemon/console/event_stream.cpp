#include "console/event_stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>
#include <variant>

#include "console/event_pages.hpp"
#include "net/await.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;

using net::kAwait;
// A read that failed is tried again so much later.
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
  exchange->begin_stream();
  EventPages pages(query, source.spool.heads().newest, std::string(Exchange::kStreamBegins));
  while (exchange->is_open()) {
    EventPages::Step step = pages.next(source.spool.heads().newest, source.render);
    if (std::holds_alternative<EventPages::End>(step)) co_return;
    if (const auto* read = std::get_if<EventPages::Read>(&step)) {
      const ReadAnswer answer = co_await read_log(source.reader, read->request);
      pages.answered(*read, *answer);
    } else if (auto* send = std::get_if<EventPages::Send>(&step)) {
      const bool sent = co_await Exchange::send(exchange, std::move(send->page));
      if (!sent) co_return;
    } else {
      co_await Exchange::wait_for_news(exchange, kReadRetry);
    }
  }
}

}  // namespace watchpost::console
