// Exchange: one request of one client of the local API, and the way back to the client.
// Promise: a client that takes none of its answer within the deadline is closed; no wait here is
// longer. A client speaks once: anything that can be read from it after its request counts as its
// end. I/O thread only. Includes Asio and Beast: only for .cpp files of console/.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "console/routes.hpp"
#include "net/await.hpp"

namespace watchpost::console {

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  struct Waits {
    std::chrono::milliseconds request{10'000};  // for the whole request, and for the whole answer
    // For the reader of a stream to take what is written: a person may be reading a page of it.
    std::chrono::milliseconds follower{10 * 60'000};
  };

  Exchange(const boost::asio::any_io_executor& io, std::shared_ptr<net::Stream> accepted,
           const Waits& waits);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() { stream_.stream().close(); }

  // False: the client went away, sent no request in time, or sent something that is no HTTP.
  [[nodiscard]] static boost::asio::awaitable<bool> read_request(std::shared_ptr<Exchange> self);
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] std::string_view target() const;

  // Sends `json` as the whole answer.
  [[nodiscard]] static boost::asio::awaitable<void> answer(std::shared_ptr<Exchange> self,
                                                           std::string json);
  // The same with a text of another kind.
  struct Text {
    std::string type;
    std::string body;
  };
  [[nodiscard]] static boost::asio::awaitable<void> answer_text(std::shared_ptr<Exchange> self,
                                                                Text text);
  // `found`: an answer without a route, or with a route that has no room now.
  [[nodiscard]] static boost::asio::awaitable<void> refuse(std::shared_ptr<Exchange> self,
                                                           Found found);
  [[nodiscard]] static boost::asio::awaitable<void> refuse(std::shared_ptr<Exchange> self,
                                                           Failure failure);

  // A stream of lines: call begin_stream, then send until it returns false, then return. The first
  // text of a stream begins with kStreamBegins.
  static constexpr std::string_view kStreamBegins =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n";
  void begin_stream();
  [[nodiscard]] static boost::asio::awaitable<bool> send(std::shared_ptr<Exchange> self,
                                                         std::string text);
  // Returns after wake(), or after `longest`.
  [[nodiscard]] static boost::asio::awaitable<void> wait_for_news(
      std::shared_ptr<Exchange> self, std::chrono::milliseconds longest);
  void wake() { news_.cancel(); }
  [[nodiscard]] bool is_open() { return stream_.stream().is_open(); }
  void close();
  // close() calls `end` once; whatever works for this client ends there.
  void on_close(std::function<void()> end) { end_ = std::move(end); }

  const Route* route = nullptr;  // null until the route is known; counted for the bounds

 private:
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  static boost::asio::awaitable<void> respond(std::shared_ptr<Exchange> self, Response response);
  // Sets the deadline of reads and writes from now on; none: no deadline.
  void close_after(std::optional<std::chrono::milliseconds> wait);

  Waits waits_;
  net::AsioStream stream_;
  boost::asio::steady_timer news_;  // cancelled when there is news, or to close the client
  Request request_;
  std::function<void()> end_;
};

}  // namespace watchpost::console
