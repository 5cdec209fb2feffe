#include "receiver/receipt_book.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watchpost::receiver {
namespace {

constexpr std::string_view kTopicEnd = "rcpt";
constexpr std::size_t kMostQuietGateways = 10'000;

}  // namespace

void ReceiptBook::put(const Receipt& receipt, SteadyTime now) {
  // Those that wait for nothing are only remembered for their last second.
  if (gateways_.size() > kMostQuietGateways) {
    std::erase_if(gateways_, [](const auto& one) { return one.second.streams.empty(); });
  }
  const auto [found, is_new] = gateways_.try_emplace(receipt.prefix);
  Waiting& waiting = found->second;
  if (is_new) waiting.last_sent = now - kPause;
  const bool alarm = receipt.event_class == EventClass::alarm;
  const SteadyTime due = alarm ? now : std::max(now, waiting.last_sent + kPause);
  waiting.due = waiting.streams.empty() ? due : std::min(waiting.due, due);
  Seq& sequence = waiting.streams[{receipt.event_class, receipt.epoch}];
  sequence = std::max(sequence, receipt.sequence);
}

std::optional<ReceiptMessage> ReceiptBook::due(SteadyTime now) const {
  for (const auto& [prefix, waiting] : gateways_) {
    if (waiting.streams.empty() || waiting.due > now) continue;
    ReceiptMessage message;
    message.topic = prefix + std::string(kTopicEnd);
    for (const auto& [stream, sequence] : waiting.streams) {
      message.payload += fmt::format(R"({}{{"epoch":"{}","class":"{}","sequence":{}}})",
                                     message.payload.empty() ? "" : ",", stream.second,
                                     to_string(stream.first), sequence.value);
    }
    if (waiting.streams.size() > 1) message.payload = "[" + message.payload + "]";
    return message;
  }
  return std::nullopt;
}

void ReceiptBook::sent(const ReceiptMessage& message, SteadyTime now) {
  const auto prefix = message.topic.substr(0, message.topic.size() - kTopicEnd.size());
  const auto found = gateways_.find(prefix);
  if (found == gateways_.end()) return;
  found->second.streams.clear();
  found->second.last_sent = now;
}

std::optional<SteadyTime> ReceiptBook::next() const {
  std::optional<SteadyTime> next;
  for (const auto& [prefix, waiting] : gateways_) {
    if (waiting.streams.empty()) continue;
    next = next ? std::min(*next, waiting.due) : waiting.due;
  }
  return next;
}

}  // namespace watchpost::receiver
