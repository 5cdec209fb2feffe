#include "upstream/forwarder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::upstream {
namespace {

// How often a class with records may be passed over before it goes first once. Alarms never are.
constexpr PerClass<std::size_t> kMostPassedOver{std::numeric_limits<std::size_t>::max(), 3, 7, 15};

std::size_t size_of(const Record& record) {
  return sizeof(Record) + record.payload.size() + record.annotation.size() + record.topic.size() +
         record.device.size();
}

}  // namespace

Forwarder::Forwarder(const ForwarderOptions& options, const PerClass<Seq>& cursors,
                     const PerClass<Seq>& heads)
    : options_(options), window_(options.window) {
  WATCHPOST_INVARIANT(options.window >= 1 && options.prefetch_records >= 1);
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    lanes_[i].wanted = options.wanted[i];
    lanes_[i].cursor = lanes_[i].reported = lanes_[i].read_to = cursors[i];
  }
  committed(heads);
}

void Forwarder::committed(const PerClass<Seq>& heads) {
  for (std::size_t i = 0; i < kEventClassCount; ++i) {
    Lane& lane = lanes_[i];
    lane.head = std::max(lane.head, heads[i]);
    if (!lane.wanted) lane.cursor = lane.read_to = std::max(lane.cursor, lane.head);
  }
}

std::optional<spool::ReadRequest> Forwarder::next_read() {
  for (const EventClass event_class : kEventClasses) {
    Lane& lane = this->lane(event_class);
    const bool idle = !lane.reading && !lane.read_failed && !lane.refused;
    // Half empty: one larger read costs less than many small ones.
    const bool low = lane.ready.size() * 2 <= options_.prefetch_records &&
                     lane.ready_bytes * 2 <= options_.prefetch_bytes.value;
    if (!idle || !low || lane.read_to >= lane.head) continue;
    lane.reading = true;
    lane.asked_head = lane.head;
    spool::ReadRequest request;
    request.event_class = event_class;
    request.after = lane.read_to;
    request.most_records = options_.prefetch_records - lane.ready.size();
    request.most_bytes = ByteCount{options_.prefetch_bytes.value - lane.ready_bytes};
    return request;
  }
  return std::nullopt;
}

void Forwarder::answered(EventClass event_class, Result<std::vector<Record>> answer) {
  Lane& lane = this->lane(event_class);
  if (!lane.reading) return;
  lane.reading = false;
  if (std::exchange(lane.discard_answer, false)) return;
  if (answer.has_error()) {
    lane.read_failed = true;
    return;
  }
  for (Record& record : answer.value()) {
    if (record.seq <= lane.read_to) continue;
    lane.read_to = record.seq;
    lane.ready_bytes += size_of(record);
    lane.ready.push_back(std::move(record));
  }
  // Nothing stored up to the head the question was asked with: those numbers do not exist.
  if (answer.value().empty()) lane.read_to = std::max(lane.read_to, lane.asked_head);
  settle_front(lane);
}

void Forwarder::retry_reads() {
  for (Lane& lane : lanes_) lane.read_failed = false;
}

bool Forwarder::has_room(EventClass event_class) const {
  if (in_flight_ >= window_) return false;
  if (event_class == EventClass::alarm) return true;
  const std::size_t alarm_slots = std::min(options_.alarm_slots, window_ / 2);
  return in_flight_ - lane(EventClass::alarm).waiting < window_ - alarm_slots;
}

std::optional<EventClass> Forwarder::choose() const {
  std::optional<EventClass> first;
  for (const EventClass event_class : kEventClasses) {
    const Lane& lane = this->lane(event_class);
    if (lane.ready.empty() || lane.refused || !has_room(event_class)) continue;
    if (lane.passed_over >= kMostPassedOver[index_of(event_class)]) return event_class;
    if (!first) first = event_class;
  }
  return first;
}

void Forwarder::pass_over(EventClass chosen) {
  for (const EventClass event_class : kEventClasses) {
    Lane& lane = this->lane(event_class);
    if (event_class == chosen || lane.ready.empty()) {
      lane.passed_over = 0;
    } else {
      ++lane.passed_over;
    }
  }
}

