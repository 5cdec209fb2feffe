#include "upstream/lane.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::upstream {
Lane::Lane(LaneOptions options, Start start)
    : options_(std::move(options)),
      confirmation_(start),
      read_ahead_(options_, start.cursor),
      accepted_(start.cursor),
      cursor_(start.cursor),
      reported_(start.cursor) {
  committed(start.head);
}

void Lane::committed(Seq head) {
  head_ = std::max(head_, head);
  if (options_.wanted) return;
  accepted_ = cursor_ = std::max(cursor_, head_);
  read_ahead_.begin_after(cursor_);
}

std::optional<spool::ReadRequest> Lane::next_read() {
  return rests_ ? std::nullopt : read_ahead_.next_read(head_);
}

void Lane::answered(spool::LogReader::Found answer) {
  const auto skipped = [this](Seq seq) {
    return by_receipt() ? confirmation_.is_skipped(seq) : aside_.contains(seq);
  };
  if (read_ahead_.take(std::move(answer), skipped)) advance();
}

bool Lane::may_send() const {
  if (read_ahead_.empty() || rests_ || rewind_wanted_ || sent_.size() >= options_.most_sent) {
    return false;
  }
  return may_go_ahead();
}

// True: the next record may be sent before what was sent earlier is confirmed.
bool Lane::may_go_ahead() const {
  if (!by_receipt()) return true;
  const std::uint64_t ahead = read_ahead_.front().seq.value - cursor_.value;
  return confirmation_.has_room() && ahead <= most_unconfirmed_;
}

SharedRecord Lane::take_ready() {
  SharedRecord record = read_ahead_.pop();
  if (by_receipt()) confirmation_.sent(*record);
  return record;
}

SharedRecord Lane::send(PublishToken token) {
  SharedRecord record = take_ready();
  sent_.add(token, record->seq);
  return record;
}

const Record* Lane::joinable(std::size_t most) const {
  const bool shares = options_.batches && !read_ahead_.empty() && !sent_.empty() &&
                      may_go_ahead() && sent_.newest().events < most &&
                      batching_.may_share(sent_.newest().first);
  return shares ? &read_ahead_.front() : nullptr;
}

SharedRecord Lane::join() {
  SharedRecord record = take_ready();
  sent_.join(record->seq);
  return record;
}

std::optional<Load> Lane::acknowledged(PublishToken token, Hearing hearing) {
  const auto sent = sent_.waiting_with(token);
  if (sent == sent_.end()) return std::nullopt;
  const Load load = *sent;
  if (options_.must_be_heard && hearing == Hearing::nobody) {
    unheard_.add(load.last);
  } else {
    unheard_.remove(load.last);
  }
  sent->state = SentLoads::State::acknowledged;
  sent_.answered(*sent);
  // The upstream takes the class, so a record refused before this one was refused for itself. One
  // refused after it proves nothing: the broker may have been told meanwhile to refuse the class.
  for (auto before = sent_.begin(); before != sent; ++before) {
    const bool doubtful = before->state == SentLoads::State::refused &&
                          before->refusal.treatment == Treatment::perhaps;
    if (doubtful) condemn(*before);
  }
  advance();
  rewind_if_wanted();
  return load;
}

std::optional<Load> Lane::refused(PublishToken token, const Refusal& refusal) {
  const auto sent = sent_.waiting_with(token);
  if (sent == sent_.end()) return std::nullopt;
  const Load load = *sent;
  sent->refusal = refusal;
  sent_.answered(*sent);
  if (sent->events > 1) {
    sent->refusal.treatment = Treatment::again;
    sent->state = SentLoads::State::refused;
    batching_.failed(sent->last);
    rewind_wanted_ = true;
  } else {
    judge(sent);
  }
  advance();
  rewind_if_wanted();
  return load;
}

void Lane::judge(SentLoads::Position sent) {
  const Refusal& refusal = sent->refusal;
  const bool later_accepted = std::any_of(sent, sent_.end(), [](const SentLoads::Sent& each) {
    return each.state == SentLoads::State::acknowledged;
  });
  const bool for_good = refusal.treatment == Treatment::set_aside ||
                        (refusal.treatment == Treatment::perhaps && later_accepted);
  if (for_good) {
    condemn(*sent);
  } else if (refusal.treatment == Treatment::again && !std::exchange(hurried_, true)) {
    sent->state = SentLoads::State::refused;
    rewind_wanted_ = true;
  } else {
    rest(*sent);
  }
}

