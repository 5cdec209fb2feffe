#include "console/metrics_port.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>
#include <vector>

#include "console/http_server.hpp"

namespace watchpost::console {
namespace {

// Of the text format of Prometheus.
constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";

boost::asio::awaitable<void> answer_metrics(std::function<std::string()> text,
                                            std::shared_ptr<Exchange> exchange) {
  Exchange::Text answer{kTextFormat, text()};
  co_await Exchange::answer_text(exchange, std::move(answer));
}

std::vector<Route> metrics_routes(const std::function<std::string()>& text) {
  return {{"/metrics", "GET", Access::network, Bound::none, "numbers for Prometheus",
           [text](std::shared_ptr<Exchange> exchange) {
             return answer_metrics(text, std::move(exchange));
           }}};
}

}  // namespace

MetricsPort::MetricsPort(boost::asio::io_context& io, Log& log, std::function<std::string()> text)
    : server_(std::make_shared<HttpServer>(io, log, metrics_routes(text))) {}

MetricsPort::~MetricsPort() {
  stop();
}

Result<void> MetricsPort::listen(const net::TcpPlace& place) {
  if (place.port == 0) return {};
  return server_->listen(place);
}

void MetricsPort::stop() {
  server_->stop();
}

}  // namespace watchpost::console
