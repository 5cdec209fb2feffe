#include "console/verify_stream.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "console/check_json.hpp"
#include "console/live_check.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kLookAgain{1};

struct News {
  std::string line;
  bool is_last = false;
};

std::unique_ptr<LiveCheck> begin_check(const asio::any_io_executor& io,
                                       const std::shared_ptr<Exchange>& exchange,
                                       const std::shared_ptr<News>& news,
                                       std::filesystem::path database_file) {
  LiveCheck::Post post = [io](std::function<void()> call) { asio::post(io, std::move(call)); };
  LiveCheck::Told told =
      [news, watched = std::weak_ptr(exchange)](const Result<LiveCheck::Progress>& progress) {
        news->line = check_json(progress) + "\n";
        news->is_last = !progress || progress->complete;
        if (const auto waiting = watched.lock()) waiting->wake();
      };
  return std::make_unique<LiveCheck>(std::move(database_file), std::move(post), std::move(told));
}

}  // namespace

asio::awaitable<void> stream_check(asio::any_io_executor io, std::shared_ptr<Exchange> exchange,
                                   std::filesystem::path database_file) {
  const auto news = std::make_shared<News>();
  exchange->begin_stream();
  // The thread of the check posts to the io_context, which may be destroyed soon: so the check ends
  // with the client.
  const auto check = std::make_shared<std::unique_ptr<LiveCheck>>(
      begin_check(io, exchange, news, std::move(database_file)));
  exchange->on_close([check] { check->reset(); });
  std::string text(Exchange::kStreamBegins);
  bool is_last = false;
  while (exchange->is_open()) {
    if (!text.empty()) {
      const bool sent = co_await Exchange::send(exchange, std::move(text));
      if (!sent || is_last) break;
    }
    if (news->line.empty()) co_await Exchange::wait_for_news(exchange, kLookAgain);
    text = std::exchange(news->line, {});
    is_last = news->is_last;
  }
  exchange->close();
}

}  // namespace watchpost::console
