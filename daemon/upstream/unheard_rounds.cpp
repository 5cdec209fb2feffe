#include "upstream/unheard_rounds.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::upstream {
namespace {

// A hearing brings a round forward at most once in this time: where some topics are heard and
// others are not, it is no news each time.
constexpr std::chrono::minutes kHurriesApart{1};

}  // namespace

bool UnheardRounds::any() const {
  return std::any_of(kEventClasses.begin(), kEventClasses.end(),
                     [this](EventClass each) { return !forwarder_.lane(each).unheard().empty(); });
}

PerClass<std::uint64_t> UnheardRounds::counts() const {
  PerClass<std::uint64_t> counts{};
  for (const EventClass each : kEventClasses) {
    counts[index_of(each)] = forwarder_.lane(each).unheard().count();
  }
  return counts;
}

void UnheardRounds::link_up(SteadyTime now) {
  linked_ = true;
  backoff_.reset();
  if (any()) due_at_ = now;
}

void UnheardRounds::link_lost() {
  linked_ = in_round_ = at_end_ = false;
  discard_answer_ = reading_;
  page_.clear();
  offers_.clear();
  due_at_.reset();
  at_ = {};
}

void UnheardRounds::unheard(SteadyTime now) {
  nobody_ = true;
  if (!since_) since_ = now;
}

void UnheardRounds::heard(SteadyTime now) {
  if (!std::exchange(nobody_, false) || in_round_ || !any()) return;
  if (hurried_at_ && now - *hurried_at_ < kHurriesApart) return;
  hurried_at_ = due_at_ = now;
  at_ = {};
}

void UnheardRounds::look(SteadyTime now) {
  const bool is_idle = offers_.empty() && page_.empty() && !reading_;
  if (in_round_ && is_idle && (at_end_ || misses_ >= kMostMisses)) {
    in_round_ = false;
    if (std::exchange(at_end_, false)) at_ = {};
  }
  if (!in_round_ && !any()) {
    since_.reset();
    due_at_.reset();
  }
  if (!linked_ || in_round_ || !due_at_ || *due_at_ > now) return;
  due_at_.reset();
  in_round_ = true;
  misses_ = 0;
}

bool UnheardRounds::wants_wait() const {
  return linked_ && !in_round_ && !due_at_ && any();
}

void UnheardRounds::wait(SteadyTime now, std::uint64_t random) {
  due_at_ = now + backoff_.next(random);
}

std::optional<SteadyTime> UnheardRounds::due_at() const {
  return linked_ && !in_round_ ? due_at_ : std::nullopt;
}

std::optional<UnheardRounds::RecordPlace> UnheardRounds::next_place() {
  for (const EventClass each : kEventClasses) {
    const Lane& lane = forwarder_.lane(each);
    const auto seq = lane.unheard().next_after(at_[index_of(each)]);
    // Records past accepted() are on their way in the order of the lane.
    if (seq && *seq <= lane.accepted()) return RecordPlace{each, *seq};
  }
  return std::nullopt;
}

std::optional<spool::ReadRequest> UnheardRounds::next_read() {
  if (!in_round_ || reading_ || at_end_ || !page_.empty()) return std::nullopt;
  if (misses_ >= kMostMisses || offers_.size() >= kTogether) return std::nullopt;
  const auto place = next_place();
  at_end_ = !place;
  if (!place) return std::nullopt;
  reading_ = true;
  spool::ReadRequest request;
  request.event_class = place->event_class;
  request.after = Seq{place->seq.value - 1};
  request.most_records = kTogether - offers_.size();
  return request;
}

bool UnheardRounds::is_unheard(const RecordPlace& place) const {
  const Lane& lane = forwarder_.lane(place.event_class);
  return place.seq <= lane.accepted() && lane.unheard().contains(place.seq);
}

void UnheardRounds::answered(const spool::ReadRequest& request,
                             const spool::LogReader::Found& answer) {
  reading_ = false;
  if (std::exchange(discard_answer_, false)) return;
  if (answer.has_error()) {
    misses_ = kMostMisses;  // the disk fails: the next round comes after a wait
    return;
  }
  Seq& at = at_[index_of(request.event_class)];
  Lane& lane = forwarder_.lane(request.event_class);
  // Records before the first one found are not stored any more; the drop ledger knows them.
  const Seq first = answer->empty() ? request.after.next().next() : answer->front()->seq;
  while (const auto gone = lane.unheard().next_after(request.after)) {
    if (*gone >= first) break;
    lane.heard(*gone);
  }
  at = std::max(at, Seq{first.value - 1});
  for (const SharedRecord& record : *answer) {
    at = std::max(at, record->seq);
    if (is_unheard({record->event_class, record->seq})) page_.push_back(record);
  }
}

SharedRecord UnheardRounds::next() {
  while (!page_.empty() && offers_.size() < kTogether) {
    SharedRecord record = std::move(page_.front());
    page_.pop_front();
    if (is_unheard({record->event_class, record->seq})) return record;
  }
  return nullptr;
}

void UnheardRounds::offered(PublishToken token, const Record& record) {
  offers_.emplace(token, RecordPlace{record.event_class, record.seq});
}

bool UnheardRounds::take_answer(PublishToken token, bool is_heard) {
  const auto offer = offers_.find(token);
  if (offer == offers_.end()) return false;
  const RecordPlace place = offer->second;
  offers_.erase(offer);
  nobody_ = !is_heard;
  if (is_heard) {
    misses_ = 0;
    backoff_.reset();
    forwarder_.lane(place.event_class).heard(place.seq);
  } else {
    ++misses_;
  }
  return true;
}

bool UnheardRounds::take_news() {
  return std::exchange(is_known_, since_.has_value()) != since_.has_value();
}

}  // namespace watchpost::upstream
