#include "upstream/forwarder.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::upstream {
namespace {

// How often a class with records may be passed over before it goes first once. Alarms never are.
constexpr PerClass<std::size_t> kMostPassedOver{std::numeric_limits<std::size_t>::max(), 3, 7, 15};
// A class may be sent so many windows from its oldest unanswered record on.
constexpr std::size_t kWindowsAhead = 4;

LaneOptions lane_options(const ForwarderOptions& options, EventClass event_class) {
  LaneOptions lane;
  lane.event_class = event_class;
  lane.wanted = options.wanted[index_of(event_class)];
  lane.custody = options.custody[index_of(event_class)];
  lane.epoch = options.epoch;
  lane.prefetch_records = options.prefetch_records;
  lane.prefetch_bytes = options.prefetch_bytes;
  lane.most_sent = options.window * kWindowsAhead;
  lane.must_be_heard = options.heard[index_of(event_class)];
  // An urgent record goes by itself: it neither waits for others nor is refused with them. What
  // must be heard does too: somebody may have subscribed to one device of a batch and not to
  // another.
  lane.batches = options.batch_events > 1 && !is_urgent(event_class) && !lane.must_be_heard;
  return lane;
}

}  // namespace

Forwarder::Forwarder(const ForwarderOptions& options, const Start& start)
    : options_(options), window_(options.window), events_(options.window * options.batch_events) {
  WATCHPOST_INVARIANT(options.window >= 1 && options.batch_events >= 1 &&
                      options.prefetch_records >= 1);
  for (const EventClass event_class : kEventClasses) {
    const std::size_t i = index_of(event_class);
    lanes_.emplace_back(lane_options(options, event_class),
                        Lane::Start{.cursor = start.cursors[i], .head = start.heads[i]});
  }
}

void Forwarder::committed(const PerClass<Seq>& heads) {
  for (std::size_t i = 0; i < kEventClassCount; ++i) lanes_[i].committed(heads[i]);
}

std::optional<spool::ReadRequest> Forwarder::next_read() {
  for (Lane& lane : lanes_) {
    if (auto request = lane.next_read()) return request;
  }
  return std::nullopt;
}

void Forwarder::answered(EventClass event_class, spool::LogReader::Found answer) {
  lane(event_class).answered(std::move(answer));
}

void Forwarder::retry_reads() {
  for (Lane& lane : lanes_) lane.retry_reads();
}

std::size_t Forwarder::in_flight() const {
  std::size_t count = 0;
  for (const Lane& lane : lanes_) count += lane.waiting();
  return count;
}

std::size_t Forwarder::events_in_flight() const {
  std::size_t count = 0;
  for (const Lane& lane : lanes_) count += lane.waiting_events();
  return count;
}

// The part of a window that is not kept free for alarms.
std::size_t Forwarder::open_to_all(std::size_t window) const {
  return window - std::min(options_.alarm_slots, window / 2);
}

bool Forwarder::has_event_room(EventClass event_class) const {
  const std::size_t events = events_in_flight();
  if (events >= events_) return false;
  if (event_class == EventClass::alarm) return true;
  return events - lane(EventClass::alarm).waiting_events() < open_to_all(events_);
}

bool Forwarder::has_room(EventClass event_class) const {
  const std::size_t in_flight = this->in_flight();
  if (in_flight >= window_ || !has_event_room(event_class)) return false;
  if (event_class == EventClass::alarm) return true;
  return in_flight - lane(EventClass::alarm).waiting() < open_to_all(window_);
}

const Record* Forwarder::joinable(EventClass event_class) const {
  // Two batches fill a small window, so that the link carries one while the other is answered.
  const std::size_t most = std::min(options_.batch_events, open_to_all(events_) / 2);
  return has_event_room(event_class) ? lane(event_class).joinable(most) : nullptr;
}

std::optional<EventClass> Forwarder::choose(Which which) const {
  std::optional<EventClass> first;
  for (const EventClass event_class : kEventClasses) {
    if (which == Which::alarms_only && event_class != EventClass::alarm) break;
    if (!lane(event_class).may_send() || !has_room(event_class)) continue;
    if (passed_over_[index_of(event_class)] >= kMostPassedOver[index_of(event_class)]) {
      return event_class;
    }
    if (!first) first = event_class;
  }
  return first;
}

void Forwarder::pass_over(EventClass chosen) {
  for (const EventClass event_class : kEventClasses) {
    std::size_t& passed_over = passed_over_[index_of(event_class)];
    const bool waits = event_class != chosen && lane(event_class).has_ready();
    passed_over = waits ? passed_over + 1 : 0;
  }
}

std::optional<Forwarder::Next> Forwarder::next(Which which) {
  const auto chosen = choose(which);
  if (!chosen) return std::nullopt;
  pass_over(*chosen);
  const PublishToken token = draw_token();
  return Next{token, lane(*chosen).send(token)};
}

std::optional<Forwarder::RecordPlace> Forwarder::acknowledged(PublishToken token, Hearing hearing) {
  for (const EventClass event_class : kEventClasses) {
    if (const auto load = lane(event_class).acknowledged(token, hearing)) {
      return RecordPlace{event_class, load->last, load->events};
    }
  }
  return std::nullopt;
}

std::optional<Forwarder::RecordPlace> Forwarder::refused(PublishToken token,
                                                         const Refusal& refusal) {
  for (const EventClass event_class : kEventClasses) {
    if (const auto load = lane(event_class).refused(token, refusal)) {
      return RecordPlace{event_class, load->last, load->events};
    }
  }
  return std::nullopt;
}

std::optional<Forwarder::RecordPlace> Forwarder::oldest_unanswered() const {
  std::optional<RecordPlace> oldest;
  PublishToken first;
  for (const EventClass event_class : kEventClasses) {
    const auto waiting = lane(event_class).oldest_unanswered();
    if (!waiting || (oldest && first < waiting->token)) continue;
    first = waiting->token;
    oldest = RecordPlace{event_class, waiting->first};
  }
  return oldest;
}

void Forwarder::retry_refused() {
  for (Lane& lane : lanes_) {
    if (lane.rests()) lane.begin_again();
  }
}

void Forwarder::retry_untried() {
  for (const EventClass event_class : kEventClasses) {
    if (is_impatient(event_class)) lane(event_class).begin_again();
  }
}

bool Forwarder::has_untried() const {
  return std::any_of(kEventClasses.begin(), kEventClasses.end(),
                     [this](EventClass event_class) { return is_impatient(event_class); });
}

// New alarms and patrols do not wait for the backoff of a class that rests.
bool Forwarder::is_impatient(EventClass event_class) const {
  return is_urgent(event_class) && lane(event_class).has_untried();
}

void Forwarder::link_lost() {
  for (Lane& lane : lanes_) lane.link_lost();
  passed_over_ = {};
}

void Forwarder::limit_window(Window window) {
  window_ = std::clamp<std::size_t>(window.publications, 1, options_.window);
  events_ = std::clamp<std::size_t>(window.events, 1, options_.window * options_.batch_events);
}

std::optional<Lane::Condemned> Forwarder::next_condemned() {
  for (Lane& lane : lanes_) {
    if (auto condemned = lane.next_condemned()) return condemned;
  }
  return std::nullopt;
}

std::optional<Seq> Forwarder::take_moved(EventClass event_class) {
  return lane(event_class).take_moved();
}

std::uint64_t Forwarder::backlog(EventClass event_class) const {
  return lane(event_class).backlog();
}

bool Forwarder::has_failed_read() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.read_failed(); });
}

}  // namespace watchpost::upstream
