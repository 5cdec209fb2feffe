#include "console/exchange.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/json.hpp>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "net/await.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using net::kAwait;
constexpr std::size_t kLargestRequest = 16UL * 1'024;

http::response<http::string_body> response_of(http::status status, std::string body) {
  http::response<http::string_body> response{status, 11};
  response.set(http::field::content_type, "application/json");
  response.body() = std::move(body);
  response.prepare_payload();
  response.keep_alive(false);
  return response;
}

std::string error_json(std::string_view sentence) {
  return boost::json::serialize(boost::json::object{{"error", sentence}});
}
// In Chinese too where the failure has words for it.
std::string error_json(const Failure& failure) {
  const std::string english = sentence_of(failure, Language::english);
  const std::string chinese = sentence_of(failure, Language::chinese);
  if (chinese == english) return error_json(english);
  return boost::json::serialize(boost::json::object{
      {"error", english},
      {"text",
       {{to_string(Language::english), english}, {to_string(Language::chinese), chinese}}}});
}
http::status status_of(Failure::Kind kind) {
  if (kind == Failure::Kind::unavailable) return http::status::service_unavailable;
  if (kind == Failure::Kind::not_found) return http::status::not_found;
  return http::status::bad_request;
}

}  // namespace

Exchange::Exchange(const asio::any_io_executor& io, std::shared_ptr<net::Stream> accepted,
                   const Waits& waits)
    : waits_(waits), stream_(io, std::move(accepted)), news_(io) {}

std::string_view Exchange::target() const {
  return {request_.target().data(), request_.target().size()};
}

asio::awaitable<bool> Exchange::read_request(std::shared_ptr<Exchange> self) {
  boost::beast::flat_buffer buffer(kLargestRequest);
  self->close_after(self->waits_.request);
  const auto [error, size] =
      co_await http::async_read(self->stream_, buffer, self->request_, kAwait);
  self->close_after(std::nullopt);
  co_return !error;
}

asio::awaitable<void> Exchange::respond(std::shared_ptr<Exchange> self, Response response) {
  self->close_after(self->waits_.request);
  co_await http::async_write(self->stream_, response, kAwait);
  self->close_after(std::nullopt);
}

asio::awaitable<void> Exchange::answer(std::shared_ptr<Exchange> self, std::string json) {
  auto response = response_of(http::status::ok, std::move(json));
  co_await respond(self, std::move(response));
}

asio::awaitable<void> Exchange::answer_text(std::shared_ptr<Exchange> self, Text text) {
  auto response = response_of(http::status::ok, std::move(text.body));
  response.set(http::field::content_type, text.type);
  co_await respond(self, std::move(response));
}

asio::awaitable<void> Exchange::refuse(std::shared_ptr<Exchange> self, Found found) {
  auto response = response_of(http::int_to_status(found.status), error_json(found.sentence));
  if (!found.allow.empty()) response.set(http::field::allow, found.allow);
  co_await respond(self, std::move(response));
}

asio::awaitable<void> Exchange::refuse(std::shared_ptr<Exchange> self, Failure failure) {
  auto response = response_of(status_of(failure.kind), error_json(failure));
  co_await respond(self, std::move(response));
}

void Exchange::begin_stream() {
  const auto rest = std::make_shared<char>();
  const std::span<char> room(rest.get(), 1);
  stream_.stream().read_some(room, [watched = weak_from_this(), rest](const auto&, std::size_t) {
    if (const auto gone = watched.lock()) gone->close();
  });
}

asio::awaitable<bool> Exchange::send(std::shared_ptr<Exchange> self, std::string text) {
  self->close_after(self->waits_.follower);
  const auto [error, size] = co_await net::write(self->stream_.stream(), text);
  self->close_after(std::nullopt);
  co_return !error;
}

asio::awaitable<void> Exchange::wait_for_news(std::shared_ptr<Exchange> self,
                                              std::chrono::milliseconds longest) {
  self->news_.expires_after(longest);
  co_await self->news_.async_wait(kAwait);
}

void Exchange::close() {
  stream_.stream().close();
  news_.cancel();
  if (const auto end = std::exchange(end_, nullptr)) end();
}

void Exchange::close_after(std::optional<std::chrono::milliseconds> wait) {
  const auto at = wait ? std::chrono::steady_clock::now() + *wait : SteadyTime::max();
  stream_.stream().set_deadline(at);
}

}  // namespace watchpost::console