std::optional<Forwarder::Next> Forwarder::next() {
  const auto chosen = choose();
  if (!chosen) return std::nullopt;
  pass_over(*chosen);
  Lane& lane = this->lane(*chosen);
  Next next{PublishToken{++last_token_}, std::move(lane.ready.front())};
  lane.ready.pop_front();
  lane.ready_bytes -= size_of(next.record);
  lane.sent.push_back({next.record.seq, next.token, Sent::State::waiting});
  ++lane.waiting;
  ++in_flight_;
  return next;
}

std::optional<Forwarder::Place> Forwarder::settle(PublishToken token, Sent::State state) {
  for (const EventClass event_class : kEventClasses) {
    Lane& lane = this->lane(event_class);
    const auto sent =
        std::lower_bound(lane.sent.begin(), lane.sent.end(), token,
                         [](const Sent& each, PublishToken wanted) { return each.token < wanted; });
    if (sent == lane.sent.end() || sent->token != token) continue;
    if (sent->state != Sent::State::waiting) return std::nullopt;
    const Place place{event_class, sent->seq};
    sent->state = state;
    --lane.waiting;
    --in_flight_;
    if (state == Sent::State::refused) lane.refused = true;
    settle_front(lane);
    if (lane.rewind_wanted && lane.waiting == 0) rewind(lane);
    return place;
  }
  return std::nullopt;
}

std::optional<Forwarder::Place> Forwarder::acknowledged(PublishToken token) {
  return settle(token, Sent::State::acknowledged);
}

std::optional<Forwarder::Place> Forwarder::refused(PublishToken token) {
  return settle(token, Sent::State::refused);
}

void Forwarder::settle_front(Lane& lane) {
  while (!lane.sent.empty() && lane.sent.front().state == Sent::State::acknowledged) {
    lane.cursor = std::max(lane.cursor, lane.sent.front().seq);
    lane.sent.pop_front();
  }
  // With nothing unsettled before it, the cursor also steps over numbers that do not exist.
  if (!lane.sent.empty()) return;
  const Seq settled = lane.ready.empty() ? lane.read_to : Seq{lane.ready.front().seq.value - 1};
  lane.cursor = std::max(lane.cursor, settled);
}

void Forwarder::rewind(Lane& lane) {
  in_flight_ -= lane.waiting;
  lane.waiting = 0;
  lane.sent.clear();
  lane.ready.clear();
  lane.ready_bytes = 0;
  lane.read_to = lane.cursor;
  lane.passed_over = 0;
  lane.discard_answer = lane.reading;
  lane.refused = false;
  lane.rewind_wanted = false;
}

void Forwarder::retry_refused() {
  for (Lane& lane : lanes_) {
    if (!lane.refused) continue;
    // What is still under way keeps its slot until the upstream has answered.
    lane.rewind_wanted = true;
    if (lane.waiting == 0) rewind(lane);
  }
}

void Forwarder::link_lost() {
  for (Lane& lane : lanes_) {
    // Some brokers cut a link that they refuse something on: sent again at once, the refused class
    // would cost the others the next link too.
    const bool refused = lane.refused;
    rewind(lane);
    lane.refused = refused;
  }
}

void Forwarder::limit_window(std::size_t most) {
  window_ = std::clamp<std::size_t>(most, 1, options_.window);
}

std::optional<Seq> Forwarder::take_moved(EventClass event_class) {
  Lane& lane = this->lane(event_class);
  if (lane.reported == lane.cursor) return std::nullopt;
  lane.reported = lane.cursor;
  return lane.cursor;
}

Seq Forwarder::cursor(EventClass event_class) const {
  return lane(event_class).cursor;
}

std::uint64_t Forwarder::backlog(EventClass event_class) const {
  const Lane& lane = this->lane(event_class);
  return lane.head > lane.cursor ? lane.head.value - lane.cursor.value : 0;
}

bool Forwarder::has_refused() const {
  return std::any_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) { return lane.refused; });
}

bool Forwarder::has_failed_read() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.read_failed; });
}

}  // namespace watchpost::upstream
