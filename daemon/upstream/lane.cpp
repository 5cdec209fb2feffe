#include "upstream/lane.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"

namespace watchpost::upstream {
namespace {

std::size_t size_of(const Record& record) {
  return sizeof(Record) + record.payload.size() + record.annotation.size() + record.topic.size() +
         record.device.size();
}

}  // namespace

Lane::Lane(LaneOptions options, Seq cursor, Seq head)
    : options_(std::move(options)),
      confirmation_(cursor, head),
      accepted_(cursor),
      cursor_(cursor),
      reported_(cursor),
      read_to_(cursor) {
  committed(head);
}

void Lane::committed(Seq head) {
  head_ = std::max(head_, head);
  if (options_.wanted) return;
  accepted_ = cursor_ = read_to_ = std::max(cursor_, head_);
}

std::optional<spool::ReadRequest> Lane::next_read() {
  const bool idle = !reading_ && !read_failed_ && !rests_;
  // Half empty: one larger read costs less than many small ones.
  const bool low = ready_.size() * 2 <= options_.prefetch_records &&
                   ready_bytes_ * 2 <= options_.prefetch_bytes.value;
  if (!idle || !low || read_to_ >= head_) return std::nullopt;
  reading_ = true;
  asked_head_ = head_;
  spool::ReadRequest request;
  request.event_class = options_.event_class;
  request.after = read_to_;
  request.most_records = options_.prefetch_records - ready_.size();
  request.most_bytes = ByteCount{options_.prefetch_bytes.value - ready_bytes_};
  return request;
}

void Lane::answered(spool::LogReader::Found answer) {
  if (!reading_) return;
  reading_ = false;
  if (std::exchange(discard_answer_, false)) return;
  if (answer.has_error()) {
    read_failed_ = true;
    return;
  }
  for (SharedRecord& record : answer.value()) {
    if (record->seq <= read_to_) continue;
    read_to_ = record->seq;
    if (by_receipt() && confirmation_.is_skipped(record->seq)) continue;
    ready_bytes_ += size_of(*record);
    ready_.push_back(std::move(record));
  }
  // Nothing stored up to the head the question was asked with: those numbers do not exist.
  if (answer.value().empty()) read_to_ = std::max(read_to_, asked_head_);
  settle();
}

bool Lane::may_send() const {
  if (ready_.empty() || rests_ || rewind_wanted_ || sent_.size() >= options_.most_sent) {
    return false;
  }
  return may_go_ahead();
}

// Of what is confirmed.
bool Lane::may_go_ahead() const {
  if (!by_receipt()) return true;
  return confirmation_.has_room() && ready_.front()->seq.value - cursor_.value <= most_unconfirmed_;
}

SharedRecord Lane::take_ready() {
  WATCHPOST_INVARIANT(!ready_.empty());
  SharedRecord record = std::move(ready_.front());
  ready_.pop_front();
  ready_bytes_ -= size_of(*record);
  if (by_receipt()) confirmation_.sent(*record);
  ++waiting_events_;
  return record;
}

SharedRecord Lane::send(PublishToken token) {
  SharedRecord record = take_ready();
  sent_.push_back({{token, record->seq, record->seq}, Sent::State::waiting, {}});
  ++waiting_;
  return record;
}

const Record* Lane::joinable(std::size_t most) const {
  const bool shares = options_.batches && !ready_.empty() && !sent_.empty() && may_go_ahead() &&
                      sent_.back().events < most && batching_.may_share(sent_.back().first);
  return shares ? ready_.front().get() : nullptr;
}

SharedRecord Lane::join() {
  SharedRecord record = take_ready();
  sent_.back().last = record->seq;
  ++sent_.back().events;
  return record;
}

void Lane::take_answer(const Load& load) {
  --waiting_;
  waiting_events_ -= load.events;
}

std::deque<Lane::Sent>::iterator Lane::find(PublishToken token) {
  const auto sent =
      std::lower_bound(sent_.begin(), sent_.end(), token,
                       [](const Sent& each, PublishToken wanted) { return each.token < wanted; });
  const bool found = sent != sent_.end() && sent->token == token;
  return found && sent->state == Sent::State::waiting ? sent : sent_.end();
}

std::optional<Lane::Load> Lane::oldest_unanswered() const {
  for (const Sent& sent : sent_) {
    if (sent.state == Sent::State::waiting) return sent;
  }
  return std::nullopt;
}

std::optional<Lane::Load> Lane::acknowledged(PublishToken token, Hearing hearing) {
  const auto sent = find(token);
  if (sent == sent_.end()) return std::nullopt;
  const Load load = *sent;
  if (options_.must_be_heard && hearing == Hearing::nobody) {
    unheard_.add(load.last);
  } else {
    unheard_.remove(load.last);
  }
  sent->state = Sent::State::acknowledged;
  take_answer(load);
  // The class is welcome, so those refused before this one are meant themselves. One refused after
  // it says nothing: the broker may have been told meanwhile to refuse the class.
  for (auto before = sent_.begin(); before != sent; ++before) {
    const bool doubtful =
        before->state == Sent::State::refused && before->refusal.verdict == Verdict::perhaps;
    if (doubtful) condemn(*before);
  }
  settle();
  rewind_if_wanted();
  return load;
}

std::optional<Lane::Load> Lane::refused(PublishToken token, const Refusal& refusal) {
  const auto sent = find(token);
  if (sent == sent_.end()) return std::nullopt;
  const Load load = *sent;
  sent->refusal = refusal;
  take_answer(load);
  if (sent->events > 1) {
    sent->refusal.verdict = Verdict::again;
    sent->state = Sent::State::refused;
    batching_.failed(sent->last);
    rewind_wanted_ = true;
  } else {
    judge(sent);
  }
  settle();
  rewind_if_wanted();
  return load;
}

void Lane::judge(const std::deque<Sent>::iterator& sent) {
  const Refusal& refusal = sent->refusal;
  const bool later_accepted = std::any_of(
      sent, sent_.end(), [](const Sent& each) { return each.state == Sent::State::acknowledged; });
  const bool for_good = refusal.verdict == Verdict::set_aside ||
                        (refusal.verdict == Verdict::perhaps && later_accepted);
  if (for_good) {
    condemn(*sent);
  } else if (refusal.verdict == Verdict::again && !std::exchange(hurried_, true)) {
    sent->state = Sent::State::refused;
    rewind_wanted_ = true;
  } else {
    rest(*sent);
  }
}

void Lane::condemn(Sent& sent) {
  sent.state = Sent::State::condemned;
  condemned_.push_back({options_.event_class, sent.last, sent.refusal.code});
  rests_ = std::any_of(sent_.begin(), sent_.end(),
                       [](const Sent& each) { return each.state == Sent::State::refused; });
}

void Lane::rest(Sent& sent) {
  sent.state = Sent::State::refused;
  rests_ = true;
  rested_at_ = head_;
}

std::optional<Lane::Condemned> Lane::next_condemned() {
  if (condemned_.empty()) return std::nullopt;
  const Condemned condemned = condemned_.front();
  condemned_.pop_front();
  return condemned;
}

std::deque<Lane::Sent>::iterator Lane::find_condemned(Seq seq) {
  return std::find_if(sent_.begin(), sent_.end(), [seq](const Sent& each) {
    return each.last == seq && each.state == Sent::State::condemned;
  });
}

bool Lane::is_condemned(Seq seq) const {
  return std::any_of(sent_.begin(), sent_.end(), [seq](const Sent& each) {
    return each.last == seq && each.state == Sent::State::condemned;
  });
}

void Lane::part(Seq seq) {
  const auto sent = find_condemned(seq);
  if (sent == sent_.end()) return;
  sent->state = Sent::State::acknowledged;
  if (by_receipt()) confirmation_.set_aside(seq);
  settle();
}

void Lane::cannot_part(Seq seq) {
  const auto sent = find_condemned(seq);
  if (sent != sent_.end()) rest(*sent);
}

void Lane::begin_again() {
  rewind_wanted_ = true;
  rewind_if_wanted();
}

void Lane::rewind_if_wanted() {
  // What is still under way keeps its slot until the upstream has answered.
  if (!rewind_wanted_ || waiting_ > 0) return;
  rewind();
  rests_ = false;
}

void Lane::link_lost() {
  // Some brokers cut a link that they refuse something on: sent again at once, the refused class
  // would cost the others the next link too.
  rewind();
}

void Lane::rewind() {
  batching_.begin_again();
  waiting_ = waiting_events_ = 0;
  sent_.clear();
  condemned_.clear();
  ready_.clear();
  ready_bytes_ = 0;
  // Without receipts an acknowledgement is final; what nobody heard is offered by UnheardRounds.
  if (by_receipt()) accepted_ = cursor_;
  read_to_ = accepted_;
  discard_answer_ = reading_;
  rewind_wanted_ = false;
}

void Lane::heard(Seq seq) {
  unheard_.remove(seq);
  settle();
}

Confirmation::Belief Lane::hear(const Receipt& receipt) {
  const auto belief = confirmation_.hear(receipt, options_.epoch);
  settle();
  return belief;
}

void Lane::settle() {
  const Seq before = accepted_;
  settle_front();
  if (by_receipt()) {
    settle_confirmed();
  } else {
    cursor_ = std::max(cursor_, unheard_.clear_up_to(accepted_));
  }
  unheard_.forget_up_to(cursor_);
  if (accepted_ > before) hurried_ = false;
  batching_.delivered(cursor_);
}

void Lane::settle_front() {
  const auto done = [this](const Sent& sent) {
    return sent.state == Sent::State::acknowledged ||
           (sent.state != Sent::State::waiting && sent.last <= cursor_);
  };
  while (!sent_.empty() && done(sent_.front())) {
    accepted_ = std::max(accepted_, sent_.front().last);
    sent_.pop_front();
  }
  // With nothing unsettled before it, the cursor also steps over numbers that do not exist.
  if (!sent_.empty()) return;
  const Seq settled = ready_.empty() ? read_to_ : Seq{ready_.front()->seq.value - 1};
  accepted_ = std::max(accepted_, settled);
  if (by_receipt()) confirmation_.nothing_up_to(settled);
}

void Lane::settle_confirmed() {
  cursor_ = std::max(cursor_, confirmation_.advance(accepted_));
  if (cursor_ <= accepted_) return;
  // The receiver has more than we know the broker to have: that need not be sent again.
  accepted_ = cursor_;
  read_to_ = std::max(read_to_, cursor_);
  while (!ready_.empty() && ready_.front()->seq <= cursor_) {
    ready_bytes_ -= size_of(*ready_.front());
    ready_.pop_front();
  }
  settle_front();
}

std::optional<Seq> Lane::take_moved() {
  if (reported_ == cursor_) return std::nullopt;
  reported_ = cursor_;
  return cursor_;
}

std::uint64_t Lane::backlog() const {
  const Seq done = by_receipt() ? cursor_ : accepted_;
  const std::uint64_t unheard = by_receipt() ? 0 : unheard_.count();
  return unheard + (head_ > done ? head_.value - done.value : 0);
}

}  // namespace watchpost::upstream
