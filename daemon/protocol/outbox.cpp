#include "protocol/outbox.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::protocol {
void Outbox::took(std::size_t bytes) {
  bytes_ += bytes;
  room_->taken += bytes;
}

void Outbox::gave_back(std::size_t bytes) {
  bytes_ -= bytes;
  room_->taken -= bytes;
}

void Outbox::push(Entry entry) {
  if (entry.delivery.publication) took(memory_in_queue(*entry.delivery.publication));
  if (entry.delivery.from_log) ++from_log_;
  entries_.push_back(std::move(entry));
}

void Outbox::add(std::uint64_t number, Delivery delivery) {
  if (tail_ && !delivery.from_log &&
      !tail_->takes(number, room_for(memory_in_queue(*delivery.publication))))
    return;
  push({number, std::move(delivery), Stage::waiting, false, false});
  if (!tail_) keep_bounds();
}

void Outbox::keep_bounds() {
  while (entries_.size() > kMostMessages || bytes_ > kMostBytes ||
         room_->taken > OutboxRoom::kMost) {
    const auto oldest = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
      return entry.is_unsent() && !entry.delivery.from_log;
    });
    // One message alone may be larger than the bound.
    if (oldest == entries_.end() || entries_.size() == 1) return;
    ++yielded_;
    remove(oldest);
  }
}

// One message alone may be larger than the window. Nothing is kept for a client that is away.
StoredTail::Room Outbox::room_for(std::size_t bytes) const {
  using enum StoredTail::Room;
  if (window_ == 0) return none;
  if (entries_.size() == from_log_) return some;
  const bool fits = entries_.size() < kWindowMessages && bytes_ + bytes <= kWindowBytes &&
                    room_->taken + bytes <= OutboxRoom::kMost;
  return fits ? some : none;
}

void Outbox::load(std::uint64_t up_to, std::optional<std::uint64_t> sent_up_to) {
  tail_->load(up_to);
  sent_up_to_ = rows_sent_up_to_ = sent_up_to.value_or(up_to);
  loaded_up_to_ = std::max(up_to, sent_up_to_);
  next_number_ = loaded_up_to_ + 1;
}

std::optional<Outbox::Wanted> Outbox::wanted() {
  const std::size_t there = entries_.size() - from_log_;
  if (!tail_ || window_ == 0 || there > kWindowMessages / 2) return std::nullopt;
  const bool is_full = bytes_ > kWindowBytes / 2 || room_->taken > OutboxRoom::kMost;
  if (is_full && there > 0) return std::nullopt;
  const auto question = tail_->ask();
  if (!question) return std::nullopt;
  return Wanted{question->number,
                {question->after, kWindowMessages - there,
                 ByteCount{kWindowBytes - std::min(bytes_, kWindowBytes / 2)}}};
}

void Outbox::fill(std::uint64_t question, QueuePage page) {
  if (!tail_ || !tail_->awaits(question)) return;
  for (StoredQueued& stored : page.messages) {
    if (stored.is_released) stored.delivery = {};  // nothing of it is needed any more
    // DUP says only that it may have been sent.
    const bool was_sent = stored.number <= rows_sent_up_to_ || stored.is_released;
    push({stored.number, std::move(stored.delivery),
          stored.is_released ? Stage::released : Stage::waiting, was_sent, true});
  }
  tail_->took(page);
}

void Outbox::not_read(std::uint64_t question) {
  if (tail_ && tail_->awaits(question)) tail_->forget_question();
}

// What is on disk and was not sent leaves the memory.
void Outbox::unload() {
  const auto is_on_disk_only = [this](const Entry& entry) {
    return entry.is_unsent() && !entry.delivery.from_log && entry.number > rows_sent_up_to_;
  };
  const auto first = std::find_if(entries_.begin(), entries_.end(), is_on_disk_only);
  tail_->forget_question();
  if (first == entries_.end()) return;
  tail_->unload_from(first->number);
  for (auto at = first; at != entries_.end(); ++at) {
    if (is_on_disk_only(*at)) gave_back(memory_in_queue(*at->delivery.publication));
  }
  entries_.erase(std::remove_if(first, entries_.end(), is_on_disk_only), entries_.end());
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
  if (tail_) unload();
}

// 65,535 messages further on, the same id comes again. Those from the log have numbers far ahead of
// what is read beside them.
bool Outbox::may_be_taken(std::uint64_t number) const {
  const bool is_mixed = from_log_ > 0 && from_log_ < entries_.size();
  return is_mixed || entries_.front().number + 65'535 <= number;
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
    if ((!at->was_sent || at->is_read) && at->delivery.publication->expires_at <= now) {
      gone.push_back(at->number);
      remove(at);
      continue;
    }
    if (may_be_taken(at->number) && is_taken(id)) return std::nullopt;
    at->stage = Stage::sent;
    at->is_read = false;
    sent_up_to_ = std::max(sent_up_to_, at->number);
    if (!at->delivery.from_log) rows_sent_up_to_ = std::max(rows_sent_up_to_, at->number);
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
  if (at->delivery.publication) gave_back(memory_in_queue(*at->delivery.publication));
  if (at->delivery.from_log) --from_log_;
  const auto place = static_cast<std::size_t>(at - entries_.begin());
  entries_.erase(at);
  if (place < first_due_) --first_due_;
}

Outbox::Answer Outbox::finish(Entries::iterator at) {
  const Answer answer{at->number, true, true, at->delivery.from_log};
  if (at->is_unacknowledged()) --in_flight_;
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
  gave_back(memory_in_queue(*at->delivery.publication));
  if (at->delivery.from_log) --from_log_;
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
