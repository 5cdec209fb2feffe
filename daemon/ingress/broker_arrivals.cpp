#include "ingress/broker_arrivals.hpp"

#include <utility>

#include "base/invariant.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {
namespace {

// `source`: the broker's name.
Message message_of(Topic topic, const client::Arrival& arrival, const std::string& source) {
  Message message{std::move(topic), std::string(arrival.payload)};
  // We do not ask for Retain As Published, so a broker sets the flag only on a copy that it had
  // kept and sends because we subscribed (section 3.3.1.3 of MQTT 5.0 and of 3.1.1).
  message.stored_copy = arrival.retain;
  message.content_type = arrival.content_type;
  message.content_encoding = arrival.content_encoding;
  message.source = source;
  message.is_from_broker = true;
  return message;
}

}  // namespace

void BrokerReader::Arrivals::take(const client::Arrival& arrival) {
  WATCHPOST_INVARIANT(!held_);  // a link that is held delivers nothing
  waiting_.push_back({arrival.id, reader_->around_.clock.steady()});
  auto topic = Topic::parse(arrival.topic);
  if (!topic) {
    reader_->complain_of_topic(arrival.topic.size());
    waiting_.back().is_settled = true;
    return acknowledge();
  }
  ++reader_->status_.received;
  Message message = message_of(std::move(*topic), arrival, reader_->options_.name);
  watch();
  if (reader_->around_.intake.accepting()) return hand_over(std::move(message));
  held_ = std::move(message);
  reader_->link_->hold(true);
  reader_->around_.intake.when_accepting([self = shared_from_this()] {
    if (!self->held_) return;
    self->hand_over(*std::exchange(self->held_, std::nullopt));
    if (self->reader_ != nullptr) self->reader_->link_->hold(false);
  });
}

void BrokerReader::Arrivals::hand_over(Message message) {
  const TicketNumber ticket{first_ticket_.value + waiting_.size() - 1};
  reader_->around_.intake.submit(std::move(message), {}, {shared_from_this(), ticket});
}

void BrokerReader::Arrivals::settled(TicketNumber ticket, const Result<void>& outcome) {
  if (reader_ == nullptr) return;
  // What can never be kept, an event of our own, is acknowledged: refused, it would come again for
  // ever, and nothing behind it would be read (docs/decisions/0014).
  const bool is_never_kept =
      outcome.has_error() && outcome.error().kind == Failure::Kind::invalid_input;
  if (outcome.has_error() && !is_never_kept) return refuse(outcome.error());
  if (!is_never_kept) ++reader_->status_.kept;
  WATCHPOST_INVARIANT(ticket >= first_ticket_ &&
                      ticket.value - first_ticket_.value < waiting_.size());
  waiting_[ticket.value - first_ticket_.value].is_settled = true;
  acknowledge();
}

// Acknowledges in the order of arrival [MQTT-4.6.0-2].
void BrokerReader::Arrivals::acknowledge() {
  for (; !waiting_.empty() && waiting_.front().is_settled; ++first_ticket_) {
    reader_->link_->acknowledge(waiting_.front().id);
    waiting_.pop_front();
  }
}

void BrokerReader::Arrivals::refuse(const Failure& why) {
  reader_->status_.refused += waiting_.size();
  reader_->give_up({client::LinkEnd::How::ours, 0, reader_->not_kept(why)});
}

// The oldest message that waits has custody_timeout for its commit.
void BrokerReader::Arrivals::watch() {
  if (std::exchange(is_watching_, true)) return;
  timer_.expires_at(waiting_.front().since + reader_->options_.custody_timeout);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->reader_ == nullptr) return;
    self->is_watching_ = false;
    if (self->waiting_.empty()) return;
    const SteadyTime late = self->waiting_.front().since + self->reader_->options_.custody_timeout;
    if (late <= self->reader_->around_.clock.steady()) {
      return self->refuse(
          failure_of(Failure::Kind::unavailable, trouble<TroubleCode::store_late>()));
    }
    self->watch();
  });
}

void BrokerReader::Arrivals::end() {
  reader_ = nullptr;
  held_.reset();
  timer_.cancel();
}

}  // namespace watchpost::ingress
