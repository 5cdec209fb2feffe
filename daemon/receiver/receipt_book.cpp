#include "receiver/receipt_book.hpp"

#include <algorithm>

#include "model/event_topic.hpp"
#include "model/receipt.hpp"

namespace watchpost::receiver {
namespace {

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
  const bool at_once = receipt.event_class == EventClass::alarm || receipt.resend;
  const SteadyTime due = at_once ? now : std::max(now, waiting.last_sent + kPause);
  waiting.due = waiting.streams.empty() ? due : std::min(waiting.due, due);
  Word& word = waiting.streams[{receipt.event_class, receipt.epoch}];
  word.sequence = std::max(word.sequence, receipt.sequence);
  if (receipt.resend)
    word.resend_after = std::min(word.resend_after.value_or(receipt.sequence), receipt.sequence);
}

std::optional<ReceiptMessage> ReceiptBook::due(SteadyTime now) const {
  for (const auto& [prefix, waiting] : gateways_) {
    if (waiting.streams.empty() || waiting.due > now) continue;
    ReceiptMessage message;
    message.topic = receipt_topic(prefix);
    std::vector<watchpost::Receipt> receipts;
    for (const auto& [stream, word] : waiting.streams) {
      const auto& [event_class, epoch] = stream;
      const auto asked = word.resend_after;
      if (asked) receipts.push_back({epoch, event_class, *asked, true});
      if (!asked || *asked < word.sequence) receipts.push_back({epoch, event_class, word.sequence});
    }
    message.payload = receipt_text(receipts);
    return message;
  }
  return std::nullopt;
}

void ReceiptBook::sent(const ReceiptMessage& message, SteadyTime now) {
  const auto found = gateways_.find(std::string(prefix_of_receipt_topic(message.topic)));
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
