#include "console/duty_routes.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "console/exchange.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::console {
namespace {

namespace asio = boost::asio;
using ExchangePtr = std::shared_ptr<Exchange>;

std::string_view query_of(std::string_view target) {
  return target.substr(path_of(target).size());
}

Failure other_query(std::string_view query, std::string_view instead) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("\"{}\" is not understood", query), fmt::format("Ask for {}", instead)},
      Chinese{fmt::format("无法理解“{}”", query), fmt::format("请用 {}", instead)});
}

Failure not_answered() {
  return in_both(Failure::Kind::unavailable,
                 English{"The store has not answered yet, so nobody knows whether it was done",
                         "Send it again with the same key: nothing is done twice"},
                 Chinese{"数据文件尚未应答，无法确定是否已执行", "请用同一个键重发：不会重复执行"});
}

asio::awaitable<void> give(ExchangePtr exchange, Result<std::string> answer) {
  if (answer.has_error()) {
    Failure failure = answer.error();
    co_await Exchange::refuse(exchange, std::move(failure));
  } else {
    std::string text = std::move(*answer);
    co_await Exchange::answer(exchange, std::move(text));
  }
}

asio::awaitable<void> answer_text(std::function<std::string()> text, ExchangePtr exchange) {
  Result<std::string> answer = text();
  co_await give(std::move(exchange), std::move(answer));
}

asio::awaitable<void> answer_alarm(std::function<Result<std::string>(std::string_view)> alarm,
                                   ExchangePtr exchange) {
  constexpr std::string_view kNumber = "?number=";
  const auto query = query_of(exchange->target());
  Result<std::string> answer = other_query(query, "/v1/alarm?number=37");
  if (query.starts_with(kNumber)) answer = alarm(query.substr(kNumber.size()));
  co_await give(std::move(exchange), std::move(answer));
}

std::optional<Origin> origin_from(std::string_view query) {
  if (query.empty()) return Origin::api;
  return query == "?origin=cli" ? std::optional(Origin::cli) : std::nullopt;
}

asio::awaitable<void> answer_post(DutySources::Post post, std::chrono::milliseconds longest_commit,
                                  ExchangePtr exchange) {
  const auto query = query_of(exchange->target());
  const auto origin = origin_from(query);
  if (!origin) {
    Result<std::string> refusal = other_query(query, "?origin=cli");
    co_await give(std::move(exchange), std::move(refusal));
    co_return;
  }
  // Told when its client may be gone.
  const auto told = std::make_shared<std::optional<Result<std::string>>>();
  ToldAnswer tell = [told, asking = std::weak_ptr(exchange)](Result<std::string> answer) {
    *told = std::move(answer);
    if (const auto waiting = asking.lock()) waiting->wake();
  };
  post(exchange->request().body(), *origin, std::move(tell));
  const auto until = std::chrono::steady_clock::now() + longest_commit;
  while (!*told && exchange->is_open()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    co_await Exchange::wait_for_news(exchange, left);
  }
  Result<std::string> answer = *told ? std::move(**told) : Result<std::string>(not_answered());
  co_await give(std::move(exchange), std::move(answer));
}

Route get(std::string_view path, std::string_view purpose,
          std::function<asio::awaitable<void>(ExchangePtr)> answer) {
  return {path, "GET", Access::group, Bound::none, purpose, std::move(answer)};
}
Route post(std::string_view path, std::string_view purpose, DutySources::Post act,
           std::chrono::milliseconds longest_commit) {
  return {path,
          "POST",
          Access::group,
          Bound::writers,
          purpose,
          [act = std::move(act), longest_commit](ExchangePtr exchange) {
            return answer_post(act, longest_commit, std::move(exchange));
          }};
}

}  // namespace

void add_duty_routes(const DutySources& sources, std::vector<Route>& routes) {
  if (!sources.alarms) return;
  routes.push_back(get("/v1/alarms", "the open alarms", [text = sources.alarms](ExchangePtr e) {
    return answer_text(text, std::move(e));
  }));
  routes.push_back(get("/v1/alarm", "one alarm", [alarm = sources.alarm](ExchangePtr e) {
    return answer_alarm(alarm, std::move(e));
  }));
  routes.push_back(
      get("/v1/devices", "the devices that are known",
          [text = sources.devices](ExchangePtr e) { return answer_text(text, std::move(e)); }));
  routes.push_back(
      post("/v1/command", "a command of a person", sources.command, sources.longest_commit));
  routes.push_back(post("/v1/enter", "devices are entered or edited", sources.enter_devices,
                        sources.longest_commit));
}

}  // namespace watchpost::console
