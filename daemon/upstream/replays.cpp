#include "upstream/replays.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::upstream {
namespace {

constexpr std::size_t kPage = 100;

}  // namespace

bool Replays::ask(const Lost& lost, SteadyTime now) {
  const auto [event_class, has, confirmed] = lost;
  // A receiver that has nothing of the class may be a new one: then old alarms would sound there.
  if (!is_urgent(event_class) || has == Seq{} || has >= confirmed) return false;
  Course& course = courses_[index_of(event_class)];
  if (course.asked_at && now - *course.asked_at < kApart) return course.runs;
  course = {has.next(), confirmed, 0, confirmed.value - has.value, now, true};
  return true;
}

void Replays::ask_range(EventClass event_class, SeqRange range) {
  Course& course = courses_[index_of(event_class)];
  if (course.runs) {
    range.first = std::min(range.first, course.next);
    range.last = std::max(range.last, course.last);
  }
  course.next = range.first;
  course.last = range.last;
  course.sent = 0;
  course.all = range.last.value - range.first.value + 1;
  course.runs = true;
  if (offer_ && offer_->event_class == event_class) offer_->is_of_course = false;
  std::erase_if(page_, [&](const SharedRecord& one) { return one->event_class == event_class; });
  discard_answer_ = reading_;
}

void Replays::link_lost() {
  offer_.reset();
  page_.clear();
  discard_answer_ = reading_;
}

std::optional<spool::ReadRequest> Replays::next_read() {
  if (reading_ || offer_ || !page_.empty()) return std::nullopt;
  for (const EventClass event_class : kEventClasses) {
    const Course& course = courses_[index_of(event_class)];
    if (!course.runs || course.next > course.last) continue;
    reading_ = true;
    spool::ReadRequest request;
    request.event_class = event_class;
    request.after = Seq{course.next.value - 1};
    request.most_records = kPage;
    return request;
  }
  return std::nullopt;
}

void Replays::answered(const spool::ReadRequest& request, const spool::LogReader::Found& answer) {
  reading_ = false;
  if (std::exchange(discard_answer_, false)) return;
  Course& course = courses_[index_of(request.event_class)];
  if (answer.has_error()) {
    course.next = course.last.next();  // the disk fails: what is left counts as gone
    return;
  }
  for (const SharedRecord& record : *answer) {
    if (record->seq >= course.next && record->seq <= course.last) page_.push_back(record);
  }
  if (page_.empty()) course.next = course.last.next();
}

SharedRecord Replays::next() {
  if (offer_ || page_.empty()) return nullptr;
  SharedRecord record = std::move(page_.front());
  page_.pop_front();
  return record;
}

void Replays::offered(PublishToken token, const Record& record) {
  offer_ = Offer{token, record.event_class, record.seq, true};
}

bool Replays::take_answer(PublishToken token) {
  if (!offer_ || offer_->token != token) return false;
  const Offer answered = *std::exchange(offer_, std::nullopt);
  if (!answered.is_of_course) return true;
  Course& course = courses_[index_of(answered.event_class)];
  ++course.sent;
  course.next = answered.seq.next();
  return true;
}

std::optional<Replays::Done> Replays::take_done() {
  for (const EventClass event_class : kEventClasses) {
    Course& course = courses_[index_of(event_class)];
    if (!course.runs || course.next <= course.last) continue;
    course.runs = false;
    return Done{event_class, course.sent, course.all - std::min(course.all, course.sent)};
  }
  return std::nullopt;
}

}  // namespace watchpost::upstream
