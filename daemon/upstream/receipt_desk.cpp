#include "upstream/receipt_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "upstream/refusal.hpp"

namespace watchpost::upstream {

bool ReceiptDesk::is_wanted() const {
  return std::any_of(kEventClasses.begin(), kEventClasses.end(),
                     [this](EventClass each) { return basis_.by_receipt(each); });
}

void ReceiptDesk::subscribed(ReasonCode code, SteadyTime now) {
  if (!is_failure(code)) {
    life_.accepted(topic());
    if (trouble_ && trouble_->code == TroubleCode::receipts_forbidden) trouble_.reset();
    return;
  }
  life_.refused(topic(), byte_of(code), now);
  complain(trouble<TroubleCode::receipts_forbidden>(
      arg<"topic">(topic()),
      arg<"code">(fmt::format("0x{:02X}, {}", byte_of(code), refusal_of(code).meaning))));
}

void ReceiptDesk::message_arrived(const Arrived& message, const Tick& tick) {
  const std::string& name = basis_.options.name;
  if (message.topic != topic()) {
    basis_.log.debug("Upstream {} sent a message on {} that nobody asked for", name, message.topic);
    return;
  }
  const auto receipts = parse_receipts(message.payload);
  if (receipts.has_error()) {
    if (++basis_.counts.bad_receipts > 1) return;
    basis_.log.warning("Upstream {}: {}", name, receipts.error().sentence());
    return;
  }
  for (const Receipt& receipt : *receipts) hear(receipt, tick.now);
  watch_.heard(tick.now, tick.random);
}

void ReceiptDesk::hear(const Receipt& receipt, SteadyTime now) {
  if (!basis_.by_receipt(receipt.event_class)) return;
  ++basis_.counts.receipts;
  // The wish counts whatever the number is worth: what has no receipt is sent again.
  if (receipt.resend) {
    watch_.asked(receipt.event_class, now);
    const Seq confirmed = basis_.lane(receipt.event_class).cursor();
    offers_.lost_by_receiver(
        {.event_class = receipt.event_class, .has = receipt.sequence, .confirmed = confirmed}, now);
  }
  switch (basis_.lane(receipt.event_class).hear(receipt)) {
    case Confirmation::Belief::news:
    case Confirmation::Belief::known:
      return;
    case Confirmation::Belief::foreign:
      basis_.log.debug("Upstream {}: a receipt of epoch {}, which is not ours, is ignored",
                       basis_.options.name, receipt.epoch);
      return;
    case Confirmation::Belief::beyond:
      if (++basis_.counts.bad_receipts > 1) return;
      basis_.log.warning(
          "Upstream {}: its receiver confirms {} {} of this start of the gateway, which was never "
          "sent; that is ignored. The receiver counts wrongly: look at it",
          basis_.options.name, to_string(receipt.event_class), receipt.sequence.value);
      return;
    case Confirmation::Belief::more:
      return hear_of_more(receipt);
  }
}

// The log says it once; the trouble stands for as long as the program runs, since nothing here can
// show that somebody has dealt with it.
void ReceiptDesk::hear_of_more(const Receipt& receipt) {
  if (receipt.sequence <= more_) return;
  more_ = receipt.sequence;
  const bool is_news = !has_more_;
  has_more_ = trouble<TroubleCode::upstream_has_more>(
      arg<"upstream">(basis_.options.name), arg<"class">(receipt.event_class),
      arg<"there">(receipt.sequence.value),
      arg<"here">(basis_.lane(receipt.event_class).head_at_start().value),
      arg<"epoch">(receipt.epoch), arg<"gateway">(basis_.context.gateway.id()));
  if (is_news) watchpost::tell(basis_.log, *has_more_);
}

void ReceiptDesk::look(const Tick& tick) {
  if (!life_.stands()) return;
  Tick each = tick;
  bool any_again = false;
  for (const EventClass event_class : kEventClasses) {
    const auto due = watch_.due(event_class, tick.now);
    if (due == ReceiptWatch::Due::nothing) continue;
    watch_.passed(event_class, due, each);
    each.random >>= 8U;  // another wait for each class
    any_again = send_again(event_class, due) || any_again;
  }
  if (!any_again) return;
  basis_.log.info(
      "Upstream {}: its receiver may have missed events, so what it has not confirmed is sent "
      "again",
      basis_.options.name);
}

// True where something is sent again to a receiver that is there.
bool ReceiptDesk::send_again(EventClass event_class, ReceiptWatch::Due due) {
  Lane& lane = basis_.lane(event_class);
  if (due == ReceiptWatch::Due::again) {
    own_state_.outdate();  // perhaps the receiver waits for numbers that will never come
    if (!lane.has_unconfirmed() && lane.waiting() == 0) return false;
    lane.begin_again();
    return true;
  }
  if (event_class != EventClass::alarm) lane.limit_unconfirmed(kToSilentReceiver);
  lane.doubt_batches();  // perhaps the receiver cannot read them
  lane.begin_again();
  own_state_.outdate();
  complain(trouble<TroubleCode::receipts_silent>(arg<"topic">(topic())));
  return false;
}

void ReceiptDesk::delivered(EventClass event_class, bool has_moved, SteadyTime now) {
  if (!basis_.by_receipt(event_class)) return;
  if (has_moved) confirmed(event_class);
  watch_.look(event_class, basis_.lane(event_class).has_unconfirmed(), now);
}

void ReceiptDesk::confirmed(EventClass event_class) {
  Lane& lane = basis_.lane(event_class);
  watch_.confirmed(event_class);
  lane.limit_unconfirmed(Lane::kMostUnconfirmed);
  if (lane.take_stepped_aside()) own_state_.outdate();
  if (!trouble_ || watch_.any_silent()) return;
  trouble_.reset();
  basis_.log.info("Upstream {}: its receiver confirms again", basis_.options.name);
}

void ReceiptDesk::complain(Trouble trouble) {
  // Where no receipt may come, that is the cause of the silence, whichever was seen first.
  if (trouble_ &&
      (trouble_->code == trouble.code || trouble.code == TroubleCode::receipts_silent)) {
    return;
  }
  basis_.log.error("Upstream {}: {}", basis_.options.name, sentence_of(trouble, Language::english));
  trouble_ = std::move(trouble);
}

void ReceiptDesk::tell(UplinkStatus& status) const {
  status.has_more = has_more_;
  if (status.failure) return;
  status.failure = trouble_;
  status.receipts_missing = trouble_.has_value();
}

}  // namespace watchpost::upstream
