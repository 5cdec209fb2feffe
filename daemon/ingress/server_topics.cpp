#include "ingress/server_topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace watchpost::ingress {

std::vector<SharedLocalMessage> ServerTopics::look(const Figures& figures, SteadyTime now) {
  next_ = now + kInterval;
  most_connected_ = std::max(most_connected_, figures.connected);
  const auto& totals = figures.totals;
  const auto up = std::chrono::duration_cast<std::chrono::seconds>(now - started_).count();
  const std::pair<std::string_view, std::string> all[] = {
      {"version", version_},
      {"uptime", fmt::format("{} seconds", up)},
      {"clients/total", fmt::format("{}", figures.sessions)},
      {"clients/connected", fmt::format("{}", figures.connected)},
      {"clients/disconnected", fmt::format("{}", figures.sessions - figures.connected)},
      {"clients/maximum", fmt::format("{}", most_connected_)},
      {"messages/received", fmt::format("{}", totals.packets_received)},
      {"messages/sent", fmt::format("{}", totals.packets_sent)},
      {"publish/messages/received", fmt::format("{}", totals.messages)},
      {"publish/messages/sent", fmt::format("{}", totals.messages_sent)},
      {"bytes/received", fmt::format("{}", totals.bytes_received)},
      {"bytes/sent", fmt::format("{}", totals.bytes_sent)},
      {"subscriptions/count", fmt::format("{}", figures.subscriptions)},
      {"retained messages/count", fmt::format("{}", figures.retained)},
  };
  std::vector<SharedLocalMessage> news;
  for (const auto& [name, value] : all) {
    std::string topic = fmt::format("$SYS/broker/{}", name);
    std::string& told = told_[topic];
    if (std::exchange(told, value) == value) continue;
    auto message = std::make_shared<LocalMessage>();
    message->topic = std::move(topic);
    message->payload = value;
    message->retain = true;
    news.push_back(std::move(message));
  }
  return news;
}

}  // namespace watchpost::ingress
