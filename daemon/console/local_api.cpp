#include "console/local_api.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>
#include <vector>

#include "console/event_stream.hpp"
#include "console/http_server.hpp"
#include "console/verify_stream.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;
using ExchangePtr = std::shared_ptr<Exchange>;

asio::awaitable<void> answer_status(std::function<std::string(bool)> status, ExchangePtr exchange) {
  const auto target = exchange->target();
  const auto query = target.substr(path_of(target).size());
  if (query.empty() || query == "?devices=all") {
    std::string json = status(!query.empty());
    co_await Exchange::answer(exchange, std::move(json));
  } else {
    Failure refusal{Failure::Kind::invalid_input,
                    "\"" + std::string(query) + "\" is not understood",
                    "Ask for /v1/status, or for /v1/status?devices=all"};
    co_await Exchange::refuse(exchange, std::move(refusal));
  }
}

asio::awaitable<void> answer_events(EventSource source, ExchangePtr exchange) {
  auto query = event_query_from(exchange->target());
  if (query.has_error()) {
    co_await Exchange::refuse(exchange, query.error());
  } else {
    co_await stream_events(std::move(source), exchange, *query);
  }
}

std::vector<Route> routes_of(asio::io_context& io, LocalApi::Neighbours neighbours,
                             const LocalApiSources& sources) {
  const EventSource source{neighbours.spool, neighbours.reader, sources.render};
  const auto events = [source](ExchangePtr exchange) { return answer_events(source, exchange); };
  std::vector<Route> routes{
      {"/v1/status", "GET", Access::group, Bound::none, "the state of the daemon",
       [status = sources.status](ExchangePtr exchange) {
         return answer_status(status, std::move(exchange));
       }},
      {"/v1/events", "GET", Access::group, Bound::followers, "events as they are committed",
       events},
      {"/v1/export", "GET", Access::group, Bound::followers, "the events of a time range", events},
  };
  add_duty_routes(sources.duty, routes);
  if (sources.database_file.empty()) return routes;
  routes.push_back(
      {"/v1/verify", "GET", Access::group, Bound::one, "a check of the store",
       [executor = asio::any_io_executor(io.get_executor()), file = sources.database_file](
           ExchangePtr exchange) { return stream_check(executor, std::move(exchange), file); }});
  return routes;
}

}  // namespace

LocalApi::LocalApi(asio::io_context& io, Neighbours neighbours, LocalApiSources sources)
    : server_(
          std::make_shared<HttpServer>(io, neighbours.log, routes_of(io, neighbours, sources))) {
  neighbours.spool.on_committed([server = std::weak_ptr(server_)](const spool::Heads&) {
    if (const auto alive = server.lock()) alive->wake_all();
  });
}

LocalApi::~LocalApi() {
  stop();
}

Result<void> LocalApi::listen(const std::filesystem::path& socket) {
  return server_->listen(socket);
}

void LocalApi::limit_waits(const Waits& most) {
  server_->limit_waits({.request = most.answer, .follower = most.follower});
}

void LocalApi::stop() {
  server_->stop();
}

}  // namespace watchpost::console
