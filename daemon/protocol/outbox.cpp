#include "protocol/outbox.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::protocol {
namespace {

constexpr std::size_t kEachQueued = 128;  // of an entry besides the message

std::size_t bytes_of(const Delivery& delivery) {
  const LocalMessage& one = *delivery.publication;
  return kEachQueued + one.topic.size() + one.payload.size() + one.properties.size();
}

}  // namespace

void Outbox::took(std::size_t bytes) {
  bytes_ += bytes;
  room_->taken += bytes;
}

void Outbox::gave_back(std::size_t bytes) {
  bytes_ -= bytes;
  room_->taken -= bytes;
}

void Outbox::add(std::uint64_t number, Delivery delivery, std::vector<std::uint64_t>& yielded) {
  took(bytes_of(delivery));
  entries_.push_back({number, std::move(delivery), Stage::waiting, false, false});
  while (entries_.size() > kMostMessages || bytes_ > kMostBytes ||
         room_->taken > OutboxRoom::kMost) {
    const auto oldest = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
      return entry.stage == Stage::waiting && !entry.was_sent && !entry.delivery.from_log;
    });
    // One message alone may be larger than the bound.
    if (oldest == entries_.end() || entries_.size() == 1) return;
    yielded.push_back(oldest->number);
    ++yielded_;
    remove(oldest);
  }
}

void Outbox::load(StoredQueued stored, SteadyTime expires_at, bool may_have_been_sent) {
  next_number_ = std::max(next_number_, stored.number + 1);
  if (stored.is_released) {
    stored.delivery = {};  // nothing of it is needed any more, and it counts for nothing
  } else {
    auto publication = std::make_shared<LocalMessage>(*stored.delivery.publication);
    publication->expires_at = expires_at;
    stored.delivery.publication = std::move(publication);
    took(bytes_of(stored.delivery));
  }
  // DUP says only that it may have been sent.
  const bool may_be_sent = may_have_been_sent || stored.is_released;
  if (may_be_sent) sent_up_to_ = stored.number;
  entries_.push_back({stored.number, std::move(stored.delivery),
                      stored.is_released ? Stage::released : Stage::waiting, may_be_sent, true});
}

void Outbox::number_after(std::uint64_t sent_up_to) {
  next_number_ = std::max(next_number_, sent_up_to + 1);
  sent_up_to_ = std::max(sent_up_to_, sent_up_to);
}

void Outbox::connected(std::uint16_t receive_maximum) {
  disconnected();
  window_ = std::min(receive_maximum, kMostInFlight);
}

void Outbox::disconnected() {
  in_flight_ = first_due_ = 0;
  window_ = 0;
  for (Entry& entry : entries_) {
    if (entry.stage == Stage::sent) {
      entry.stage = Stage::waiting;
      entry.was_sent = true;
    } else if (entry.stage == Stage::releasing) {
      entry.stage = Stage::released;
    } else if (entry.stage == Stage::receiving) {
      ++in_flight_;
    }
  }
}

bool Outbox::is_taken(PacketId id) const {
  return std::any_of(entries_.begin(), entries_.end(), [id](const Entry& entry) {
    return entry.stage != Stage::waiting && id_of(entry.number) == id;
  });
}

std::optional<Outbox::Next> Outbox::next(SteadyTime now, std::vector<std::uint64_t>& gone) {
  while (in_flight_ < window_ && first_due_ < entries_.size()) {
    const auto at = entries_.begin() + static_cast<std::ptrdiff_t>(first_due_);
    const PacketId id = id_of(at->number);
    if (at->stage == Stage::released) {
      at->stage = Stage::releasing;
      ++in_flight_;
      ++first_due_;
      return Next{id, nullptr, false};
    }
    if (at->stage != Stage::waiting) {
      ++first_due_;
      continue;
    }
    if ((!at->was_sent || at->is_stored) && at->delivery.publication->expires_at <= now) {
      gone.push_back(at->number);
      remove(at);
      continue;
    }
    // 65,535 messages further on, the same id comes again.
    if (entries_.front().number + 65'535 <= at->number && is_taken(id)) return std::nullopt;
    at->stage = Stage::sent;
    at->is_stored = false;
    sent_up_to_ = std::max(sent_up_to_, at->number);
    ++in_flight_;
    ++first_due_;
    return Next{id, &at->delivery, at->was_sent};
  }
  return std::nullopt;
}

Outbox::Entries::iterator Outbox::in_flight(PacketId id) {
  return std::find_if(entries_.begin(), entries_.end(), [id](const Entry& entry) {
    return entry.stage != Stage::waiting && id_of(entry.number) == id;
  });
}

void Outbox::remove(Entries::iterator at) {
  if (at->delivery.publication) gave_back(bytes_of(at->delivery));
  const auto place = static_cast<std::size_t>(at - entries_.begin());
  entries_.erase(at);
  if (place < first_due_) --first_due_;
}

Outbox::Answer Outbox::finish(Entries::iterator at) {
  const Answer answer{at->number, true, true, at->delivery.from_log};
  if (is_unacknowledged(*at)) --in_flight_;
  remove(at);
  return answer;
}

Outbox::Answer Outbox::acknowledged(PacketId id) {
  const auto at = in_flight(id);
  const bool is_due =
      at != entries_.end() && at->stage == Stage::sent && at->delivery.qos == Qos::at_least_once;
  return is_due ? finish(at) : Answer{};
}

Outbox::Answer Outbox::received(PacketId id, bool is_refused) {
  const auto at = in_flight(id);
  const bool is_due = at != entries_.end() && at->stage != Stage::released &&
                      (at->stage != Stage::sent || at->delivery.qos == Qos::exactly_once);
  if (!is_due) return {};
  if (is_refused && at->stage == Stage::sent) return finish(at);
  if (at->stage == Stage::sent) at->stage = Stage::receiving;
  return {at->number, true, false};
}

Outbox::Answer Outbox::completed(PacketId id) {
  const auto at = in_flight(id);
  return at != entries_.end() && at->stage == Stage::releasing ? finish(at) : Answer{};
}

void Outbox::withdraw_from_log() {
  for (auto at = entries_.begin(); at != entries_.end();) {
    const auto next = std::next(at);
    const bool is_unsent = at->stage == Stage::waiting && !at->was_sent;
    const auto place = at - entries_.begin();
    if (at->delivery.from_log && is_unsent) {
      remove(at);
      at = entries_.begin() + place;
    } else {
      at = next;
    }
  }
}

Outbox::Answer Outbox::forget(PacketId id) {
  const auto at = in_flight(id);
  return at != entries_.end() ? finish(at) : Answer{};
}

bool Outbox::released(std::uint64_t number) {
  const auto at = std::find_if(entries_.begin(), entries_.end(),
                               [number](const Entry& entry) { return entry.number == number; });
  if (at == entries_.end()) return false;
  if (at->stage == Stage::releasing) return window_ != 0;  // PUBREC came again
  if (at->stage != Stage::receiving) return false;
  gave_back(bytes_of(at->delivery));
  at->delivery = {};
  if (window_ != 0) {
    at->stage = Stage::releasing;
    return true;
  }
  at->stage = Stage::released;
  --in_flight_;
  return false;
}

void Outbox::not_released(std::uint64_t number) {
  const auto at = std::find_if(entries_.begin(), entries_.end(),
                               [number](const Entry& entry) { return entry.number == number; });
  if (at == entries_.end() || at->stage != Stage::receiving) return;
  at->stage = Stage::waiting;
  at->was_sent = true;
  --in_flight_;
  first_due_ = 0;
}

}  // namespace watchpost::protocol
