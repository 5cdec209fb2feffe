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
  status.failure = failure_.empty() ? read_failure_ : failure_;
  for (const std::string& refusal : refusal_failures_) {
    if (status.failure.empty()) status.failure = refusal;
  }
  for (const EventClass event_class : kEventClasses) {
    status.backlog[index_of(event_class)] = forwarder_.backlog(event_class);
  }
  status.in_flight = forwarder_.in_flight();
  status.published = published_;
  status.acknowledged = acknowledged_;
  status.refused = refusals_;
  if (!outstanding_.empty()) {
    status.oldest_unacknowledged = around_.clock.steady() - outstanding_.begin()->second;
  }
  return status;
}

}  // namespace watchpost::upstream
