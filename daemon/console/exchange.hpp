// Exchange: one request of one client of the local API, and the way back to it.
// Promise: who takes nothing of what it asked for within the deadline is closed; nothing here waits
// longer. A client speaks once: what can be read from it after its request is its end. I/O thread
// only. Includes Asio and Beast: only for .cpp files of console/.
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
    std::chrono::milliseconds request{10'000};  // for the whole request, and for one answer
    // For a stream's reader to take what is written to it: a person may be reading a page of it.
    std::chrono::milliseconds follower{10 * 60'000};
  };

  Exchange(const boost::asio::any_io_executor& io, std::shared_ptr<net::Stream> accepted,
           const Waits& waits);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() { stream_.stream().close(); }

  // False: it went away, asked nothing in time, or what came is no HTTP.
  [[nodiscard]] static boost::asio::awaitable<bool> read_request(std::shared_ptr<Exchange> self);
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] std::string_view target() const;

  // The whole answer, as JSON.
  [[nodiscard]] static boost::asio::awaitable<void> answer(std::shared_ptr<Exchange> self,
                                                           std::string json);
  // `found` without a route, or one that has no room now.
  [[nodiscard]] static boost::asio::awaitable<void> refuse(std::shared_ptr<Exchange> self,
                                                           Found found);
  [[nodiscard]] static boost::asio::awaitable<void> refuse(std::shared_ptr<Exchange> self,
                                                           Failure failure);

  // A stream of lines: begin_stream, then send until it gives false, then the end. The first text
  // begins with this.
  static constexpr std::string_view kStreamBegins =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n";
  void begin_stream();
  [[nodiscard]] static boost::asio::awaitable<bool> send(std::shared_ptr<Exchange> self,
                                                         std::string text);
  // Until wake(), or for `longest`.
  [[nodiscard]] static boost::asio::awaitable<void> wait_for_news(
      std::shared_ptr<Exchange> self, std::chrono::milliseconds longest);
  void wake() { news_.cancel(); }
  [[nodiscard]] bool is_open() { return stream_.stream().is_open(); }
  void close();
  // `end` is called once, by close(): what works for this client ends with it.
  void on_close(std::function<void()> end) { end_ = std::move(end); }

  const Route* route = nullptr;  // once it is known; for the bounds

 private:
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  static boost::asio::awaitable<void> respond(std::shared_ptr<Exchange> self, Response response);
  // What is read or written from now on; none: it may take as long as it wants.
  void close_after(std::optional<std::chrono::milliseconds> wait);

  Waits waits_;
  net::AsioStream stream_;
  boost::asio::steady_timer news_;  // cancelled when there is something new, or to stop
  Request request_;
  std::function<void()> end_;
};

}  // namespace watchpost::console
