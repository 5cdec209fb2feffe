#include "upstream/uplink.hpp"

namespace watchpost::upstream {

std::string_view to_string(UplinkState state) {
  switch (state) {
    case UplinkState::waiting:
      return "waiting";
    case UplinkState::connecting:
      return "connecting";
    case UplinkState::connected:
      return "connected";
    case UplinkState::stopping:
      return "stopping";
    case UplinkState::stopped:
      return "stopped";
  }
  return {};
}

UplinkStatus Uplink::status() const {
  UplinkStatus status;
  status.name = options_.name;
  status.required = options_.required;
  status.state = state_;
  status.since = since_;
  status.next_attempt = attempt_at_;
  status.failure = troubles_.first();
  if (const auto& reason = diagnosis_.reason(); reason && !troubles_.link.empty()) {
    status.link_cause = client::cause_of(*reason, options_.client_id);
    status.link_unsteady = state_ == UplinkState::connected;
  }
  status.receipts_missing = &troubles_.first() == &troubles_.receipts && !status.failure.empty();
  if (status.failure.empty()) status.failure = refusals_.sentence();
  for (const EventClass event_class : kEventClasses) {
    const std::size_t i = index_of(event_class);
    status.settled[i] = forwarder_.lane(event_class).cursor();
    status.backlog[i] = backlog(event_class);
    status.custody[i] = options_.forwarding.custody[i];
    status.unconfirmed[i] = forwarder_.lane(event_class).has_unconfirmed();
  }
  for (const std::string& why : refusals_.aside()) {
    if (status.set_aside_why.empty()) status.set_aside_why = why;
  }
  status.unheard = trouble_of_unheard();
  status.in_flight = forwarder_.in_flight();
  status.counts = counts_;
  if (const auto oldest = outstanding_.oldest()) {
    status.oldest_unacknowledged = around_.clock.steady() - *oldest;
  }
  return status;
}

// What is stored and not delivered. Past one that nobody heard all may be delivered already.
std::uint64_t Uplink::backlog(EventClass event_class) const {
  const Lane& lane = forwarder_.lane(event_class);
  if (by_receipt(event_class)) return around_.spool.stored_after(event_class, lane.cursor());
  return around_.spool.stored_after(event_class, lane.accepted()) + lane.unheard().count();
}

std::optional<Trouble> Uplink::trouble_of_unheard() const {
  if (!unheard_.since()) return std::nullopt;
  const auto age = around_.clock.steady() - *unheard_.since();
  return trouble<TroubleCode::upstream_nobody_listens>(
      arg<"upstream">(options_.name), arg<"by_class">(unheard_.counts()),
      arg<"age">(std::chrono::duration_cast<std::chrono::seconds>(age)),
      arg<"topics">(context_.gateway.topic_prefix() + "#"));
}

}  // namespace watchpost::upstream