void Lane::condemn(SentLoads::Sent& sent) {
  sent.state = SentLoads::State::condemned;
  condemned_.push_back({options_.event_class, sent.last, sent.refusal.code});
  rests_ = sent_.has(SentLoads::State::refused);
}

void Lane::rest(SentLoads::Sent& sent) {
  sent.state = SentLoads::State::refused;
  rests_ = true;
  rested_at_ = head_;
}

std::optional<Lane::Condemned> Lane::next_condemned() {
  if (condemned_.empty()) return std::nullopt;
  const Condemned condemned = condemned_.front();
  condemned_.pop_front();
  return condemned;
}

void Lane::pass_set_aside(Seq seq) {
  const auto sent = sent_.condemned_with(seq);
  if (sent == sent_.end()) return;
  sent->state = SentLoads::State::acknowledged;
  if (by_receipt()) {
    confirmation_.set_aside(seq);
  } else if (aside_.size() < kMostAside) {
    aside_.insert(seq);
  }
  advance();
}

void Lane::cannot_set_aside(Seq seq) {
  const auto sent = sent_.condemned_with(seq);
  if (sent != sent_.end()) rest(*sent);
}

void Lane::begin_again() {
  rewind_wanted_ = true;
  rewind_if_wanted();
}

void Lane::rewind_if_wanted() {
  // What is still under way keeps its slot until the upstream has answered.
  if (!rewind_wanted_ || sent_.waiting() > 0) return;
  rewind();
  rests_ = false;
}

void Lane::link_lost() {
  // A refused class rests on. Some brokers cut a link on which they refuse something: if the class
  // were sent again at once, it would cost the others the next link too.
  rewind();
}

void Lane::rewind() {
  batching_.begin_again();
  sent_.clear();
  condemned_.clear();
  // Without receipts an acknowledgement is final; what nobody heard is offered by UnheardRounds.
  if (by_receipt()) accepted_ = cursor_;
  read_ahead_.begin_after(accepted_);
  rewind_wanted_ = false;
}

void Lane::heard(Seq seq) {
  unheard_.remove(seq);
  advance();
}

Confirmation::Belief Lane::hear(const Receipt& receipt) {
  const auto belief = confirmation_.hear(receipt, options_.epoch);
  advance();
  return belief;
}

void Lane::advance() {
  const Seq before = accepted_;
  advance_accepted();
  if (by_receipt()) {
    advance_confirmed();
  } else {
    cursor_ = std::max(cursor_, unheard_.clear_up_to(accepted_));
  }
  unheard_.forget_up_to(cursor_);
  aside_.erase(aside_.begin(), aside_.upper_bound(accepted_));
  if (accepted_ > before) hurried_ = false;
  batching_.delivered(cursor_);
}

void Lane::advance_accepted() {
  const auto done = [this](const SentLoads::Sent& sent) {
    return sent.state == SentLoads::State::acknowledged ||
           (sent.state != SentLoads::State::waiting && sent.last <= cursor_);
  };
  while (!sent_.empty() && done(sent_.oldest())) {
    accepted_ = std::max(accepted_, sent_.oldest().last);
    sent_.drop_oldest();
  }
  // Where nothing is under way, numbers that do not exist are stepped over too.
  if (!sent_.empty()) return;
  const Seq passed = read_ahead_.passed();
  accepted_ = std::max(accepted_, passed);
  if (by_receipt()) confirmation_.nothing_up_to(passed);
}

void Lane::advance_confirmed() {
  cursor_ = std::max(cursor_, confirmation_.advance(accepted_));
  if (cursor_ <= accepted_) return;
  // The receiver has confirmed records that the broker has not acknowledged: they need not be sent
  // again.
  accepted_ = cursor_;
  read_ahead_.skip_up_to(cursor_);
  advance_accepted();
}

std::optional<Seq> Lane::take_moved() {
  if (reported_ == cursor_) return std::nullopt;
  reported_ = cursor_;
  return cursor_;
}

Lane::Undelivered Lane::undelivered() const {
  if (by_receipt()) return {cursor_};
  return {accepted_, unheard_.count()};
}

std::uint64_t Lane::backlog() const {
  const auto [after, more] = undelivered();
  return more + (head_ > after ? head_.value - after.value : 0);
}

}  // namespace watchpost::upstream
