#include "spool/room/queue_room.hpp"

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::spool {
namespace {

// When messages must go, so many bytes more go with them, so that not each commit removes some.
constexpr std::uint64_t kQueueSlackShare = 256;
constexpr std::uint64_t kMostQueueSlack = 256ULL << 10U;
// Of one class at a time, so that another client may have become the largest.
constexpr std::uint64_t kQueueRowsPerStep = 512;

constexpr std::array kYielding{QueueClass::telemetry, QueueClass::status, QueueClass::local,
                               QueueClass::patrol, QueueClass::alarm};

std::uint64_t beyond(std::uint64_t there, ByteCount most) {
  if (there <= most.value) return 0;
  return there - most.value + std::min(most.value / kQueueSlackShare, kMostQueueSlack);
}

PerClass<std::uint64_t> events_of(const PerQueueClass<std::uint64_t>& counts) {
  PerClass<std::uint64_t> events{};
  for (const auto event_class : kEventClasses) {
    events[index_of(event_class)] = counts[index_of(queue_class_of(event_class))];
  }
  return events;
}

std::uint64_t local_of(const PerQueueClass<std::uint64_t>& counts) {
  return counts[index_of(QueueClass::local)];
}

}  // namespace

void QueueRoom::begin() {
  yielded_.clear();
  rows_ = 0;
}

Result<void> QueueRoom::keep_bounds(Transaction& transaction) {
  const QueueTotals& totals = transaction.queues();
  for (const std::string& client_id : totals.changed()) {
    while (true) {
      const auto client = totals.clients().find(client_id);
      if (client == totals.clients().end()) break;
      const auto missing = beyond(client->second.bytes(), limits_.client_queue);
      if (missing == 0) break;
      auto taken = take_from(transaction, client_id, {For::client, QueueClass::alarm, missing});
      if (!taken) return taken.error();
      if (!*taken) break;
    }
  }
  while (const auto missing = beyond(totals.bytes(), limits_.client_queues)) {
    auto taken = take_from_largest(transaction, {For::all, QueueClass::alarm, missing});
    if (!taken) return taken.error();
    if (!*taken) break;
  }
  return {};
}

Result<bool> QueueRoom::give_way(Transaction& transaction, std::uint64_t bytes) {
  return take_from_largest(transaction, {For::records, QueueClass::local, bytes});
}

Result<bool> QueueRoom::take_from_largest(Transaction& transaction, const Wish& wish) {
  const auto& clients = transaction.queues().clients();
  for (const QueueClass queue_class : kYielding) {
    if (queue_class < wish.least) break;
    const auto largest = std::max_element(
        clients.begin(), clients.end(), [queue_class](const auto& a, const auto& b) {
          return a.second.share(queue_class).bytes < b.second.share(queue_class).bytes;
        });
    if (largest == clients.end() || largest->second.share(queue_class).bytes == 0) continue;
    return take_from(transaction, std::string(largest->first), wish);
  }
  return false;
}

// About as many rows as give the bytes that are wished for. False: there are none, or this commit
// has removed enough.
Result<bool> QueueRoom::take_from(Transaction& transaction, const std::string& client_id,
                                  const Wish& wish) {
  const auto client = transaction.queues().clients().find(client_id);
  const auto queue_class = std::find_if(kYielding.begin(), kYielding.end(), [&](QueueClass each) {
    return client->second.share(each).bytes > 0;
  });
  if (queue_class == kYielding.end() || *queue_class < wish.least || rows_ >= kMostRows) {
    return false;
  }
  const QueueTotals::Share share = client->second.share(*queue_class);
  const auto each = std::max<std::uint64_t>(share.bytes / share.messages, 1);
  const auto most = std::min({wish.bytes / each + 1, kQueueRowsPerStep, kMostRows - rows_});
  auto gone = transaction.drop_queued({client_id, *queue_class, share.oldest, most});
  if (!gone) return gone.error();
  rows_ += *gone;
  if (*gone > 0) yielded_.push_back({client_id, wish.reason, *queue_class, *gone});
  return *gone > 0;
}

void QueueRoom::note(SteadyTime now) {
  const auto is_old = [now](const Told& told) { return now - told.last > kToldFor; };
  const auto aged = std::erase_if(clients_, [&](const auto& one) { return is_old(one.second); });
  bool has_news = aged > 0;
  for (Told& told : together_) {
    if (told.counts == Counts{} || !is_old(told)) continue;
    told = {};
    has_news = true;
  }
  for (const Yielded& one : yielded_) count(one, now);
  if (has_news || !yielded_.empty()) publish();
  yielded_.clear();
}

void QueueRoom::count(const Yielded& one, SteadyTime now) {
  total_[index_of(one.queue_class)] += one.messages;
  if (one.reason != For::client) {
    return tell(together_[static_cast<std::size_t>(one.reason)], one, now);
  }
  const bool is_told = clients_.contains(one.client_id) || clients_.size() < kMostTold;
  if (is_told) tell(clients_[one.client_id], one, now);
}

// The log has a line when it begins; the status has what it has come to.
void QueueRoom::tell(Told& told, const Yielded& one, SteadyTime now) {
  const bool begins = told.counts == Counts{};
  told.counts[index_of(one.queue_class)] += one.messages;
  told.last = now;
  if (!begins) return;
  watchpost::tell(*log_, one.reason == For::client ? trouble_of(one.client_id, told)
                                                   : trouble_of(one.reason, told));
}

Trouble QueueRoom::trouble_of(const std::string& client_id, const Told& told) const {
  return trouble<TroubleCode::client_queue_full>(
      arg<"client">(client_id), arg<"by_class">(events_of(told.counts)),
      arg<"local">(local_of(told.counts)), arg<"most">(limits_.client_queue));
}

Trouble QueueRoom::trouble_of(For reason, const Told& told) const {
  const auto by_class = arg<"by_class">(events_of(told.counts));
  const auto local = arg<"local">(local_of(told.counts));
  if (reason == For::records) {
    return trouble<TroubleCode::client_queues_gave_way>(by_class, local);
  }
  return trouble<TroubleCode::client_queues_full>(by_class, local,
                                                  arg<"most">(limits_.client_queues));
}

void QueueRoom::publish() {
  auto yields = std::make_shared<QueueYields>();
  yields->messages = total_;
  for (const auto& [client_id, told] : clients_) {
    yields->troubles.push_back(trouble_of(client_id, told));
  }
  for (const For reason : {For::all, For::records}) {
    const Told& told = together_[static_cast<std::size_t>(reason)];
    if (told.counts != Counts{}) yields->troubles.push_back(trouble_of(reason, told));
  }
  told_ = std::move(yields);
}

}  // namespace watchpost::spool
